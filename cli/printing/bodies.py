"""A recorded event as lines to read: its clocks, what it says field by field, its source, its doubts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cli.printing.cells import in_words, number
from cli.printing.width import left, text_width, wrapped

if TYPE_CHECKING:
    from events.envelope import Recorded

__all__ = [
    "event_lines",
    "field_lines",
    "gist",
    "labelled",
    "money_text",
    "reading_lines",
    "source_text",
    "value_text",
]

# What every event has is shown in its own place, not among the fields.
_COMMON = frozenset(
    {"type", "key", "announced_on", "effective_on", "date_precision", "announced_time", "source", "confidence"}
    | {"contested", "note", "replacement", "replacement_schema_version"}
)
_GIST = {
    "status": "{}",
    "amount": "{}",
    "firm": "firm {}",
    "shares_max": "{} shares",
    "shares": "{} shares",
    "capacity_gw": "{} GW",
    "metric": "{}",
    "metric_name": "{}",
    "value": "{}",
    "unit": "{}",
    "return": "return {}",
    "corrects": "{}",
}
# What names a group of fields stands before the rest of it.
_NAMING = ("tranche", "company", "kind", "from")


def money_text(raw: dict[str, Any]) -> str:
    """Write a stored amount as it was said: `up to 100,000,000,000 USD`."""
    qualifier = raw.get("qualifier", "exactly")
    said = "" if qualifier == "exactly" else qualifier.replace("_", " ") + " "
    return f"{said}{number(Decimal(raw['value']))} {raw['currency']}"


def value_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write a JSON value on one line."""
    if isinstance(value, list):
        return "; ".join(value_text(item) for item in value)
    if isinstance(value, dict):
        if value.keys() >= {"value", "currency"}:
            return money_text(value)
        names = sorted(value, key=lambda name: (name not in _NAMING, name))
        return ", ".join(f"{name.replace('_', ' ')} {value_text(value[name])}" for name in names)
    return in_words(value)


def field_lines(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what an event of its own kind says, as `(label, text)`; lists of groups one line each."""
    for name, value in raw.items():
        if name in _COMMON or value == []:
            continue
        label = name.replace("_", " ")
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for i, item in enumerate(value):
                yield (label if i == 0 else "", value_text(item))
        else:
            yield label, value_text(value)


def source_text(raw: dict[str, Any]) -> str:
    """Write a source as a reader cites it."""
    source = raw.get("source") or {}
    parts = [source.get(name) for name in ("kind", "publisher", "title", "published_on", "locator", "url")]
    said = " · ".join(part for part in parts if part) or "none given"
    return said + (f" · sha256 {source['sha256']}" if source.get("sha256") else "")


def gist(raw: dict[str, Any]) -> str:
    """Say in a few words what an event states."""
    said = [str(raw["type"]).replace("_", " ")]
    for name, form in _GIST.items():
        value = raw.get(name)
        if value is not None:
            text = value_text(value)
            said.append(form.format(text.replace("_", " ") if name in {"status", "metric"} else text))
    return ", ".join(said)


def event_lines(recorded: Recorded) -> Iterator[tuple[str, str]]:
    """Yield everything that is stored of an event, as `(label, text)`."""
    raw = recorded.raw
    yield from _dates(raw)
    yield "recorded", f"{recorded.recorded_at} by {recorded.recorder}, position {recorded.position}"
    yield "type", f"{raw['type']} (schema version {recorded.schema_version})"
    yield from _body(raw)


def reading_lines(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield everything that an event says in one of its readings, as `(label, text)`."""
    yield from _dates(raw)
    yield "type", str(raw["type"])
    yield from _body(raw)


def _dates(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    precision = raw.get("date_precision") or {}
    for name in ("effective_on", "announced_on"):
        exact = f" (exact to the {precision[name]})" if precision.get(name) else ""
        yield name.replace("_", " "), f"{raw[name]}{exact}"
    if raw.get("announced_time"):
        yield "announced time", str(raw["announced_time"])


def _body(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from field_lines(raw)
    if "replacement" in raw:
        for label, text in field_lines(raw["replacement"]):
            yield f"→ {label}" if label else "", text
    yield "source", source_text(raw.get("replacement", raw))
    if raw.get("confidence"):
        yield "confidence", str(raw["confidence"])
    for doubt in raw.get("contested", ()):
        by = " · ".join(str(doubt[name]) for name in ("publisher", "url") if doubt.get(name))
        yield "contested", doubt["value"] + (f" ({by})" if by else "")
    if raw.get("note"):
        yield "note", str(raw["note"])


def labelled(entries: list[tuple[str, str]], width: int, *, indent: int = 2) -> list[str]:
    """Lay `(label, text)` out in two columns; identifiers are never broken."""
    label_width = max((text_width(label) for label, _ in entries), default=0) + 2
    lines = []
    for label, text in entries:
        for i, part in enumerate(wrapped(text, max(width - indent - label_width, 20))):
            lines.append((" " * indent + left("" if i else label, label_width) + part).rstrip())
    return lines
