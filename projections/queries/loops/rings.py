"""The loop list: companies that pay one another in a ring, with the legs, the tightest place and the day it closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projections.kinds import Form, Listed
from projections.queries.asked import Rows
from projections.queries.loops.flows import Edges, Flow, Graph, Hop, Pair

__all__ = ["BROKEN_RING", "RING", "RingList", "broken_rings", "list_rings", "ring_name"]

Ring = tuple[str, ...]

_LEG: Form = {
    "leg": "text",
    "kind": "word",
    "status": "status",
    "amount": "money",
    "currency": "text",
    "since": "date",
}
_HOP: Form = {"from": "text", "to": "text", "amount": "money", "undisclosed": "count", "legs": Listed(_LEG)}
RING: Form = {
    "name": "text",
    "companies": "list",
    "bottleneck": "money",
    "at_least": "money",
    "at_most": "money",
    "undisclosed": "count",
    "since": "date",
    "legs": Listed(_HOP),
    "events": "list",
}
BROKEN_RING: Form = {"name": "text", "because": "list"}


def ring_name(companies: Iterable[str]) -> str:
    """Name a ring by its companies in the order of payment, the first one again at the end."""
    names = tuple(companies)
    return " → ".join((*names, names[0]))


@dataclass(frozen=True, slots=True)
class RingList:
    """The rings found: the first of them in full, how many there are, and whether there are more than were looked for."""

    listed: Rows
    count: int
    is_floor: bool


def list_rings(
    graph: Graph, *, length_max: int, amount_min: Decimal | None, company: str | None, limit: int
) -> RingList:
    """List the rings of a graph, those of one company if asked for, the tightest place largest first.

    Of each: `companies`, `bottleneck` (the most that can go round; None where an undisclosed amount decides),
    `at_least` and `at_most` (what the disclosed amounts say of it), `since` (the day its last leg came), `legs`, and
    `positions` for citing.
    """
    rings, more = _find(graph, length_max, amount_min, company)
    tight = sorted((_tightness(graph, ring) for ring in rings), key=_rank)
    hops = _Hops(graph)
    return RingList([hops.in_full(ring) for ring in tight[:limit]], len(tight), more)


def broken_rings(stated: Graph, graph: Graph, *, length_max: int, company: str | None) -> Rows:
    """List the rings of the stated amounts that the graph does not have, each with the legs that count nothing in it."""
    rings, _ = _find(stated, length_max, None, company)
    broken = []
    for ring in rings:
        missing = [pair for pair in _pairs(ring) if pair not in graph.hops]
        if missing:
            idle = sorted({(flow.leg, flow.status) for pair in missing for flow in stated.hops[pair].flows})
            broken.append({"name": ring_name(ring), "because": [f"{leg} ({status})" for leg, status in idle]})
    return sorted(broken, key=lambda row: (row["name"].count("→"), row["name"]))


def _find(graph: Graph, length_max: int, amount_min: Decimal | None, company: str | None) -> tuple[list[Ring], bool]:
    from projections.measures import simple_loops

    # An open hop may carry more than is disclosed of it, so no minimum rules it out and it is no one's bottleneck.
    edges: Edges = [
        (payer, payee, None if hop.is_open else hop.known.normalize()) for (payer, payee), hop in graph.hops.items()
    ]
    found = simple_loops(edges, length_max, amount_min)
    return [loop.nodes for loop in found if company is None or company in loop.nodes], found.truncated


def _pairs(ring: Ring) -> list[Pair]:
    return list(zip(ring, ring[1:] + ring[:1], strict=True))


def _tightness(graph: Graph, ring: Ring) -> dict[str, Any]:
    hops = [graph.hops[pair] for pair in _pairs(ring)]
    at_most = min((hop.known for hop in hops if not hop.is_open), default=None)
    at_least = min(hop.known for hop in hops) or None
    return {
        "name": ring_name(ring),
        "companies": list(ring),
        "bottleneck": at_most if at_most == at_least else None,
        "at_least": at_least,
        "at_most": at_most,
        "undisclosed": sum(hop.is_open for hop in hops),
        "since": max(hop.since for hop in hops),
    }


class _Hops:
    """Hops in full, each written out once however many rings pass it."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._told: dict[Pair, dict[str, Any]] = {}
        self._positions: dict[Pair, frozenset[int]] = {}

    def in_full(self, ring: dict[str, Any]) -> dict[str, Any]:
        """Add its legs and the log positions they rest on to a ring."""
        pairs = _pairs(tuple(ring["companies"]))
        for pair in pairs:
            if pair not in self._told:
                hop = self._graph.hops[pair]
                self._told[pair] = _hop(pair, hop)
                self._positions[pair] = frozenset(position for flow in hop.flows for position in flow.positions)
        positions = frozenset().union(*(self._positions[pair] for pair in pairs))
        return {**ring, "legs": [self._told[pair] for pair in pairs], "positions": sorted(positions)}


def _hop(pair: Pair, hop: Hop) -> dict[str, Any]:
    return {
        "from": pair[0],
        "to": pair[1],
        "amount": hop.known or None,
        "undisclosed": sum(flow.undisclosed for flow in hop.flows),
        "legs": [_leg(flow) for flow in hop.flows],
    }


def _leg(flow: Flow) -> dict[str, Any]:
    return {
        "leg": flow.leg,
        "kind": flow.kind,
        "status": flow.status,
        "amount": flow.amount,
        "currency": flow.currency,
        "since": flow.since,
    }


def _rank(ring: dict[str, Any]) -> tuple[Any, ...]:
    """Put rings of a known bottleneck first, then by what is known of it, then the shorter."""
    figures = [ring[name] for name in ("bottleneck", "at_least", "at_most")]
    return (*(-figure if figure is not None else 1 for figure in figures), len(ring["companies"]), ring["name"])
