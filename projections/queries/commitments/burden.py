"""The yearly burden of commitments: what falls due when, the revenue it needs, and the gap that is left."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from events.errors import BadValueError
from projections.kinds import Form, Keyed
from projections.queries.asked import USUAL_CURRENCY, Rows, main_currency, rounded
from projections.queries.revenue import Revenue

__all__ = ["BURDEN", "burden"]

BURDEN: Form = {
    "currency": "text",
    "compute_share": "share",
    "due_by_year": Keyed("money"),
    "undated": "money",
    "burden": "multiple",
    "required_revenue": "money",
    "required_in": "year",
    "implied_growth": "share",
    "funding_gap": "money",
}


def burden(
    legs: Rows,
    revenue: Revenue | None,
    as_of: dt.date,
    *,
    cash: dict[str, Any] | None,
    years: int | None,
    share: Decimal | None,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Lay scheduled amounts out by calendar year and say what revenue they require.

    `legs` carry `currency`, `headline`, `schedule`; `years` spreads what is undated evenly from the as-of year on;
    `share` is the part of revenue that may go to compute, 1 where the user gave none. Amounts in the revenue's currency
    (else the main one of the legs). Gives the figures and what is not computable, with what is missing. Raises
    BadValueError for a share outside 0 to 1.
    """
    from projections.measures import funding_gap, implied_growth, multiple, required_revenue

    stated = [leg for leg in legs if leg["headline"] is not None]
    currency = revenue.currency if revenue else main_currency(leg["currency"] for leg in stated) or USUAL_CURRENCY
    due, undated = _by_year([leg for leg in stated if leg["currency"] == currency])
    notes: list[str] = []
    if years and undated:
        for year in range(as_of.year, as_of.year + years):
            due[year] += undated / years
        notes.append(f"{undated:f} {currency} are undated; spread evenly over {years} years because you asked for it.")
        undated = Decimal(0)
    part = share if share is not None else Decimal(1)
    if not 0 <= part <= 1:
        raise BadValueError(
            f"compute_share: is not between 0 and 1 (got {part})", advice="write a fraction such as 0.7"
        )
    plan = sorted(year for year in due if year >= as_of.year)
    figures: dict[str, Any] = {
        "currency": currency,
        "compute_share": part,
        "due_by_year": {str(year): rounded(due[year]) for year in sorted(due)},
        "undated": undated,
        "burden": None,
        "required_revenue": None,
        "implied_growth": None,
        "funding_gap": None,
    }
    if not plan:
        notes.append("Burden, required revenue and implied growth are not computable: no leg has a dated schedule; "
                     "give --years to spread undated amounts evenly.")  # fmt: skip
        return figures, tuple(notes)
    if revenue is None:
        notes.append("Burden is not computable: needs a revenue of the company at these clocks.")
        return figures, tuple(notes)
    peak = max(plan, key=lambda year: due[year])
    needed = required_revenue(due[peak], part)
    figures["burden"] = rounded(multiple(due[plan[0]], revenue.value))
    figures["required_revenue"] = rounded(needed)
    figures["required_in"] = peak
    figures["implied_growth"] = rounded(implied_growth(revenue.value, needed, max(peak - as_of.year, 1)))
    if cash is None or cash["unit"] != currency:
        notes.append(f"Funding gap is not computable: needs the company's cash in {currency} at these clocks.")
    else:
        gap = funding_gap([due[year] for year in plan], [revenue.value for _ in plan], part, cash["value"])
        figures["funding_gap"] = rounded(gap)
        notes.append(f"Funding gap: revenue held at {revenue.value:f} a year, less cash by {cash['key']}.")
    return figures, tuple(notes)


def _by_year(legs: Rows) -> tuple[dict[int, Decimal], Decimal]:
    """Spread each leg's scheduled shares over calendar years by days; what has no schedule stays undated."""
    due: dict[int, Decimal] = defaultdict(Decimal)
    undated = Decimal(0)
    for leg in legs:
        scheduled = Decimal(0)
        for item in leg["schedule"] or ():
            start, end = item["from"], item["to"]
            amount = leg["headline"] * item["share"]
            scheduled += amount
            days = (end - start).days
            for year in range(start.year, (end - dt.timedelta(days=1)).year + 1):
                first, last = max(start, dt.date(year, 1, 1)), min(end, dt.date(year + 1, 1, 1))
                due[year] += amount * (last - first).days / days
        undated += leg["headline"] - scheduled
    return due, undated
