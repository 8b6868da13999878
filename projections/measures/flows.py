"""A money-flow graph with its parallel legs added up: what every measure of circularity starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeAlias

from projections.measures.amounts import Amount, Reply, not_negative, reply_in

__all__ = ["Edges", "Flows", "Pair", "add_up", "in_integers", "reachable"]

Edges: TypeAlias = Iterable[tuple[str, str, Amount | None]]
"""Legs as (payer, payee, amount); amount None = undisclosed: the leg exists, how much it carries is unknown."""

Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Flows(Generic[Amount]):
    """Cash between companies, one entry for each ordered pair.

    `amounts` holds the disclosed sums above 0; `undisclosed` the pairs with a leg of unknown amount (they may be
    in `amounts` too, which is then a floor). Payments of a company to itself and legs of amount 0 are left out.
    """

    amounts: dict[Pair, Decimal]
    undisclosed: frozenset[Pair]
    reply: Reply[Amount]

    def total(self) -> Decimal:
        """Return the sum of all disclosed flows."""
        return sum(self.amounts.values(), Decimal(0))

    def paid_by(self, company: str) -> Decimal:
        """Return what the company pays out to others."""
        return sum((amount for (payer, _), amount in self.amounts.items() if payer == company), Decimal(0))

    def received_by(self, company: str) -> Decimal:
        """Return what the company takes in from others."""
        return sum((amount for (_, payee), amount in self.amounts.items() if payee == company), Decimal(0))


def add_up(edges: Edges[Amount]) -> Flows[Amount]:
    """Return the flows with parallel legs summed; raises OutOfRangeError for a negative amount."""
    amounts: dict[Pair, Decimal] = {}
    undisclosed: set[Pair] = set()
    given: list[Amount | None] = []
    for payer, payee, amount in edges:
        given.append(amount)
        if payer == payee:
            continue
        pair = (payer, payee)
        if amount is None:
            undisclosed.add(pair)
        elif value := not_negative(amount, f"amount from {payer} to {payee}"):
            amounts[pair] = amounts.get(pair, Decimal(0)) + value
    return Flows(amounts, frozenset(undisclosed), reply_in(given))


def reachable(pairs: Iterable[Pair], start: str) -> set[str]:
    """Return every company that money leaving `start` can reach along `pairs`, `start` included."""
    onward: dict[str, list[str]] = {}
    for payer, payee in pairs:
        onward.setdefault(payer, []).append(payee)
    seen, waiting = {start}, [start]
    while waiting:
        for payee in onward.get(waiting.pop(), ()):
            if payee not in seen:
                seen.add(payee)
                waiting.append(payee)
    return seen


def in_integers(amounts: Mapping[Pair, Decimal]) -> tuple[dict[Pair, int], Decimal]:
    """Return the amounts as whole numbers of a common unit, and that unit: flow algorithms are exact on integers."""
    digits = [amount.as_tuple().exponent for amount in amounts.values()]
    places = max((-exponent for exponent in digits if isinstance(exponent, int)), default=0)
    unit = Decimal(1).scaleb(-max(0, places))
    return {pair: int(amount / unit) for pair, amount in amounts.items()}, unit
