"""Which revenue a multiple divides by: chosen by one stated rule, never silently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from events.errors import BadValueError
from projections.kinds import Form
from projections.queries.asked import Rows

__all__ = ["BASES", "REVENUE", "Revenue", "choose_revenue", "latest_metric"]

# What a user may ask for; None asks for the default rule.
BASES = ("gaap", "statement", "estimate", "quarters", "quarter", "run_rate", "guidance")
_ACTUAL = ("gaap", "statement", "estimate")
_FIRMEST_FIRST = (*_ACTUAL, "run_rate", "guidance")
_YEAR_DAYS = (350, 380)
_QUARTER_DAYS = (80, 100)
_ADJOINING_DAYS = 10
_QUARTERS_A_YEAR = 4
REVENUE: Form = {
    "value": "money",
    "currency": "text",
    "basis": "text",
    "method": "text",
    "period_from": "date",
    "period_to": "date",
    "on": "date",
    "event": "text",
    "events": "list",
    "why": "text",
}
"""What `Revenue.as_summary` gives."""


@dataclass(frozen=True, slots=True)
class Revenue:
    """A year's revenue: its value in `currency`, what it was made of, and why it was chosen."""

    value: Decimal
    currency: str
    basis: str
    method: str
    period_from: dt.date | None
    period_to: dt.date | None
    on: dt.date | None
    events: tuple[str, ...]
    why: str

    def as_summary(self) -> dict[str, Any]:
        """Return the choice as the JSON contract has it; `event` is the latest of the events."""
        return {
            "value": self.value,
            "currency": self.currency,
            "basis": self.basis,
            "method": self.method,
            "period_from": self.period_from,
            "period_to": self.period_to,
            "on": self.on,
            "event": self.events[-1],
            "events": list(self.events),
            "why": self.why,
        }


def choose_revenue(metrics: Rows, as_of: dt.date, basis: str | None = None) -> Revenue | None:
    """Choose among a company's `revenue` metrics in effect (rows of `metrics_in_effect`). None where none fits.

    Source of the rule: docs/measures.md, Commitments against revenue. Raises BadValueError for an unknown basis.
    """
    if basis is not None and basis not in BASES:
        raise BadValueError(f"revenue basis {basis!r} is not one of {', '.join(BASES)}")
    begun = [row for row in metrics if row["period_from"] <= as_of]
    if basis == "guidance":
        return _whole_period([row for row in metrics if row["basis"] == "guidance"], "guidance, as asked for")
    if basis == "run_rate":
        return _run_rate(begun, "run rate, as asked for")
    if basis in _ACTUAL:
        year = [row for row in begun if row["basis"] == basis and _lasts(row, _YEAR_DAYS)]
        return _whole_period(year, f"the latest-ending 12-month period on the basis {basis}, as asked for")
    if basis == "quarters":
        return _four_quarters(begun, "the latest four adjoining quarters, as asked for")
    if basis == "quarter":
        return _annualised(begun, "four times the latest quarter, as asked for")
    years = [row for row in begun if row["basis"] in _ACTUAL and _lasts(row, _YEAR_DAYS)]
    return (
        _whole_period(years, "the latest-ending 12-month period that had begun")
        or _four_quarters(begun, "no 12-month period is visible: the latest four adjoining quarters")
        or _annualised(begun, "neither a 12-month period nor four quarters are visible: four times the latest quarter")
        or _run_rate(begun, "no reported period is visible: the latest run rate")
    )


def latest_metric(metrics: Rows, as_of: dt.date, *, bases: Sequence[str] = ()) -> dict[str, Any] | None:
    """Pick the value of one metric: the latest date not after `as_of`, then the latest report of it."""
    fitting = [row for row in metrics if _last_day(row) <= as_of and (not bases or row["basis"] in bases)]
    return max(fitting, key=lambda row: (_last_day(row), _firmness(row), row["okey"]), default=None)


def _last_day(row: dict[str, Any]) -> dt.date:
    """Return the last day that a metric speaks of; periods are half-open."""
    day: dt.date = row["period_from"] if row["period_to"] is None else row["period_to"] - dt.timedelta(days=1)
    return day


def _lasts(row: dict[str, Any], bounds: tuple[int, int]) -> bool:
    if row["period_to"] is None:
        return False
    days: int = (row["period_to"] - row["period_from"]).days
    return bounds[0] <= days <= bounds[1]


def _rank(row: dict[str, Any]) -> tuple[dt.date, int, int]:
    """Rank reports: the later end, then the firmer basis, then the later report."""
    return (row["period_to"] or row["period_from"], _firmness(row), row["okey"])


def _firmness(row: dict[str, Any]) -> int:
    """Rank a basis: what was reported above what was stated, estimated, extrapolated or promised."""
    return -_FIRMEST_FIRST.index(row["basis"])


def _whole_period(rows: Rows, why: str) -> Revenue | None:
    best = max(rows, key=_rank, default=None)
    return None if best is None else _of([best], best["value"], best["basis"], "as reported", why)


def _quarters(begun: Rows) -> Rows:
    """List the quarters visible, latest first, one report each."""
    best: dict[dt.date, dict[str, Any]] = {}
    for row in begun:
        if row["basis"] in _ACTUAL and _lasts(row, _QUARTER_DAYS):
            known = best.get(row["period_to"])
            if known is None or _rank(row) > _rank(known):
                best[row["period_to"]] = row
    return [best[end] for end in sorted(best, reverse=True)]


def _four_quarters(begun: Rows, why: str) -> Revenue | None:
    quarters = _quarters(begun)
    for number, last in enumerate(quarters):
        chain = [last]
        for row in quarters[number + 1 :]:
            gap = abs((chain[-1]["period_from"] - row["period_to"]).days)
            if gap <= _ADJOINING_DAYS and row["unit"] == last["unit"] and len(chain) < _QUARTERS_A_YEAR:
                chain.append(row)
        if len(chain) == _QUARTERS_A_YEAR:
            chain.reverse()
            value = sum((row["value"] for row in chain), Decimal(0))
            return _of(chain, value, last["basis"], "sum of four quarters", why)
    return None


def _annualised(begun: Rows, why: str) -> Revenue | None:
    quarters = _quarters(begun)
    if not quarters:
        return None
    latest = quarters[0]
    return _of([latest], latest["value"] * _QUARTERS_A_YEAR, latest["basis"], "four times one quarter", why)


def _run_rate(begun: Rows, why: str) -> Revenue | None:
    best = max((row for row in begun if row["basis"] == "run_rate"), key=_rank, default=None)
    return None if best is None else _of([best], best["value"], "run_rate", "annual run rate", why)


def _of(rows: Rows, value: Decimal, basis: str, method: str, why: str) -> Revenue:
    first, last = rows[0], rows[-1]
    return Revenue(
        value=value,
        currency=first["unit"],
        basis=basis,
        method=method,
        period_from=None if last["period_to"] is None else first["period_from"],
        period_to=last["period_to"],
        on=first["period_from"] if last["period_to"] is None else None,
        events=tuple(row["key"] for row in rows),
        why=why,
    )
