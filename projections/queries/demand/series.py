"""Series of demand: what was observed of one subject, brought to 100 at its base, beside the line it would have to follow."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from projections.queries.asked import Rows, ratio, rests_on, rounded

__all__ = ["INDICATORS", "Base", "realised", "series_rows"]

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
_DAYS_A_YEAR = Decimal("365.25")
_PERIODS = (("month", 28, 31), ("quarter", 80, 100), ("year", 350, 380))


@dataclass(frozen=True, slots=True)
class Base:
    """The deal that indices start from and whose buyer's commitments give the line: all None where there is none."""

    deal: str | None = None
    day: dt.date | None = None
    buyer: str | None = None
    parties: frozenset[str] = field(default_factory=frozenset)


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


def series_rows(observed: Rows, base: Base, growth: Decimal | None) -> Iterator[dict[str, Any]]:
    """Yield a row for each observation, series by series in the order of the indicators, each by its day."""
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


def _indexed(listed: Rows, base: Base, growth: Decimal | None, *, period: str) -> Iterator[dict[str, Any]]:
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
    """Return the observation that is 100, and whether it is later than the deal."""
    before = [row for row in listed if day is not None and _last_day(row) <= day]
    if before:
        return before[-1], False
    return listed[0], day is not None


def realised(rows: Rows) -> list[dict[str, Any]]:
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
