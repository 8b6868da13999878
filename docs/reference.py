"""The event reference, written from the models: what each type means, its fields, and an example.

`cog -r docs/events.md`, from the top of the repository, brings the page up to date.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shlex
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from cli.recording.examples import EXAMPLES
from events import companies, observations, scalars, terms, tranches, values
from events.base import Event, Family
from events.registry import TYPES
from events.statuses import STATUSES

__all__ = ["common_fields", "event_types", "examples", "groups", "metrics", "statuses"]

_CATALOGUE = Path(__file__).parents[1] / "events" / "catalogue"

# One event of each type that shows it well.
_SHOWN = (
    "company/nvidia",
    "party/broadcom-customer-4/2025-12-11",
    "amd-openai-2025/supply/2025-10-06",
    "amazon-openai-2026/equity/2026-02-27",
    "amd-openai-2025/warrant/2025-10-06",
    "valor-xai-2025/debt/2026-01-07",
    "google-cipher-2025/guarantee/2025-09-25",
    "nvidia-openai-2025/equity/2026-02-20",
    "softbank-openai-2025/equity/2025-12-31-3",
    "metric/oracle/rpo/2026-02-28/2026-03-10",
    "price/broadcom/2025-10-13/close",
)
# Types of which nothing has been announced yet, or that concern one ledger only.
_MADE_UP: tuple[dict[str, Any], ...] = (
    {
        "type": "capacity_delivered",
        "announced_on": "2026-11-03",
        "effective_on": "2026-10-30",
        "deal": "amd-openai-2025",
        "leg": "supply",
        "capacity_gw": "0.25",
    },
    {
        "type": "payment_made",
        "announced_on": "2026-11-03",
        "deal": "aws-openai-2025",
        "leg": "compute",
        "payer": "openai",
        "payee": "amazon",
        "amount": {"value": "1250000000", "currency": "USD", "qualifier": "about"},
    },
    {
        "type": "loan_repaid",
        "announced_on": "2026-11-03",
        "deal": "coreweave-debt-2025",
        "leg": "revolver",
        "amount": {"value": "450000000", "currency": "USD"},
    },
    {
        "type": "tranche_vested",
        "announced_on": "2026-11-03",
        "deal": "amd-openai-2025",
        "leg": "warrant",
        "tranche": "first",
        "shares": None,
    },
    {
        "type": "warrant_exercised",
        "announced_on": "2026-11-03",
        "deal": "amd-openai-2025",
        "leg": "warrant",
        "shares": 5000000,
    },
    {
        "type": "event_corrected",
        "announced_on": "2026-11-04",
        "corrects": "amd-openai-2025/supply/capacity-delivered/2026-11-03",
        "reason": "The page gave megawatts",
        "replacement": {
            "type": "capacity_delivered",
            "key": "amd-openai-2025/supply/capacity-delivered/2026-11-03",
            "announced_on": "2026-11-03",
            "deal": "amd-openai-2025",
            "leg": "supply",
            "capacity_gw": "0.2",
        },
    },
    {
        "type": "event_retracted",
        "announced_on": "2026-11-05",
        "corrects": "amd-openai-2025/supply/capacity-delivered/2026-11-03/corrected-2026-11-04",
        "reason": "The page was withdrawn",
    },
    {
        "type": "document_attached",
        "announced_on": "2026-11-04",
        "about": "amd-openai-2025/warrant/2025-10-06",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "media_type": "application/pdf",
        "bytes": 123456,
        "retrieved_at": "2026-11-04T09:30:00Z",
    },
)

# The forms of single values in plain words; compared with ==, since annotations need not be hashable.
_WORDS: tuple[tuple[object, str], ...] = (
    (scalars.Slug, "slug"),
    (scalars.Key, "key"),
    (scalars.LegRef, "`deal/leg`"),
    (scalars.Text, "text"),
    (scalars.CompanyRef, "company"),
    (scalars.DecimalText, "decimal string"),
    (scalars.NonNegative, "decimal string, not below zero"),
    (scalars.AmountText, "decimal string, not below zero"),
    (scalars.Gigawatts, "decimal string, 0 to 200"),
    (scalars.Fraction, "decimal string, 0 to 1"),
    (scalars.SignedFraction, "decimal string, -1 or more"),
    (scalars.ShareCount, "whole number"),
    (scalars.Day, "date"),
    (values.TermDay, "[day of a term](#what-the-forms-mean)"),
    (values.Ratio, "new:old, such as 5:1"),
    (scalars.ClockDate, "date"),
    (scalars.Instant, "instant with zone"),
    (scalars.Sha256, "64 hexadecimal digits"),
    (scalars.Currency, "ISO 4217 code"),
    (companies.Cik, "up to ten digits"),
    (companies.Lei, "20 letters and digits"),
    (companies.Ticker, "capital letters and digits"),
    (terms.Status, "[status](#the-ladder-of-statuses)"),
    (observations.MetricName, "[metric](#metrics)"),
    (dt.date, "date"),
    (bool, "true or false"),
    (int, "whole number"),
    (str, "text"),
)
_GROUPS: tuple[type[BaseModel], ...] = (
    values.Money,
    values.Source,
    values.DatePrecision,
    values.Contested,
    values.Condition,
    terms.ScheduleItem,
    tranches.MoneyTranche,
    tranches.ShareTranche,
    tranches.LoanTranche,
    terms.CapStep,
    terms.Lender,
    terms.Rate,
)
_SECTIONS: tuple[tuple[str, tuple[Family, ...]], ...] = (
    ("Companies", ("register", "party")),
    ("Terms: what was agreed", ("terms", "status")),
    ("Performance: what has happened on a leg", ("performance",)),
    ("Observations", ("observation",)),
    ("The ledger about itself", ("correction", "attachment")),
)


def common_fields() -> str:
    """Write the fields that every event has."""
    return _table(Event, ["type", *(name for name in Event.model_fields if name != "type")])


def event_types() -> str:
    """Write every type, in the order of the vocabulary."""
    shown = examples()
    parts = []
    for heading, families in _SECTIONS:
        parts.append(f"## {heading}\n")
        for name, cls in TYPES.items():
            if cls.FAMILY in families:
                parts.append(_event_type(name, cls, shown[name]))
    return "\n".join(parts)


def groups() -> str:
    """Write the groups of fields that stand inside events."""
    parts = [
        f"### {_title(model)}\n\n{model.__doc__}\n\n{_table(model, list(model.model_fields))}" for model in _GROUPS
    ]
    return "\n".join(parts)


def examples() -> dict[str, tuple[dict[str, Any], bool]]:
    """Return an example of each type, and whether it was really announced.

    A type for which none is chosen above shows the event that its worked command line records.
    """
    lines = [line for path in sorted(_CATALOGUE.rglob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    catalogue = {raw["key"]: raw for raw in map(json.loads, lines)}
    typed = {name: (typed_event(name), False) for name in EXAMPLES}
    real = {catalogue[key]["type"]: (catalogue[key], True) for key in _SHOWN}
    return typed | real | {raw["type"]: (raw, False) for raw in _MADE_UP}


def typed_event(name: str) -> dict[str, Any]:
    """Return the event that the worked command line of a type (`deals append …`) says, as plain values."""
    from cli.recording.by_flags import event_command
    from cli.recording.flags import texts_of
    from events.codec import parse
    from ledger.intake.texts import plain_values

    words = shlex.split(" ".join(EXAMPLES[name]))[3:]
    with event_command(name).make_context(name, words) as typed:
        texts, unread = texts_of(name, typed.params)
    raw, problems = plain_values(name, {"type": name, **texts})
    if problems or unread:
        raise ValueError(f"the example of {name} in cli/recording/examples.py: {problems or unread}")
    parse(raw)
    return raw


def _event_type(name: str, cls: type[Event], example: tuple[dict[str, Any], bool]) -> str:
    own = [field for field in cls.model_fields if field not in Event.model_fields]
    raw, real = example
    told = "From the catalogue:" if real else "Made up, for want of an announcement:"
    return (
        f"### `{name}`\n\n{cls.__doc__}\n\nSchema version {cls.SCHEMA_VERSION}.\n\n"
        f"{_table(cls, own)}\n{told}\n\n```yaml\n{_yaml(raw)}```\n"
    )


def _table(model: type[BaseModel], names: list[str]) -> str:
    hints = get_type_hints(model, include_extras=True)
    rows = ["| field | form | needed | meaning |", "|---|---|---|---|"]
    for name in names:
        field = model.model_fields[name]
        needed = "yes" if field.is_required() and name != "key" else ""
        rows.append(f"| `{field.alias or name}` | {_plain(hints[name])} | {needed} | {field.description} |")
    return "\n".join(rows) + "\n"


def _plain(annotation: Any) -> str:  # noqa: ANN401 - annotations are objects of many kinds
    """Say in plain words what an annotation allows."""
    words = next((words for known, words in _WORDS if annotation == known), None)
    inner = [item for item in get_args(annotation) if item is not NoneType]
    if words is None and get_origin(annotation) is Literal:
        words = ", ".join(f"`{item}`" for item in inner)
    if words is None and inner:
        # An optional value, a list, or a form of its own that the field describes.
        words = ("list: " if get_origin(annotation) is tuple else "") + _plain(inner[0])
    return words or _link(annotation)


def _link(model: type[BaseModel]) -> str:
    """Point to the section of a group of fields; a price is told as the money it is."""
    if issubclass(model, Event):
        return "a whole event"
    title = _title(values.Money if issubclass(model, values.Money) else model).lower()
    return f"[{title}](#{title.replace(' ', '-')})"


def _title(model: type[BaseModel]) -> str:
    """Write a class name as words: `DatePrecision` is "Date precision"."""
    return re.sub(r"(?<!^)([A-Z])", r" \1", model.__name__).capitalize()


def _yaml(raw: dict[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 1000  # one line a text
    yaml.representer.add_representer(
        NoneType, lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "null")
    )
    written = io.StringIO()
    yaml.dump(_dates(raw), written)
    return written.getvalue()


def _dates(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Turn dates into dates, which YAML writes without quotes, as people do."""
    if isinstance(value, dict):
        return {name: _dates(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_dates(item) for item in value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return dt.date.fromisoformat(value)
    return value


def statuses() -> str:
    """List the statuses in the order of the ladder."""
    return ", ".join(f"`{status}`" for status in STATUSES) + ".\n"


def metrics() -> str:
    """List the metrics with a standard name."""
    return ", ".join(f"`{metric}`" for metric in observations.METRICS) + ".\n"
