"""What a company has undertaken to buy, beside the revenue that is to pay for it.

Part of the naive oracle: plain lists and comparisons, written from `docs/measures.md` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tests.oracle.dilution import ratio
from tests.oracle.exposure import Answer, Row, group_currency
from tests.oracle.legs import FIRM_STATUSES, LADDER, Folded, LegState, folded, total
from tests.oracle.observed import Observation, latest_reports, pick, revenue
from tests.oracle.parts import less_parts
from tests.oracle.visible import Clocks, Entry, Raw, Sight

__all__ = ["capacity_interval", "commitments", "commitments_of"]

AMOUNTS = ("headline", "binding", "remaining")


def commitments(
    entries: Iterable[Entry],
    clocks: Clocks,
    company: str,
    revenue_basis: str | None = None,
    hypothetical: Sequence[Raw] = (),
) -> Answer:
    """Return a row for each supplier and currency of a buyer's live purchases, and the totals over its revenue.

    A total of the summary is None where the rows have several currencies; `by_currency` has each.
    """
    return commitments_of(folded(entries, clocks, hypothetical), company, revenue_basis)


def commitments_of(history: Folded, company: str, revenue_basis: str | None = None) -> Answer:
    """Return the same of a history that is folded already."""
    sight = history.sight
    live = [
        state
        for state in less_parts(history.states.values(), company)
        if state.type == "purchase_committed" and state.parties["buyer"] == company
    ]
    suppliers: dict[str, list[LegState]] = {}
    for state in live:
        suppliers.setdefault(state.parties["supplier"], []).append(state)
    rows = [
        {"buyer": company, "supplier": supplier, "currency": currency} | _row(some)
        for supplier in sorted(suppliers)
        for currency, some in _by_currency(suppliers[supplier]).items()
    ]
    sales = revenue(sight, company, revenue_basis)
    stated = pick(sight, latest_reports(sight, "stated_commitments", company))
    return Answer(rows, _summary(sight, live, sales, stated))


def _summary(sight: Sight, live: list[LegState], sales: Observation | None, stated: Observation | None) -> Row:
    totals = {currency: _totals(some) for currency, some in _by_currency(live).items()}
    only = next(iter(totals)) if len(totals) == 1 else None
    overall = totals[only] if len(totals) == 1 else dict.fromkeys(AMOUNTS, None if totals else Decimal(0))
    held = overall if sales is not None and (only == sales.unit or not totals) else dict.fromkeys(AMOUNTS)
    low, high = capacity_interval(sight, live)
    sources = [observation.events for observation in (sales, stated) if observation]
    return {
        **overall,
        "capacity_gw_min": low,
        "capacity_gw_max": high,
        "undisclosed": sum(state.undisclosed for state in live),
        "revenue": None if sales is None else _revenue(sales),
        "multiple_headline": _multiple(held["headline"], sales),
        "multiple_binding": _multiple(held["binding"], sales),
        "stated": None if stated is None else {"value": stated.value, "event": stated.event},
        "multiple_stated": _multiple(stated.value, sales) if stated and sales and stated.unit == sales.unit else None,
        "unexplained": _unexplained(stated, totals),
        "by_currency": totals,
        "events": frozenset().union(*(state.events for state in live), *sources),
    }


def capacity_interval(sight: Sight, live: list[LegState]) -> tuple[Decimal | None, Decimal | None]:
    """Return the gigawatts of the greatest supplier layer and of all layers, each lot once at its largest leg."""
    layers = {
        f.raw["company"]: f.raw.get("layer_name") or f.raw["layer"]
        for f in sight.facts
        if f.raw["type"] == "company_registered"
    }
    sums: dict[str | None, Decimal] = {}
    for state, capacity in _largest_of_each_lot(live):
        layer = layers.get(state.parties["supplier"])
        sums[layer] = sums.get(layer, Decimal(0)) + capacity
    if not sums:
        return (None, None) if live else (Decimal(0), Decimal(0))
    return max(sums.values()), sum(sums.values(), Decimal(0))


def _largest_of_each_lot(some: list[LegState]) -> list[tuple[LegState, Decimal]]:
    largest: dict[tuple[str, ...], tuple[LegState, Decimal]] = {}
    for state in sorted(some, key=lambda s: (s.deal, s.leg)):
        stated = state.terms.get("capacity_gw")
        if stated is not None:
            lot = state.terms.get("capacity_lot")
            name = (lot,) if lot is not None else (state.deal, state.leg)
            if name not in largest or Decimal(stated) > largest[name][1]:
                largest[name] = state, Decimal(stated)
    return list(largest.values())


def _by_currency(some: list[LegState]) -> dict[str | None, list[LegState]]:
    only = group_currency(state.currency for state in some)
    parts: dict[str | None, list[LegState]] = {}
    for state in some:
        parts.setdefault(state.currency or only, []).append(state)
    return parts


def _totals(some: list[LegState]) -> Row:
    return {name: total(getattr(state, name) for state in some) for name in AMOUNTS}


def _row(some: list[LegState]) -> Row:
    capacities = [capacity for _, capacity in _largest_of_each_lot(some)]
    firm = [text for s in some if s.status in FIRM_STATUSES and (text := s.terms.get("firm_gw")) is not None]
    return _totals(some) | {
        "performed": total(state.performed for state in some),
        "capacity_gw": sum(capacities, Decimal(0)) if capacities else None,
        "firm_gw": sum(map(Decimal, firm), Decimal(0)) if firm else None,
        "undisclosed": sum(state.undisclosed for state in some),
        "status": tuple(status for status in LADDER if any(status == state.status for state in some)),
        "events": frozenset().union(*(state.events for state in some)),
    }


def _revenue(sales: Observation) -> Row:
    return {
        "value": sales.value,
        "basis": sales.basis,
        "period_from": sales.period_from,
        "period_to": sales.period_to,
        "event": sales.event,
        "currency": sales.unit,
        "on": sales.on,
        "method": sales.method,
        "events": sales.events,
    }


def _multiple(amount: Decimal | None, sales: Observation | None) -> Decimal | None:
    return None if sales is None else ratio(amount, sales.value)


def _unexplained(stated: Observation | None, totals: dict[str | None, Row]) -> Decimal | None:
    if stated is None:
        return None
    headline = totals[stated.unit]["headline"] if stated.unit in totals else Decimal(0)
    return None if headline is None else stated.value - headline
