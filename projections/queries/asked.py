"""What every question shares: points for the macros, exact ratios, the freshness of what an answer rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from events.errors import not_found
from events.names import directory, folded
from projections.clocks import FOREVER, LATEST, Clocks
from projections.warehouse import Warehouse

__all__ = [
    "USUAL_CURRENCY",
    "Citation",
    "Rows",
    "by_point",
    "cite",
    "known_deal",
    "known_layer",
    "known_leg",
    "main_currency",
    "points",
    "ratio",
    "resolve",
    "rests_on",
    "rounded",
    "total",
    "unregistered",
    "unseen",
]

Rows = list[dict[str, Any]]

# The currency of most announcements: what is asked in no other is in it.
USUAL_CURRENCY = "USD"
# Ratios carry twelve significant digits: more than any input has.
_RATIO = Context(prec=12)


def points(clocks: Sequence[Clocks]) -> list[dict[str, object]]:
    """Return clock triples as the macros take them, numbered from 1."""
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


def main_currency(codes: Iterable[str | None]) -> str | None:
    """Choose the currency in which an answer is summed up: the usual one where anything is in it, else the first by name.

    None where no currency is known. Currencies are never added; the others stand apart.
    """
    known = {code for code in codes if code is not None}
    return USUAL_CURRENCY if USUAL_CURRENCY in known else min(known, default=None)


def rests_on(rows: Iterable[Mapping[str, Any]]) -> set[int]:
    """Return the log positions that readings of events rest on: of the event itself, and of the entry that was read for it."""
    return {position for row in rows for position in (row["slot"], row["read_at"])}


def resolve(warehouse: Warehouse, clocks: Clocks, name: str) -> str:
    """Return the slug of a company by slug, ticker, name or alias in any script; a stand-in's company once identified.

    A company that is registered only later than the clocks is found too: the answer about it is empty, and not an error.
    Raises NotFoundError with the nearest known name.
    """
    wanted = folded(name)
    known = _names(warehouse, clocks.recorded_by)
    slug = known.get(wanted) or _names(warehouse, LATEST).get(wanted)
    if slug is None:
        raise not_found("no company goes by", name, known, otherwise="list them with: deals companies")
    found = warehouse.query("SELECT company FROM identified($1) WHERE placeholder = $2", [[clocks.point()], slug])
    return str(found[0]["company"]) if found else slug


def _names(warehouse: Warehouse, recorded_by: int) -> dict[str, str]:
    """Map every name a company goes by at a position of the log, folded, to its slug."""
    rows = warehouse.query(
        "SELECT company, name, ticker, aliases FROM company WHERE standing(seen_from, seen_to, $1) ORDER BY slot",
        [recorded_by],
    )
    return directory(
        (row["company"], [name for name in (row["name"], row["ticker"], *(row["aliases"] or ())) if name])
        for row in rows
    )


def known_deal(warehouse: Warehouse, deal: str | None) -> str | None:
    """Return a deal as it is where some event of the log is about it, None where none is asked for.

    Raises NotFoundError with the nearest deal.
    """
    if deal is None or warehouse.query("SELECT 1 FROM deals_told() WHERE deal = $1 LIMIT 1", [deal]):
        return deal
    known = [row["deal"] for row in warehouse.query("SELECT DISTINCT deal FROM deals_told() ORDER BY deal")]
    raise not_found("no deal is called", deal, known, otherwise="list them with: deals legs --include-ended")


def known_leg(warehouse: Warehouse, leg_ref: str) -> str:
    """Return a leg (`deal/leg`) as it is where some event of the log is about it.

    Raises NotFoundError with the nearest leg of its deal, or else the nearest deal.
    """
    deal = leg_ref.partition("/")[0]
    known_deal(warehouse, deal)
    legs = [
        f"{deal}/{row['leg']}"
        for row in warehouse.query("SELECT DISTINCT leg FROM terms WHERE deal = $1 ORDER BY leg", [deal])
    ]
    if leg_ref in legs:
        return leg_ref
    raise not_found("no leg is called", leg_ref, legs, otherwise=f"legs of {deal}: {', '.join(legs) or 'none'}")


def known_layer(warehouse: Warehouse, layer: str) -> str:
    """Return a layer of the stack as it is where some company is in it. Raises NotFoundError with the nearest one."""
    layers = [
        row["layer"]
        for row in warehouse.query("SELECT DISTINCT coalesce(layer_name, layer) AS layer FROM company ORDER BY layer")
    ]
    if layer in {*layers, "other"}:  # where companies that are not registered are counted
        return layer
    raise not_found("no company is in a layer called", layer, layers, otherwise=f"layers: {', '.join(layers)}")


def unseen(warehouse: Warehouse, clocks: Sequence[Clocks], deal: str | None, leg: str | None = None) -> tuple[str, ...]:
    """Say from when a deal, or one leg of it, is to be seen, where no terms of it are at any of the clocks."""
    if deal is None:
        return ()
    seen = "SELECT 1 FROM terms_in_effect($1) WHERE deal = $2 AND coalesce($3, leg) = leg LIMIT 1"
    if warehouse.query(seen, [points(clocks), deal, leg]):
        return ()
    about = f"{deal}/{leg}" if leg else deal
    told = warehouse.query(
        f"SELECT announced_on, effective_on, read_at, seen_to = {FOREVER} AS stands FROM terms "  # noqa: S608 - a constant
        "WHERE deal = $1 AND coalesce($2, leg) = leg "
        "ORDER BY stands DESC, greatest(announced_on, effective_on), read_at LIMIT 1",
        [deal, leg],
    )
    if not told:
        return (f"The ledger holds no terms of {about}.",)
    first = told[0]
    gone = "" if first["stands"] else ", and were taken back since"
    note = (
        f"Nothing of {about} is to be seen at these clocks: its first terms were announced on {first['announced_on']}, hold "
        f"from {first['effective_on']} and are number {first['read_at']} of the log{gone}."
    )
    return (note,)


def unregistered(warehouse: Warehouse, clocks: Clocks, company: str) -> tuple[str, ...]:
    """Say from when a company (a slug) is registered, where it is not yet at the clocks."""
    first = warehouse.query("SELECT min(seen_from) AS first FROM company WHERE company = $1", [company])[0]["first"]
    if first is None or first <= clocks.recorded_by:
        return ()
    return (f"{company} is registered only from number {first} of the log on, which is later than these clocks.",)


def _entries(warehouse: Warehouse, positions: Iterable[int]) -> dict[int, dict[str, Any]]:
    sql = "SELECT position, key, announced_on FROM log WHERE position IN (SELECT unnest($1::INTEGER[]))"
    return {row["position"]: row for row in warehouse.query(sql, [sorted(positions)])}


def cite(warehouse: Warehouse, clocks: Sequence[Clocks], dealt: Sequence[Rows]) -> list[Citation]:
    """Replace each row's `positions` by `events`, the keys in the order of the log; say how fresh each answer is.

    Silence after the last announcement is not news: an as-of date beyond it gets a note that says so.
    """
    entries = _entries(warehouse, {position for rows in dealt for row in rows for position in row["positions"]})
    citations = []
    for rows, silence in zip(dealt, _silences(warehouse, clocks), strict=True):
        rested: dt.date | None = None
        for row in rows:
            cited = [entries[position] for position in row.pop("positions")]
            row["events"] = [entry["key"] for entry in cited]
            for entry in cited:
                if rested is None or entry["announced_on"] > rested:
                    rested = entry["announced_on"]
        citations.append(Citation(rested, silence))
    return citations


@dataclass(frozen=True, slots=True)
class Citation:
    """The latest announced date an answer rests on, and a note where the ledger ends before the as-of date."""

    latest_announced_on: dt.date | None
    notes: tuple[str, ...]


def _silences(warehouse: Warehouse, clocks: Sequence[Clocks]) -> list[tuple[str, ...]]:
    last_heard = warehouse.query(
        "SELECT c.pt, max(l.announced_on) AS last FROM clock($1) AS c LEFT JOIN log AS l "
        "ON public(l.announced_on, l.position, latest() + 1, c) AND NOT l.hypothetical AND l.type NOT IN ('event_corrected', 'event_retracted', 'document_attached') GROUP BY c.pt ORDER BY c.pt",
        [points(clocks)],
    )
    return [_silence(triple, row["last"]) for triple, row in zip(clocks, last_heard, strict=True)]


def _silence(clocks: Clocks, last: dt.date | None) -> tuple[str, ...]:
    if last is None or clocks.as_of <= last:
        return ()
    note = (
        f"The last announcement this ledger holds for these clocks is of {last}; what was announced after it, up to "
        f"{clocks.as_of}, is unknown, not quiet."
    )
    return (note,)
