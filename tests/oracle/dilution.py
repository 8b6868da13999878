"""How many shares a company has promised by warrants, and how large a part of it they are.

Part of the naive oracle: plain lists and comparisons, written from `docs/measures.md` alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Context, Decimal

from tests.oracle.exposure import Answer, Row
from tests.oracle.legs import (
    FIRM_STATUSES,
    Folded,
    LegKey,
    LegState,
    folded,
    money,
    term_day,
    total,
)
from tests.oracle.observed import Observation, latest_reports, pick
from tests.oracle.shares import price_now, split_ratio
from tests.oracle.visible import Clocks, Entry, Fact, Raw, Sight

__all__ = ["dilution", "dilution_of", "ratio"]

TWELVE_DIGITS = Context(prec=12)


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Divide to twelve significant digits; None where either is unknown or the whole is not above 0."""
    if part is None or whole is None or whole <= 0:
        return None
    return TWELVE_DIGITS.divide(part, whole)


def dilution(entries: Iterable[Entry], clocks: Clocks, issuer: str, hypothetical: Sequence[Raw] = ()) -> Answer:
    """Return a row for each live warrant of the issuer, and the shares outstanding that they are held against."""
    return dilution_of(folded(entries, clocks, hypothetical), issuer)


def dilution_of(history: Folded, issuer: str) -> Answer:
    """Return the same of a history that is folded already."""
    sight, states = history.sight, history.states
    warrants = [s for s in states.values() if s.type == "warrant_granted" and s.parties["issuer"] == issuer]
    live = [state for state in warrants if not state.ended]
    counts = latest_reports(sight, "shares_outstanding", issuer)
    counted = pick(
        sight, [fact for fact in counts if not fact.raw.get("average") and fact.raw.get("share_class") is None]
    )
    if counted is not None:
        told = next(fact.raw for fact in counts if fact.key == counted.event)
        counted = replace(counted, value=Decimal(int(int(counted.value) * split_ratio(sight, told["company"], told))))
    issued = _issued_since(warrants, counted)
    outstanding = None if counted is None else counted.value + sum(_shares_issued(fact.raw) for fact in issued)
    open_shares = {(s.deal, s.leg): _open_shares(s) for s in live}
    all_open = total(open_shares.values())
    after = None if outstanding is None or all_open is None else outstanding + all_open
    rows = [
        _row(sight, states, state)
        | {
            "pre_issue": ratio(open_shares[state.deal, state.leg], outstanding),
            "post_issue": ratio(open_shares[state.deal, state.leg], after),
        }
        for state in live
    ]
    events = frozenset().union(*(state.events for state in live), *(fact.keys for fact in issued))
    maxima = [state.terms.get("shares_max") for state in live]
    summary: Row = {
        "shares_outstanding": None if outstanding is None else int(outstanding),
        "outstanding_on": None if counted is None else counted.on or counted.period_to,
        "warrants_max": _whole(total(None if count is None else Decimal(count) for count in maxima)),
        "pre_issue": ratio(all_open, outstanding),
        "post_issue": ratio(all_open, after),
        "events": events | (counted.events if counted else frozenset()),
    }
    return Answer(rows, summary)


def _issued_since(warrants: list[LegState], counted: Observation | None) -> list[Fact]:
    """Return the purchases of shares under any of the issuer's warrants after the day of the count."""
    if counted is None:
        return []
    day = counted.on
    if day is None:  # an average over a period counts as taken on its last day
        assert counted.period_to is not None
        day = counted.period_to - dt.timedelta(days=1)
    return [
        fact
        for state in warrants
        for fact in state.performance
        if fact.raw["type"] == "warrant_exercised" and fact.raw["effective_on"] > day.isoformat()
    ]


def _shares_issued(raw: Raw) -> int:
    issued: int | None = raw.get("shares_issued")
    return raw["shares"] - raw.get("shares_withheld", 0) if issued is None else issued


def _open_shares(state: LegState) -> Decimal | None:
    most = state.terms.get("shares_max")
    if most is None or state.lapsed_shares is None:
        return None
    left = Decimal(most - state.exercised) - state.lapsed_shares
    return max(left, Decimal(0)) if state.lapsed_shares else left


def _whole(count: Decimal | None) -> int | None:
    return None if count is None else int(count)


def _row(sight: Sight, states: dict[LegKey, LegState], state: LegState) -> Row:
    expires_on = state.terms.get("expires_on")
    return {
        "issuer": state.parties["issuer"],
        "holder": state.parties["holder"],
        "deal": state.deal,
        "leg": state.leg,
        "shares_max": state.terms.get("shares_max"),
        "shares_vested": state.vested,
        "shares_conditions_met": _conditions_met(sight, states, state),
        "shares_exercised": state.exercised,
        "exercise_price": money(state.terms, "exercise_price"),
        "expires_on": None if expires_on is None else dt.date.fromisoformat(term_day(expires_on)),
        "events": state.events,
    }


def _conditions_met(sight: Sight, states: dict[LegKey, LegState], state: LegState) -> int | None:
    tranches = state.terms.get("tranches", ())
    if not tranches:
        return None
    shares = 0
    for tranche in tranches:
        conditions = tranche.get("conditions", ())
        if conditions:
            holds = all(_holds(condition, sight, states, state) for condition in conditions)
        else:
            holds = state.status in FIRM_STATUSES
        if holds:
            if tranche.get("shares") is None:
                return None
            shares += tranche["shares"]
    return shares


def _holds(condition: Raw, sight: Sight, states: dict[LegKey, LegState], state: LegState) -> bool:
    kind, threshold = condition["kind"], condition.get("threshold")
    if kind == "definitive_agreement":  # needs no threshold
        return any(other.status in FIRM_STATUSES for other in states.values() if other.deal == state.deal)
    if kind == "other" or threshold is None:
        return False
    if kind == "date":
        return sight.clocks.as_of.isoformat() >= term_day(threshold)
    needed = Decimal(threshold)
    if kind == "share_price":
        return any(price >= needed for price in _prices(sight, state.parties["issuer"], condition.get("unit")))
    where = _counted_legs(condition, states, state)
    if kind == "capacity":
        return sum((leg.delivered_gw for leg in where), Decimal(0)) >= needed
    paid = [p.raw.get("amount") for leg in where for p in leg.performance if p.raw["type"] == "payment_made"]
    in_unit = [Decimal(amount["value"]) for amount in paid if amount and amount["currency"] == condition.get("unit")]
    return sum(in_unit, Decimal(0)) >= needed


def _counted_legs(condition: Raw, states: dict[LegKey, LegState], state: LegState) -> list[LegState]:
    if condition.get("leg") is not None:
        return [leg for leg in states.values() if f"{leg.deal}/{leg.leg}" == condition["leg"]]
    return [leg for leg in states.values() if leg.deal == state.deal and leg.type == "purchase_committed"]


def _prices(sight: Sight, issuer: str, unit: str | None) -> list[Decimal]:
    prices = []
    for fact in sight.in_effect:
        raw = fact.raw
        if raw["type"] == "metric_reported" and raw["metric"] == "share_price":
            value, currency = raw["value"], raw["unit"]
        elif raw["type"] == "price_moved" and raw.get("close") is not None:
            value, currency = raw["close"]["value"], raw["close"]["currency"]
        else:
            continue
        if raw.get("company") is not None and sight.who(raw["company"]) == issuer and unit in (None, currency):
            by = split_ratio(sight, raw["company"], raw, raw.get("share_class"))
            prices.append(price_now(Decimal(value), by))
    return prices
