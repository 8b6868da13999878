"""What would change in the measures if events were recorded: the comparison that `--dry-run` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cli.asking.what_if import leaves_of
from cli.input.dates import today
from cli.printing.cells import UNDISCLOSED, alone, with_shapes
from ledger.reader import LedgerReader
from projections.kinds import inner

if TYPE_CHECKING:
    from events.base import Event
    from projections.kinds import Form, Kind, Shape
    from projections.result import Result

__all__ = ["changes"]

# Of these an absent figure is one that cannot be computed; of all others it is not disclosed.
_NOT_MEANINGFUL = frozenset({"multiple", "share"})
_FIGURES_SHOWN = frozenset(
    {"multiple_headline", "multiple_binding", "multiple_stated", "shares_outstanding", "revenue"}
)


def changes(db: str, events: Sequence[Event]) -> list[str]:
    """Say which rows of exposure, commitments and dilution would change, before → after.

    The day is today, or the latest of the events' own where one lies ahead.
    """
    from projections.clocks import Clocks
    from projections.queries.over_time.diff import diff
    from projections.queries.registry import measure
    from projections.warehouse import Warehouse

    with LedgerReader(db) as reader:
        size = reader.head().size
        companies = sorted(_companies(reader, events))
        fresh = list(enumerate(leaves_of(events), size + 1))
        feed = (batch for batches in (reader.feed(upto=size), [fresh] if fresh else []) for batch in batches)
        with Warehouse.in_memory(feed) as warehouse:
            day = max([today(), *(event.effective_on for event in events)])
            known_by = max([day, *(event.announced_on for event in events)])
            before, after = (Clocks(day, known_by, position) for position in (size, size + len(fresh)))
            lines = list(_lines(diff(warehouse, measure("exposure"), before, after)))
            for company in companies:
                lines += _lines(diff(warehouse, measure("commitments"), before, after, company=company))
                lines += _lines(diff(warehouse, measure("dilution"), before, after, issuer=company))
    return list(dict.fromkeys(lines))


def _companies(reader: LedgerReader, events: Sequence[Event]) -> set[str]:
    """Return the companies that events name, or that the deals they are about name."""
    named = {company for event in events for company in event.companies().values()}
    for deal in {event.__dict__.get("deal") for event in events} - {None}:
        named.update(company for entry in reader.entries(deal=deal) for company in entry.companies)
    return {company for company in named if reader.company(company)}


def _lines(result: Result) -> Iterator[str]:
    from projections.queries.registry import measure

    what = measure(result.summary["measure"])
    form = next(column.form for column in result.columns if column.name == "after")
    for row in result.rows:
        name = " · ".join(str(row[key]) for key in what.keys if row[key] is not None)
        yield f"{what.name}  {name}: {_change(row, what.values, form)}"
    for figure, shape in with_shapes(result.summary["totals"], result.form["totals"]):
        if figure["figure"] in _FIGURES_SHOWN:
            said = (
                f"{_text(figure['before'], inner(shape, 'before'))} → {_text(figure['after'], inner(shape, 'after'))}"
            )
            yield f"{what.name}  {figure['figure'].replace('_', ' ')} {said}"


def _change(row: dict[str, Any], values: Sequence[str], form: Form) -> str:
    before, after = row["before"], row["after"]
    if before is not None and after is not None:
        return "; ".join(
            f"{_label(name)} {_text(before.get(name), form[name])} → {_text(after.get(name), form[name])}"
            for name in row["changed"]
        )
    shown = after if after is not None else before
    said = "; ".join(f"{_label(name)} {_text(shown[name], form[name])}" for name in values if shown[name] is not None)
    return f"{row['change']}: {said}"


def _label(name: str) -> str:
    """Return what a figure is called where it stands alone, without the heads of a table."""
    return "number of undisclosed amounts" if name == "undisclosed" else name.replace("_", " ")


def _text(value: Any, shape: Shape | None) -> str:  # noqa: ANN401 - any value of a row or summary
    """Write one figure; of a cited one its value."""
    if isinstance(value, dict):
        return _text(value.get("value"), inner(shape, "value"))
    kind: Kind = shape if isinstance(shape, str) else "text"
    return UNDISCLOSED if value is None and kind not in _NOT_MEANINGFUL else alone(value, kind)
