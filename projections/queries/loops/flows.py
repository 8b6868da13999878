"""The money-flow graph: which company pays which, on one basis, with the legs behind every edge and what was left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from projections.clocks import Clocks
from projections.queries.asked import Rows, by_point, main_currency, points
from projections.queries.counted import keep_claims
from projections.queries.loops.basis import FlowBasis
from projections.warehouse import Warehouse

__all__ = ["Edges", "Flow", "Graph", "Hop", "Pair", "Sources", "draw", "read_sources"]

Pair = tuple[str, str]
Edges = list[tuple[str, str, Decimal | None]]
Paid = dict[tuple[str, str | None], Decimal]

_OTHER_LAYER = "other"
_LEGS = """
SELECT f.*, k.positions
FROM flow_legs($1, 'legs_counted', 'claims_at', $2) AS f INNER JOIN evidence_counted AS k ON f.pt = k.pt AND f.deal = k.deal AND f.leg = k.leg
ORDER BY f.pt, f.deal, f.leg, f.payer NULLS LAST
"""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a graph is drawn from at one clock triple: rows of `flow_legs`, layers by company, payments of the window."""

    rows: Rows
    layers: Mapping[str, str]
    paid: Paid


@dataclass(frozen=True, slots=True)
class Flow:
    """One leg (for a loan, one lender's part of it) as it counts in a graph.

    `known` is the disclosed amount in the graph's currency; `undisclosed` says that more may flow. `amount` and
    `currency` are the leg's own.
    """

    leg: str
    kind: str
    payer: str
    payee: str
    status: str
    amount: Decimal | None
    currency: str | None
    known: Decimal
    undisclosed: bool
    undated: bool
    foreign: bool
    since: dt.date
    positions: tuple[int, ...]


@dataclass(slots=True)
class Hop:
    """All legs by which one company pays another: `known` is what is disclosed, `is_open` that it may be more.

    `since` is the day since which the one pays the other.
    """

    since: dt.date
    known: Decimal = Decimal(0)
    is_open: bool = False
    flows: list[Flow] = field(default_factory=list)

    def add(self, flow: Flow) -> None:
        """Count one more leg in."""
        self.flows.append(flow)
        self.known += flow.known
        self.is_open = self.is_open or flow.undisclosed
        self.since = min(self.since, flow.since)


@dataclass(slots=True)
class Graph:
    """Who pays whom in one currency on one basis; `hops` by (payer, payee), and what could not be drawn.

    `idle` are legs that count nothing on this basis; `inside` those between companies that the graph holds for one;
    `unnamed` loans, or parts of them, whose lender is not told.
    """

    basis: FlowBasis
    currency: str | None
    hops: dict[Pair, Hop]
    idle: Rows
    inside: list[Flow]
    unnamed: Rows

    def flows(self) -> list[Flow]:
        """List the legs drawn, in the order of the hops."""
        return [flow for hop in self.hops.values() for flow in hop.flows]

    def edges(self) -> Edges:
        """Return the graph as the measures take it; an open hop with a disclosed part is two edges."""
        edges: Edges = []
        for (payer, payee), hop in self.hops.items():
            if hop.known:
                # Idle zeros would make the flow algorithms count in millionths.
                edges.append((payer, payee, hop.known.normalize()))
            if hop.is_open:
                edges.append((payer, payee, None))
        return edges


def read_sources(
    warehouse: Warehouse, clocks: Sequence[Clocks], *, basis: FlowBasis, include_ended: bool = False
) -> list[Sources]:
    """Read the legs that may be drawn at many clock triples in one pass."""
    at, count = points(clocks), len(clocks)
    keep_claims(warehouse, at, with_ended=include_ended)
    rows = by_point(warehouse.query(_LEGS, [at, include_ended]), count)
    layers = by_point(warehouse.query("SELECT pt, company, layer FROM layers($1)", [at]), count)
    paid: list[Rows] = [[] for _ in clocks]
    if basis.name == "performed" and basis.window_months is not None:
        paid = by_point(warehouse.query("SELECT * FROM paid_within($1, $2)", [at, basis.window_months]), count)
    return [
        Sources(
            rows[i],
            {row["company"]: row["layer"] for row in layers[i]},
            {(row["leg_ref"], row["currency"]): row["paid"] for row in paid[i] if row["paid"] is not None},
        )
        for i in range(count)
    ]


def draw(sources: Sources, *, basis: FlowBasis, currency: str | None = None, by_layer: bool = False) -> Graph:
    """Draw the graph of one clock triple.

    `currency` None takes USD where any amount is in it, else the first by name; a leg in another currency is an edge of
    unknown capacity, for currencies are never added. `by_layer` makes each layer of the stack one node.
    """
    counted = [(row, basis.part(row, sources.paid)) for row in sources.rows if row["kind"] != "guarantee"]
    unit = currency or main_currency(row["currency"] for row, part in counted if part.known > 0)
    graph = Graph(basis, unit, {}, [], [], [])
    for row, part in counted:
        if not part.known and not part.undisclosed:
            graph.idle.append(row)
            continue
        if row["payer"] is None:
            graph.unnamed.append({**row, "known": part.known})
            continue
        foreign = part.known > 0 and row["currency"] != unit
        payer, payee = (
            sources.layers.get(name, _OTHER_LAYER) if by_layer else name for name in (row["payer"], row["payee"])
        )
        flow = Flow(
            leg=row["leg_ref"],
            kind=row["kind"],
            payer=payer,
            payee=payee,
            status=row["status"],
            amount=part.known or None,
            currency=row["currency"],
            known=Decimal(0) if foreign else part.known,
            undisclosed=part.undisclosed or foreign,
            undated=part.undated and not foreign,
            foreign=foreign,
            since=basis.day(row),
            positions=tuple(row["positions"]),
        )
        if payer == payee:
            graph.inside.append(flow)
            continue
        graph.hops.setdefault((payer, payee), Hop(flow.since)).add(flow)
    return graph
