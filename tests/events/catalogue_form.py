"""How a line of the catalogue is written, so that two people who record one fact write the same bytes.

Fields stand in the order of the vocabulary with what is common to all events last; what is left out means its default;
only what a source kept silent about is written out, as null.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from events.base import Event
from events.codec import as_raw, parse
from events.explain import model_in
from events.registry import TYPES

__all__ = ["CATALOGUE", "counts_table", "read_catalogue", "written_form"]

CATALOGUE = Path(__file__).parents[2] / "events" / "catalogue"

# Silence about these is a fact of its own: null, never 0 and never left out.
_SILENCES = {("PurchaseCommitted", "amount"), ("InvestmentCommitted", "amount"), ("LoanArranged", "amount")} | {
    ("GuaranteeGiven", "amount"),
    ("MoneyTranche", "amount"),
    ("Lender", "amount"),
    ("ShareTranche", "shares"),
}
_LAST = ("source", "confidence", "contested", "note")


def read_catalogue() -> Iterator[tuple[Path, int, str]]:
    """Yield every line with its file and number: companies first, then the announcements by file name."""
    for path in [CATALOGUE / "companies.jsonl", *sorted((CATALOGUE / "announcements").glob("*.jsonl"))]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield path, number, line


def written_form(event: Event) -> str:
    """Write an event as its line in the catalogue."""
    raw = as_raw(event)
    if parse({name: value for name, value in raw.items() if name != "effective_on"}).effective_on == event.effective_on:
        del raw["effective_on"]
    return json.dumps(_ordered(raw, type(event)), ensure_ascii=False)


def _ordered(raw: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    names = [(field.alias or name, field.annotation) for name, field in model.model_fields.items()]
    if issubclass(model, Event):
        names.sort(key=lambda item: _LAST.index(item[0]) if item[0] in _LAST else -1)
    else:
        names.sort(key=lambda item: item[0] == "conditions")
    written = {}
    for name, annotation in names:
        value = raw.get(name)
        if not (value is None or value is False or value == []) or (model.__name__, name) in _SILENCES:
            written[name] = _value(value, annotation)
    return written


def _value(value: Any, annotation: object) -> Any:  # noqa: ANN401 - any JSON value
    model = model_in(annotation)
    if model is None or value is None:
        return value
    if isinstance(value, list):
        return [_ordered(item, model) for item in value]
    # A rate of which only the source's words are known is written as these words.
    return value["text"] if model.__name__ == "Rate" and set(value) == {"text"} else _ordered(value, model)


def counts_table(events: Iterable[Event]) -> str:
    """Count the events by type and by the year they were announced in, as a table for the README."""
    counts = Counter((event.type, event.announced_on.year) for event in events)
    years = sorted({year for _, year in counts})
    rows = [["type", *map(str, years), "all"]]
    for name in TYPES:
        by_year = [counts[name, year] for year in years]
        if any(by_year):
            rows.append([f"`{name}`", *map(str, by_year), str(sum(by_year))])
    rows.append(["all", *(str(sum(counts[name, year] for name in TYPES)) for year in years), str(counts.total())])
    rule = ["---", *("---:" for _ in rows[0][1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in [rows[0], rule, *rows[1:]])
