"""Exposure: what each party would lose if another failed, with concentration and totals in each currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.kinds import Form, Keyed
from projections.queries.asked import Citation, Rows, by_point, cite, main_currency, points, rounded, total
from projections.queries.counted import keep_claims
from projections.queries.weighing import EXPECTED, add_expected
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SUMMARY", "exposure", "exposure_over"]

COLUMNS = (
    Column("exposed", "party"),
    Column("to", "text"),
    Column("kind", "word"),
    Column("currency", "text"),
    Column("headline", "money"),
    Column("binding", "money"),
    Column("performed", "money", optional=True),
    Column("remaining", "money", optional=True),
    Column("gross", "money"),
    Column("credit_equivalent", "money", optional=True),
    Column("undisclosed", "count"),
    Column("events", "list", optional=True),
)
_MONEY = ("headline", "binding", "performed", "remaining", "gross", "credit_equivalent")
_HANGS_ON: Form = {
    "hhi": "number",
    "hhi_max": "number",
    "hhi_band": "text",
    "effective_names": "number",
    "top_share": "share",
    "top_name": "text",
}
SUMMARY: Form = {
    "totals": Keyed({**dict.fromkeys((*_MONEY, "gross_covered_by_guarantees"), "money"), **_HANGS_ON}),
    "currency": "text",
    **_HANGS_ON,
    "undisclosed": "count",
    "latest_announced_on": "date",
}


def exposure(
    warehouse: Warehouse,
    clocks: Clocks,
    *,
    company: str | None = None,
    by: str = "pair",
    include_ended: bool = False,
    weights: Mapping[str, Decimal] | None = None,
) -> Result:
    """Say who would lose what if whom failed. Amounts in units of each row's currency.

    `company` (a slug) keeps the rows it is a side of; `by` is `pair`, `company` or `kind`. `weights` (0 to 1 by status,
    the user's own) add the column `expected`: what was announced, weighted. Raises BadValueError for a bad weight.
    """
    return exposure_over(warehouse, [clocks], company=company, by=by, include_ended=include_ended, weights=weights)[0]


def exposure_over(
    warehouse: Warehouse,
    clocks: Sequence[Clocks],
    *,
    company: str | None = None,
    by: str = "pair",
    include_ended: bool = False,
    new_events: bool = False,
    weights: Mapping[str, Decimal] | None = None,
) -> list[Result]:
    """Answer `exposure` at many clock triples in one pass; `new_events` cites each event at the first one only."""
    count = len(clocks)
    at = points(clocks)
    keep_claims(warehouse, at, about=company, with_ended=include_ended)
    if new_events:
        warehouse.keep("proof", "SELECT min(pt) AS pt, deal, leg, position FROM proof GROUP BY deal, leg, position")
    warehouse.keep("exposures", "SELECT * FROM exposure_shown('claims_at', $1, $2)", [company, include_ended])
    select = "SELECT * FROM exposure_rows('exposures', 'proof', $1)"
    rows = by_point(warehouse.query(select, [by]), count)
    pairs = rows if by == "pair" else by_point(warehouse.query(select, ["pair"]), count)
    totals = by_point(
        warehouse.query("SELECT * FROM exposure_totals('exposures') ORDER BY pt, currency NULLS LAST"), count
    )
    if weights is not None:
        parts = by_point(warehouse.query("SELECT * FROM exposure_by_status('exposures', $1)", [by]), count)
        for i in range(count):
            add_expected(rows[i], parts[i], ("exposed", "to", "kind", "currency"), weights)
    cited = cite(warehouse, clocks, rows)
    return [
        _result(clocks[i], rows=rows[i], pairs=pairs[i], totals=totals[i], company=company, cited=cited[i])
        for i in range(count)
    ]


def _result(clocks: Clocks, *, rows: Rows, pairs: Rows, totals: Rows, company: str | None, cited: Citation) -> Result:
    by_currency: dict[str, Any] = {}
    for row in totals:
        currency = row["currency"]
        if currency is not None:
            figures = {name: row[name] for name in (*_MONEY, "gross_covered_by_guarantees")}
            by_currency[currency] = {**figures, **_concentration(pairs, currency, company)}
    main = main_currency(by_currency)
    undisclosed = sum(row["undisclosed"] for row in totals)
    summary = {
        "totals": by_currency,
        "currency": main,
        **{name: by_currency[main][name] if main else None for name in ("hhi", "hhi_max", "hhi_band", "top_share")},
        "undisclosed": undisclosed,
        "latest_announced_on": cited.latest_announced_on,
    }
    notes = cited.notes
    if undisclosed:
        notes = (f"{undisclosed} amounts are not disclosed; they are counted in `undisclosed` and never as 0.", *notes)
    columns = (*COLUMNS[:-1], EXPECTED, COLUMNS[-1]) if rows and "expected" in rows[0] else COLUMNS
    return Result("exposure", clocks, columns, rows, summary, notes, SUMMARY)


def _concentration(pairs: Rows, currency: str, company: str | None) -> dict[str, Any]:
    """Measure how much of the gross exposure hangs on few names; an unnamed lender's part gives bounds."""
    from projections.measures import concentration_band, effective_names, herfindahl_bounds, top_share

    held: dict[str | None, Decimal] = defaultdict(Decimal)
    for row in pairs:
        if row["currency"] == currency and row["gross"]:
            other = row["exposed"] if company is not None and row["to"] == company else row["to"]
            held[other] += row["gross"]
    unknown = held.pop(None, Decimal(0))
    whole = total([*held.values(), unknown])
    if not whole:
        return dict.fromkeys(("hhi", "hhi_max", "hhi_band", "effective_names", "top_share", "top_name"))
    bounds = herfindahl_bounds(list(held.values()), whole=whole)
    low, high = (bounds.low, bounds.high) if bounds else (None, None)
    top = max(held, key=lambda name: (held[name], name), default=None) if held else None
    return {
        "hhi": rounded(low),
        "hhi_max": rounded(high),
        "hhi_band": concentration_band(low) if low is not None else None,
        "effective_names": rounded(effective_names(low)),
        "top_share": rounded(top_share(list(held.values()), 1, whole=whole)) if top else None,
        "top_name": top,
    }
