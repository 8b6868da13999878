"""Demand beside commitments: indicators brought to 100 on the day of a deal, and the line they would have to follow."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.kinds import Form, Listed
from projections.queries.asked import (
    Citation,
    Rows,
    by_point,
    cite,
    known_deal,
    points,
    ratio,
    rests_on,
    rounded,
    unseen,
)
from projections.queries.commitments.commitments import commitments_over
from projections.queries.revenue import REVENUE
from projections.result import Column, Result, plain
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "INDICATORS", "SUMMARY", "demand", "demand_over"]

# What is measured of demand, in the order of the answer; other metrics say nothing of it.
INDICATORS = (
    "tokens_per_month",
    "weekly_users",
    "paying_users",
    "revenue",
    "gross_margin",
    "gpu_hour_price",
    "gpu_utilisation",
    "capex",
)
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
_DAYS_A_YEAR = Decimal("365.25")
_PERIODS = (("month", 28, 31), ("quarter", 80, 100), ("year", 350, 380))

_SELECT = "SELECT * FROM metrics_in_effect($1) WHERE list_contains($2, metric) AND basis <> 'guidance'"
_DEALS = """
SELECT h.pt, h.deal, h.announced_on, s.type, s.first_party, s.second_party, s.headline, s.ended
FROM (SELECT pt, deal, min(announced_on) AS announced_on FROM status_history($1) GROUP BY pt, deal) AS h
INNER JOIN leg_state($1) AS s ON h.pt = s.pt AND h.deal = s.deal
ORDER BY h.pt, h.deal, s.leg
"""


@dataclass(frozen=True, slots=True)
class _Base:
    """The deal that indices start from and whose buyer's commitments give the line: all None where there is none."""

    deal: str | None = None
    day: dt.date | None = None
    buyer: str | None = None
    parties: frozenset[str] = field(default_factory=frozenset)


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
    known = by_point(warehouse.query(_DEALS, [at]), count)
    bases = [_base(rows, company, deal) for rows in known]
    absent = unseen(warehouse, [clocks[i] for i, base in enumerate(bases) if not base.day], deal)
    lines: dict[str, list[Result]] = {
        buyer: commitments_over(warehouse, clocks, company=buyer, years=years, compute_share=compute_share)
        for buyer in {base.buyer for base in bases if base.buyer}
    }
    growths = [_growth(base, lines, i) for i, base in enumerate(bases)]
    rows = [list(_rows(_kept(observed[i], company, bases[i]), bases[i], growths[i])) for i in range(count)]
    cited = cite(warehouse, clocks, rows)
    return [
        _result(clocks[i], rows[i], bases[i], lines[bases[i].buyer][i] if bases[i].buyer else None, (cited[i], absent))  # type: ignore[index]  # a buyer was just seen
        for i in range(count)
    ]


def _base(deals: Rows, company: str | None, deal: str | None) -> _Base:
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
            return _Base(buyer=None)
        deal = max(sorted(sums), key=sums.__getitem__)
    mine = [row for row in deals if row["deal"] == deal]
    if not mine:
        return _Base(deal=deal)
    buyers = [row["first_party"] for row in mine if row["type"] == "purchase_committed"]
    buyer = company if company in buyers or not buyers else buyers[0]
    parties = frozenset(name for row in mine for name in (row["first_party"], row["second_party"]) if name)
    return _Base(deal, mine[0]["announced_on"], buyer, parties)


def _growth(base: _Base, lines: dict[str, list[Result]], place: int) -> Decimal | None:
    if base.buyer is None:
        return None
    growth: Decimal | None = lines[base.buyer][place].summary["burden"]["implied_growth"]
    return growth


def _kept(observed: Rows, company: str | None, base: _Base) -> Rows:
    """Keep the company's own series, or those of the deal's parties, and always those of markets; none of a deal unseen."""
    if base.deal and not base.day:  # it is not to be seen
        return []
    if company is not None:
        return [row for row in observed if row["company"] in {company, None}]
    if base.parties:
        return [row for row in observed if row["company"] is None or row["company"] in base.parties]
    return observed


def _period(row: dict[str, Any]) -> str:
    """Say what stretch of time a figure is for, so that a month's is never joined to a year's; a run rate is for a year."""
    if row["basis"] == "run_rate":
        return "rate"
    if row["period_to"] is None:
        return "instant"
    days = (row["period_to"] - row["period_from"]).days
    return next((name for name, low, high in _PERIODS if low <= days <= high), f"{days} days")


def _last_day(row: dict[str, Any]) -> dt.date:
    day: dt.date = row["period_from"] if row["period_to"] is None else row["period_to"] - dt.timedelta(days=1)
    return day


def _rows(observed: Rows, base: _Base, growth: Decimal | None) -> Iterator[dict[str, Any]]:
    series: dict[tuple[Any, ...], Rows] = defaultdict(list)
    for row in observed:
        subject = row["company"] or row["market"]
        key = (
            INDICATORS.index(row["metric"]),
            subject,
            row["unit"],
            row["basis"],
            _period(row),
            row["counterparty"] or "",
        )
        series[key].append(row)
    for key in sorted(series):
        listed = sorted(series[key], key=lambda row: (_last_day(row), row["okey"]))
        yield from _indexed(listed, base, growth, period=key[4])


def _indexed(listed: Rows, base: _Base, growth: Decimal | None, *, period: str) -> Iterator[dict[str, Any]]:
    """Bring one series to 100 at its base, and draw the line that starts there with the deal."""
    from projections.measures import growth_line, indexed

    start, is_later = _start(listed, base.day)
    index = indexed([row["value"] for row in listed], start["value"]) or [None] * len(listed)
    for row, level in zip(listed, index, strict=True):
        day, since = _last_day(row), base.day or _last_day(start)
        years = Decimal((day - since).days) / _DAYS_A_YEAR
        line = growth_line(growth, [years]) if growth is not None and day >= since else None
        yield {
            "subject": row["company"] or row["market"],
            "metric": row["metric"],
            "observed_on": day,
            "value": row["value"],
            "unit": row["unit"],
            "index": rounded(level),
            "base_on": _last_day(start),
            "base_is_later": is_later,
            "required_index": rounded(line[0]) if line else None,
            "basis": row["basis"],
            "period": period,
            "begins_on": row["period_from"],
            "positions": sorted(rests_on([row, start])),
        }


def _start(listed: Rows, day: dt.date | None) -> tuple[dict[str, Any], bool]:
    """Give the observation that is 100, and whether it is later than the deal."""
    before = [row for row in listed if day is not None and _last_day(row) <= day]
    if before:
        return before[-1], False
    return listed[0], day is not None


def _result(clocks: Clocks, rows: Rows, base: _Base, committed: Result | None, told: tuple[Citation, _Notes]) -> Result:
    cited, absent = told
    carried = committed.summary["burden"] if committed else {}
    growth = carried.get("implied_growth")
    realised = _realised(rows)
    summary: dict[str, Any] = {
        "deal": base.deal,
        "base_on": base.day,
        "buyer": base.buyer,
        "implied_growth": growth,
        "required_revenue": carried.get("required_revenue"),
        "required_in": carried.get("required_in"),
        "revenue": committed.summary["revenue"] if committed else None,
        "series": realised,
        "latest_announced_on": cited.latest_announced_on,
    }
    if base.deal and not base.day:
        return Result("demand", clocks, COLUMNS, rows, summary, (*absent, *cited.notes))
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
    for row in rows:
        del row["begins_on"]
    return Result("demand", clocks, COLUMNS, rows, summary, (*notes, *cited.notes), SUMMARY)


def _line_notes(
    base: _Base, committed: Result | None, growth: Decimal | None, required: str | None, year: int | None
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


def _realised(rows: Rows) -> list[dict[str, Any]]:
    """Say how each series has grown from its base to its latest observation, a year and a month."""
    from projections.measures import implied_growth

    series: dict[tuple[Any, ...], Rows] = defaultdict(list)
    for row in rows:
        series[row["subject"], row["metric"], row["unit"], row["basis"], row["period"]].append(row)
    grown = []
    for (subject, metric, unit, basis, period), listed in series.items():
        last = listed[-1]
        start = next(row for row in listed if row["observed_on"] == last["base_on"])
        # Periods of one length are as far apart as their beginnings.
        years = Decimal((last["begins_on"] - start["begins_on"]).days) / _DAYS_A_YEAR
        grown.append(
            {
                "subject": subject,
                "metric": metric,
                "unit": unit,
                "basis": basis,
                "period": period,
                "observations": len(listed),
                "from": start["observed_on"],
                "to": last["observed_on"],
                "multiple": ratio(last["value"], start["value"]),
                "growth_a_year": rounded(implied_growth(start["value"], last["value"], years)),
                "growth_a_month": rounded(implied_growth(start["value"], last["value"], years * 12)),
            }
        )
    return grown
