"""Vendor financing: what a supplier lends, invests and guarantees to its own customers, over its revenue."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projections.queries.asked import Rows, ratio, rests_on, rounded
from projections.queries.loops.basis import FlowBasis
from projections.queries.loops.flows import Sources
from projections.queries.revenue import Revenue, choose_revenue

__all__ = ["NO_FINANCING", "Financing", "financing_by_vendor"]

_FINANCING = ("investment", "loan", "guarantee")
NO_FINANCING: dict[str, Any] = dict.fromkeys(
    (
        "vendor_financing",
        "vendor_financing_undisclosed",
        "vendor_financing_ratio",
        "vendor_financing_ratio_min",
        "revenue",
        "revenue_basis",
    )
)


@dataclass(frozen=True, slots=True)
class Financing:
    """What one vendor finances its customers with: figures for its row, log positions, and what the ratio lacks, if it does."""

    figures: dict[str, Any]
    positions: frozenset[int]
    lacking: str | None


def financing_by_vendor(
    sources: Sources,
    revenues: Rows,
    *,
    basis: FlowBasis,
    currency: str | None,
    as_of: dt.date,
    revenue_basis: str | None = None,
) -> dict[str, Financing]:
    """Return each supplier's financing of its customers: equity, loans with what is undrawn, guarantees up to the cap.

    A customer is a buyer of a live purchase leg, whatever its status. Amounts are on `basis`, whole, not of a window.
    `revenues` are the `revenue` metrics in effect, of all companies.
    """
    customers = {(row["payee"], row["payer"]) for row in sources.rows if row["kind"] == "purchase"}
    suppliers = {supplier for supplier, _ in customers}
    known: defaultdict[str, Decimal] = defaultdict(Decimal)
    hidden: defaultdict[str, int] = defaultdict(int)
    positions: defaultdict[str, set[int]] = defaultdict(set)
    for row in sources.rows:
        if row["kind"] not in _FINANCING or (row["payer"], row["payee"]) not in customers:
            continue
        part = basis.whole(row)
        if not part.known and not part.undisclosed:
            continue
        vendor, foreign = row["payer"], part.known > 0 and row["currency"] != currency
        known[vendor] += 0 if foreign else part.known
        hidden[vendor] += part.undisclosed or foreign
        positions[vendor] |= set(row["positions"])
    reports = _by_company(revenues)
    return {
        vendor: _financing(
            financed=known[vendor] if known[vendor] or not hidden[vendor] else None,
            hidden=hidden[vendor],
            revenue=choose_revenue(reports.get(vendor, []), as_of, revenue_basis),
            reports=reports.get(vendor, []),
            currency=currency,
            positions=positions[vendor],
        )
        for vendor in sorted(suppliers)
    }


def _by_company(revenues: Rows) -> dict[str, Rows]:
    reports: dict[str, Rows] = {}
    for row in revenues:
        reports.setdefault(row["company"], []).append(row)
    return reports


def _financing(
    *,
    financed: Decimal | None,
    hidden: int,
    revenue: Revenue | None,
    reports: Rows,
    currency: str | None,
    positions: set[int],
) -> Financing:
    from projections.measures import vendor_financing_ratio

    comparable = revenue.value if revenue and revenue.currency == currency else None
    share = vendor_financing_ratio([financed, None] if hidden else financed, comparable)
    figures = {
        "vendor_financing": financed,
        "vendor_financing_undisclosed": hidden,
        "vendor_financing_ratio": rounded(share),
        "vendor_financing_ratio_min": ratio(financed, comparable),
        "revenue": revenue.value if revenue else None,
        "revenue_basis": f"{revenue.basis}, {revenue.method}, to {revenue.period_to or revenue.period_from}"
        if revenue
        else None,
    }
    behind_revenue = rests_on(row for row in reports if revenue and row["key"] in revenue.events)
    lacking = None
    if (financed or hidden) and comparable is None:
        lacking = f"its revenue is in {revenue.currency}" if revenue else "no revenue of it is visible"
    elif hidden:
        lacking = f"{hidden} {'amount is' if hidden == 1 else 'amounts are'} undisclosed"
    return Financing(figures, frozenset(positions | behind_revenue), lacking)
