"""What every question shares: points for the macros, exact ratios, the freshness of what an answer rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from events.errors import NotFoundError, suggestion
from projections.clocks import Clocks
from projections.warehouse import Warehouse

__all__ = [
    "EVIDENCE",
    "Citation",
    "Rows",
    "by_point",
    "cite",
    "company_names",
    "points",
    "ratio",
    "resolve",
    "rounded",
    "total",
]

Rows = list[dict[str, Any]]

# Which macro gives the events behind legs: all of them at every point, or each at the first point only.
EVIDENCE = {False: "evidence", True: "evidence_first"}
# Ratios carry twelve significant digits: more than any input has.
_RATIO = Context(prec=12)


def points(clocks: Sequence[Clocks]) -> list[dict[str, object]]:
    """Give clock triples as the macros take them, numbered from 1."""
    return [triple.point(number) for number, triple in enumerate(clocks, 1)]


def by_point(rows: Rows, count: int) -> list[Rows]:
    """Deal rows that carry a `pt` out to their points, without it."""
    dealt: list[Rows] = [[] for _ in range(count)]
    for row in rows:
        dealt[row.pop("pt") - 1].append(row)
    return dealt


def ratio(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """Divide exactly to twelve significant digits; None where either side is unknown or the whole is not positive."""
    if part is None or whole is None or whole <= 0:
        return None
    return _RATIO.divide(Decimal(part), Decimal(whole))


def rounded(value: Decimal | None) -> Decimal | None:
    """Round a derived figure to twelve significant digits."""
    return None if value is None else _RATIO.plus(value)


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """Add up what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def company_names(warehouse: Warehouse, clocks: Clocks) -> dict[str, str]:
    """Map every name a company goes by, case folded, to its slug."""
    rows = warehouse.query(
        "SELECT company, name, ticker, aliases FROM company WHERE standing(seen_from, seen_to, $1) ORDER BY slot",
        [clocks.recorded_by],
    )
    names: dict[str, str] = {}
    for row in rows:
        for name in (row["company"], row["name"], row["ticker"], *(row["aliases"] or ())):
            if name:
                names.setdefault(name.casefold(), row["company"])
    return names


def resolve(warehouse: Warehouse, clocks: Clocks, name: str) -> str:
    """Give the slug of a company by slug, ticker, name or alias in any script; a stand-in's company once identified.

    Raises NotFoundError with the nearest known name.
    """
    names = company_names(warehouse, clocks)
    slug = names.get(name.casefold())
    if slug is None:
        raise NotFoundError(
            f"no company goes by {name!r} at this point of the log",
            advice=suggestion(name, names) or "list them with: deals companies",
        )
    found = warehouse.query("SELECT company FROM identified($1) WHERE placeholder = $2", [[clocks.point()], slug])
    return str(found[0]["company"]) if found else slug


def cite(warehouse: Warehouse, clocks: Sequence[Clocks], dealt: Sequence[Rows]) -> list[Citation]:
    """Replace each row's `positions` by `events`, the keys in the order of the log; say how fresh each answer is.

    Silence after the last announcement is not news: an as-of date beyond it gets a note that says so.
    """
    used = sorted({position for rows in dealt for row in rows for position in row["positions"]})
    entries = {
        row["position"]: row
        for row in warehouse.query(
            "SELECT position, key, announced_on FROM log WHERE position IN (SELECT unnest($1::INTEGER[]))", [used]
        )
    }
    citations = []
    for triple, rows in zip(clocks, dealt, strict=True):
        rested: dt.date | None = None
        for row in rows:
            cited = [entries[position] for position in row.pop("positions")]
            row["events"] = [entry["key"] for entry in cited]
            for entry in cited:
                if rested is None or entry["announced_on"] > rested:
                    rested = entry["announced_on"]
        citations.append(Citation(rested, _silence(warehouse, triple)))
    return citations


@dataclass(frozen=True, slots=True)
class Citation:
    """The latest announced date an answer rests on, and a note where the ledger ends before the as-of date."""

    latest_announced_on: dt.date | None
    notes: tuple[str, ...]


def _silence(warehouse: Warehouse, clocks: Clocks) -> tuple[str, ...]:
    last = warehouse.query(
        "SELECT max(announced_on) AS last FROM log WHERE position <= $1 AND announced_on <= $2 AND NOT hypothetical "
        "AND type NOT IN ('event_corrected', 'event_retracted', 'document_attached')",
        [clocks.recorded_by, clocks.known_by],
    )[0]["last"]
    if last is None or clocks.as_of <= last:
        return ()
    note = (
        f"The last announcement this ledger holds for these clocks is of {last}; what was announced after it, up to "
        f"{clocks.as_of}, is unknown, not quiet."
    )
    return (note,)
