"""Legs as they are added up: each part out of its whole.

Part of the naive oracle: plain lists and comparisons, written from `docs/measures.md` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from tests.oracle.legs import TERMS, LegState, money

__all__ = ["less_parts"]


def less_parts(states: Iterable[LegState], about: str | None = None, *, with_ended: bool = False) -> list[LegState]:
    """Return the legs of a company (None: of all) with what their parts among them say taken from the whole."""
    members = [
        state for state in states if (with_ended or not state.ended) and (about is None or about in _sides(state))
    ]
    return [_less(whole, [part for part in members if _is_part(part, whole)]) for whole in members]


def _sides(state: LegState) -> set[str]:
    """Return the sides of a leg: of a takeover the acquirer and the sellers, of a guarantee not whom it favours."""
    first_two = [role for role in TERMS[state.type][:2] if role != "target"]
    return {state.parties[role] for role in first_two} | set(state.lenders) | set(state.sellers)


def _is_part(part: LegState, whole: LegState) -> bool:
    same = part.currency is None or whole.currency is None or part.currency == whole.currency
    return same and part.terms.get("part_of") == f"{whole.deal}/{whole.leg}"


def _less(whole: LegState, parts: list[LegState]) -> LegState:
    if not parts:
        return whole

    def rest(of_whole: Decimal | None, of_parts: Iterable[Decimal | None]) -> Decimal | None:
        told = sum((amount for amount in of_parts if amount is not None), Decimal(0))
        return None if of_whole is None else max(of_whole - told, Decimal(0))

    lot = whole.terms.get("capacity_lot")
    apart = [part for part in parts if lot is None or part.terms.get("capacity_lot") != lot]
    terms = dict(whole.terms)
    for name in ("capacity_gw", "firm_gw"):
        if terms.get(name) is not None:
            sizes = [Decimal(part.terms[name]) for part in apart if part.terms.get(name) is not None]
            terms[name] = str(rest(Decimal(terms[name]), sizes))
    if terms.get("prepaid") is not None:
        prepaid = rest(money(terms, "prepaid"), [money(part.terms, "prepaid") for part in parts])
        terms["prepaid"] = {**terms["prepaid"], "value": str(prepaid)}
    headline = rest(whole.headline, [part.headline for part in parts])
    performed = rest(whole.performed, [part.performed for part in parts]) or Decimal(0)
    gone = rest(whole.lapsed_amount, [part.lapsed_amount for part in parts])
    return replace(
        whole,
        terms=terms,
        headline=headline,
        binding=rest(whole.binding, [part.binding for part in parts]),
        performed=performed,
        drawn=performed if whole.type == "loan_arranged" else Decimal(0),
        repaid=rest(whole.repaid, [part.repaid for part in parts]) or Decimal(0),
        lapsed_amount=gone,
        remaining=None if headline is None or gone is None else max(Decimal(0), headline - gone - performed),
        events=whole.events.union(*(part.events for part in parts)),
    )
