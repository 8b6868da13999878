"""Demand beside commitments: indicators brought to 100 on the day of a deal, and the line they would have to follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.kinds import Form, Listed
from projections.queries.asked import Citation, Rows, by_point, cite, known_deal, points, unseen
from projections.queries.commitments.commitments import commitments_over
from projections.queries.counted import keep_rest, share_legs
from projections.queries.demand.series import INDICATORS, Base, realised, series_rows
from projections.queries.revenue import REVENUE
from projections.result import Column, Result, plain
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SUMMARY", "demand", "demand_over"]

COLUMNS = (
    Column("subject", "text"),
    Column("metric", "text"),
    Column("observed_on", "date"),
    Column("value", "number"),
    Column("unit", "text"),
    Column("index", "number"),
    Column("base_on", "date"),
    Column("base_is_later", "flag", optional=True),
    Column("required_index", "number"),
    Column("basis", "text"),
    Column("period", "text"),
    Column("events", "list", optional=True),
)
_Notes = tuple[str, ...]
_GROWN: Form = {
    **dict.fromkeys(("subject", "metric", "unit", "basis", "period"), "text"),
    "observations": "count",
    "from": "date",
    "to": "date",
    "multiple": "multiple",
    "growth_a_year": "share",
    "growth_a_month": "share",
}
SUMMARY: Form = {
    "deal": "text",
    "base_on": "date",
    "buyer": "text",
    "implied_growth": "share",
    "required_revenue": "money",
    "required_in": "year",
    "revenue": REVENUE,
    "series": Listed(_GROWN),
    "latest_announced_on": "date",
}

_SELECT = "SELECT * FROM metrics_in_effect($1) WHERE list_contains($2, metric) AND basis <> 'guidance'"
_DEALS = """
SELECT h.pt, h.deal, h.announced_on, s.type, s.first_party, s.second_party, s.headline, s.ended
FROM (SELECT pt, deal, min(announced_on) AS announced_on FROM status_history($1) GROUP BY pt, deal) AS h
INNER JOIN legs_told_rest AS s ON h.pt = s.pt AND h.deal = s.deal
ORDER BY h.pt, h.deal, s.leg
"""


def demand(
    warehouse: Warehouse,
    clocks: Clocks,
    *,
    company: str | None = None,
    deal: str | None = None,
    years: int | None = None,
    compute_share: Decimal | None = None,
) -> Result:
    """Lay indicators of demand beside the growth that commitments require; see `demand_over`."""
    return demand_over(warehouse, [clocks], company=company, deal=deal, years=years, compute_share=compute_share)[0]


def demand_over(
    warehouse: Warehouse,
    clocks: Sequence[Clocks],
    *,
    company: str | None = None,
    deal: str | None = None,
    years: int | None = None,
    compute_share: Decimal | None = None,
) -> list[Result]:
    """Answer `demand` at many clock triples in one pass.

    Each series (one subject, metric, unit, basis and length of period) is 100 at its latest observation on or before the
    announced date of `deal` (else of the company's largest purchase), else at the first after it, flagged. `company` (a
    slug) keeps its own series and those of markets; a deal alone keeps those of its parties. `years` and `compute_share`
    are those of `commitments`. Raises NotFoundError for a deal that no event is about.
    """
    known_deal(warehouse, deal)
    at, count = points(clocks), len(clocks)
    observed = by_point(warehouse.query(_SELECT, [at, list(INDICATORS)]), count)
    share_legs(warehouse, at)
    keep_rest(warehouse, "legs_told", "true", by_deal=True)
    known = by_point(warehouse.query(_DEALS, [at]), count)
    bases = [_base(rows, company, deal) for rows in known]
    absent = unseen(warehouse, [clocks[i] for i, base in enumerate(bases) if not base.day], deal)
    lines: dict[str, list[Result]] = {
        buyer: commitments_over(warehouse, clocks, company=buyer, years=years, compute_share=compute_share)
        for buyer in {base.buyer for base in bases if base.buyer}
    }
    growths = [_growth(base, lines, i) for i, base in enumerate(bases)]
    rows = [list(series_rows(_kept(observed[i], company, bases[i]), bases[i], growths[i])) for i in range(count)]
    cited = cite(warehouse, clocks, rows)
    return [
        _result(clocks[i], rows[i], bases[i], lines[bases[i].buyer][i] if bases[i].buyer else None, (cited[i], absent))  # type: ignore[index]  # a buyer was just seen
        for i in range(count)
    ]


def _base(deals: Rows, company: str | None, deal: str | None) -> Base:
    """Settle the deal to start from: the one asked for, else the one in which the company buys most."""
    if deal is None:
        bought = [
            row for row in deals
            if row["type"] == "purchase_committed" and row["first_party"] == company and not row["ended"]
        ]  # fmt: skip
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for row in bought:
            sums[row["deal"]] += row["headline"] or 0
        if not sums:
            return Base(buyer=None)
        deal = max(sorted(sums), key=sums.__getitem__)
    mine = [row for row in deals if row["deal"] == deal]
    if not mine:
        return Base(deal=deal)
    buyers = [row["first_party"] for row in mine if row["type"] == "purchase_committed"]
    buyer = company if company in buyers or not buyers else buyers[0]
    parties = frozenset(name for row in mine for name in (row["first_party"], row["second_party"]) if name)
    return Base(deal, mine[0]["announced_on"], buyer, parties)


def _growth(base: Base, lines: dict[str, list[Result]], place: int) -> Decimal | None:
    if base.buyer is None:
        return None
    growth: Decimal | None = lines[base.buyer][place].summary["burden"]["implied_growth"]
    return growth


def _kept(observed: Rows, company: str | None, base: Base) -> Rows:
    """Keep the company's own series, or those of the deal's parties, and always those of markets; none of a deal unseen."""
    if base.deal and not base.day:  # it is not to be seen
        return []
    if company is not None:
        return [row for row in observed if row["company"] in {company, None}]
    if base.parties:
        return [row for row in observed if row["company"] is None or row["company"] in base.parties]
    return observed


def _result(clocks: Clocks, rows: Rows, base: Base, committed: Result | None, told: tuple[Citation, _Notes]) -> Result:
    cited, absent = told
    carried = committed.summary["burden"] if committed else {}
    growth = carried.get("implied_growth")
    summary: dict[str, Any] = {
        "deal": base.deal,
        "base_on": base.day,
        "buyer": base.buyer,
        "implied_growth": growth,
        "required_revenue": carried.get("required_revenue"),
        "required_in": carried.get("required_in"),
        "revenue": committed.summary["revenue"] if committed else None,
        "series": realised(rows),
        "latest_announced_on": cited.latest_announced_on,
    }
    for row in rows:
        del row["begins_on"]
    if base.deal and not base.day:
        return Result("demand", clocks, COLUMNS, rows, summary, (*absent, *cited.notes), SUMMARY)
    notes = []
    if base.day is not None:
        notes.append(f"100 is the latest observation up to {base.day}, when {base.deal} was announced; "
                     "where there is none, the first after it (base_is_later).")  # fmt: skip
    else:
        notes.append(
            "No deal is given, and no purchase of the company is seen: each series is 100 at its first observation."
        )
    notes.append("A series is one subject, unit, basis and length of period; unlike ones are never joined. "
                 "Guidance is a hope and left out.")  # fmt: skip
    if any(row["metric"] == "tokens_per_month" for row in rows):
        notes.append("Tokens are volume, not revenue: their price falls while their number grows.")
    notes += _line_notes(base, committed, growth, plain(summary["required_revenue"]), summary["required_in"])
    return Result("demand", clocks, COLUMNS, rows, summary, (*notes, *cited.notes), SUMMARY)


def _line_notes(
    base: Base, committed: Result | None, growth: Decimal | None, required: str | None, year: int | None
) -> Iterator[str]:
    """Say where the required line comes from, or what it lacks."""
    if committed is None:
        yield "The required line is not computable: needs a company that buys."
    elif growth is None:
        why = [note for note in committed.notes if "not computable" in note]
        yield f"The required line of {base.buyer} is not computable. {' '.join(why)}".rstrip()
    else:
        yield (
            f"Required: {base.buyer} needs revenue of {required} in {year}, its year of greatest dues, which is growth of "
            f"{plain(growth)} a year from the revenue chosen; see deals commitments {base.buyer}."
        )
