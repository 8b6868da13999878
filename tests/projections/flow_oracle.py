"""The money-flow graph folded from events with plain loops, and its measures by trying everything.

Written from docs/measures.md alone, on the naive legs and exposures of `tests.oracle`; nothing here knows the read side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations, product
from typing import Any

import networkx as nx

from tests.oracle import fold
from tests.oracle.legs import ISSUES, term_day

__all__ = ["Edge", "Naive", "drawn"]

ZERO = Decimal(0)
FIRM = {"definitive", "completed"}
ROLES = {
    "purchase_committed": ("buyer", "supplier"),
    "investment_committed": ("investor", "investee"),
    "acquisition_agreed": ("acquirer", "target"),
    "option_granted": ("holder", "grantor"),
    "royalty_agreed": ("payer", "payee"),
}

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Edge:
    """One leg, or one lender's part of it: what is disclosed, whether more may flow, and since when."""

    leg: str
    payer: str | None
    payee: str
    known: Decimal
    hidden: bool
    since: dt.date


def drawn(
    entries: Sequence[fold.Entry],
    triple: fold.Clocks,
    *,
    basis: str,
    currency: str,
    weights: Mapping[str, Decimal] | None = None,
) -> list[Edge]:
    """List the edges of one graph: amounts in another currency are edges of unknown capacity."""
    history = fold.folded(entries, triple)
    edges = []
    for state in fold.less_parts(history.states.values()):
        if state.type in {"guarantee_given", "warrant_granted"}:
            continue
        for payer, payee, amounts in _payments(state):
            known, hidden = _counted(state, amounts, basis, weights or {})
            if known == 0 and not hidden:
                continue
            foreign = known > 0 and state.currency != currency
            since = _since(history.sight, state, basis)
            edges.append(
                Edge(f"{state.deal}/{state.leg}", payer, payee, ZERO if foreign else known, hidden or foreign, since)
            )
    return edges


def _payments(state: fold.LegState) -> Iterator[tuple[str | None, str, Mapping[str, Decimal | None]]]:
    if state.type == "royalty_agreed":
        told = {"headline": None, "binding": None, "performed": state.performed}
        yield state.parties["payer"], state.parties["payee"], told
    for line in fold.lines(state):
        if line.kind == "acquisition":
            if line.exposed is not None:
                yield state.parties["acquirer"], line.exposed, line.amounts
        elif line.kind == "loan":
            yield line.exposed, state.parties["borrower"], line.amounts
        elif line.kind != "prepayment":
            payer, payee = (state.parties[role] for role in ROLES[state.type])
            yield payer, payee, line.amounts


def _counted(
    state: fold.LegState, amounts: Mapping[str, Decimal | None], basis: str, weights: Mapping[str, Decimal]
) -> tuple[Decimal, bool]:
    prepaid = state.terms.get("prepaid")
    at_least = Decimal(prepaid["value"]) if prepaid else ZERO
    if basis == "performed":
        untold = any(
            fact.raw["type"] in {"payment_made", "tranche_funded"} and fact.raw.get("amount") is None
            for fact in state.performance
        )
        part = amounts["performed"]
        if part is None:
            return ZERO, untold or state.performed > 0
        return part, untold
    if basis == "binding":
        if state.binding == 0:
            return ZERO, False
        return (at_least, True) if amounts["binding"] is None else (amounts["binding"], False)
    weight = Decimal(1)
    if basis == "expected":
        weight = weights.get(state.status, Decimal(state.status in FIRM))
    if weight == 0:
        return ZERO, False
    stated = amounts["headline"]
    return (at_least * weight, True) if stated is None else (stated * weight, False)


def _since(sight: fold.Sight, state: fold.LegState, basis: str) -> dt.date:
    """Find the first day on which anyone could know of a step that counts, once its parties had their names."""
    steps = [
        fact.raw
        for fact in sight.in_effect
        if fact.raw.get("deal") == state.deal
        and fact.raw["type"] in {*ROLES, "loan_arranged", "status_changed"}
        and fact.raw.get("leg") in {state.leg, None}
    ]
    bound = [raw["announced_on"] for raw in steps if raw["status"] in FIRM]
    if basis == "binding":
        first = min(bound)
    elif basis == "performed":
        paid = {"payment_made", "tranche_funded"}
        days = [f.raw["announced_on"] for f in state.performance if f.raw["type"] in paid]
        issued = state.terms.get("issued_on") if state.terms.get("instrument") in ISSUES else None
        if issued is not None and term_day(issued) <= sight.clocks.as_of.isoformat() and bound:
            days.append(max(min(bound), term_day(issued)))
        first = min(days)
    else:
        first = min(raw["announced_on"] for raw in steps)
    roles = ROLES.get(state.type, ("borrower",))
    names = [state.terms[role] for role in roles] + [lender["company"] for lender in state.terms.get("lenders", ())]
    names += state.terms.get("sellers", ())
    named = [fact.raw["announced_on"] for name in names for fact in sight.way(name)]
    return dt.date.fromisoformat(max([first, *named]))


class Naive:
    """Every measure of a small graph, by enumeration."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.edges = [(e.payer, e.payee, e) for e in edges if e.payer is not None and e.payer != e.payee]
        self.amounts: dict[Pair, Decimal] = {}
        self.hidden: set[Pair] = set()
        for payer, payee, edge in self.edges:
            if edge.known:
                self.amounts[payer, payee] = self.amounts.get((payer, payee), ZERO) + edge.known
            if edge.hidden:
                self.hidden.add((payer, payee))
        self.pairs = set(self.amounts) | self.hidden
        self.names = sorted({name for pair in self.pairs for name in pair})

    def outlay(self, name: str) -> Decimal | None:
        """Add up what a company pays out; None where it pays and nothing of it is told."""
        return self._sum(name, 0)

    def receipts(self, name: str) -> Decimal | None:
        """Add up what a company takes in, likewise."""
        return self._sum(name, 1)

    def _sum(self, name: str, side: int) -> Decimal | None:
        known = sum((value for pair, value in self.amounts.items() if pair[side] == name), ZERO)
        return None if known == 0 and any(pair[side] == name for pair in self.hidden) else known

    def round_trip(self, name: str) -> Decimal | None:
        """Try every cut between a company's payments and its receipts."""
        others = [other for other in self.names if other != name]
        best = None
        for chosen in product((False, True), repeat=len(others)):
            paying = {other for other, inside in zip(others, chosen, strict=True) if inside}
            cut = sum(
                (
                    value
                    for (payer, payee), value in self.amounts.items()
                    if (payer == name or payer in paying) and (payee == name or payee not in paying)
                ),
                ZERO,
            )
            best = cut if best is None else min(best, cut)
        assert best is not None
        if not self.receipts(name) or (best == 0 and self.hidden_on_the_way(name)):
            return None
        return best

    def hidden_on_the_way(self, name: str) -> bool:
        """Say whether some payment of unknown amount lies on a way from a company back to it."""
        return any(self._reaches(name, payer) and self._reaches(payee, name) for payer, payee in self.hidden)

    def _reaches(self, start: str, goal: str) -> bool:
        seen, fresh = {start}, {start}
        while fresh:
            fresh = {payee for payer, payee in self.pairs if payer in fresh} - seen
            seen |= fresh
        return goal in seen

    def circulation(self) -> Decimal | None:
        """Find the largest circulation by the network simplex method, in millionths."""
        graph = nx.DiGraph()
        graph.add_nodes_from(self.names)
        for (payer, payee), value in self.amounts.items():
            graph.add_edge(payer, payee, capacity=int(value * 10**6), weight=-1)
        cost = nx.network_simplex(graph)[0] if self.names else 0
        most = Decimal(-cost) / 10**6
        return None if most == 0 and any(self.hidden_on_the_way(name) for name in self.names) else most

    def rings(self, longest: int = 6) -> dict[tuple[str, ...], dict[str, Any]]:
        """Try every order of up to so many companies; each ring begins at its first company by name."""
        found = {}
        for length in range(2, longest + 1):
            for ring in permutations(self.names, length):
                pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
                if ring[0] == min(ring) and all(pair in self.pairs for pair in pairs):
                    found[ring] = self._ring(pairs)
        return found

    def _ring(self, pairs: list[Pair]) -> dict[str, Any]:
        told = [self.amounts.get(pair, ZERO) for pair in pairs]
        closed = [self.amounts[pair] for pair in pairs if pair not in self.hidden]
        at_least, at_most = min(told) or None, min(closed, default=None)
        first_days = [min(edge.since for payer, payee, edge in self.edges if (payer, payee) == pair) for pair in pairs]
        return {
            "at_least": at_least,
            "at_most": at_most,
            "bottleneck": at_most if at_least == at_most else None,
            "since": max(first_days),
            "undisclosed": sum(pair in self.hidden for pair in pairs),
        }
