"""How much of the money that companies pay one another can come back to where it started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Generic

from projections.measures.amounts import Amount
from projections.measures.compression import integer_circulation
from projections.measures.flows import Edges, Flows, Pair, add_up, in_integers, reachable

__all__ = ["Circulation", "RoundTrip", "circulation", "round_trip"]

OUT: Final = "payments of"
IN: Final = "receipts of"


@dataclass(frozen=True, slots=True)
class RoundTrip(Generic[Amount]):
    """The most that can leave a company and come back to it, in money and as a share.

    `of_outlay` is None if the company pays nothing out, `of_receipts` is None if nothing comes in: then there is no
    round trip to speak of, and `amount` is 0. `undisclosed` counts legs of unknown amount that lie on some way round:
    above 0, `amount` is a floor.
    """

    amount: Amount
    outlay: Amount
    receipts: Amount
    of_outlay: Amount | None
    of_receipts: Amount | None
    undisclosed: int


@dataclass(frozen=True, slots=True)
class Circulation(Generic[Amount]):
    """The most that can circulate at once, as a sum over legs and as a share of all flow (None without flow).

    `circulating` is unique; `per_edge` is *one* way to attain it, among possibly many. `undisclosed` counts pairs of
    companies with a leg of unknown amount, which carries nothing here.
    """

    circulating: Amount
    total: Amount
    share: Amount | None
    per_edge: Mapping[Pair, Amount]
    undisclosed: int


def round_trip(edges: Edges[Amount], origin: str) -> RoundTrip[Amount]:
    """Return the maximum flow from a company's payments back to its receipts, each leg carrying at most its amount.

    Exact: amounts become integers for the flow algorithm. Payments of a company to itself are no round trip. Source:
    Ford & Fulkerson (1956), max-flow min-cut.

    Reference: the product asks for all companies at once (`roundtrips.market_circularity`), with the same
    results.
    """
    return round_trip_of(add_up(edges), origin)


def round_trip_of(flows: Flows[Amount], origin: str) -> RoundTrip[Amount]:
    """Return the round trip of a graph that has been added up already."""
    outlay, receipts = flows.paid_by(origin), flows.received_by(origin)
    legs = flows.amounts.keys() | flows.undisclosed
    back = reachable(((payee, payer) for payer, payee in legs), origin)
    on_the_way = reachable(legs, origin) & back
    amount = _max_flow({pair: value for pair, value in flows.amounts.items() if on_the_way.issuperset(pair)}, origin)
    reply = flows.reply
    return RoundTrip(
        amount=reply(amount),
        outlay=reply(outlay),
        receipts=reply(receipts),
        of_outlay=reply.or_none(amount / outlay if outlay else None),
        of_receipts=reply.or_none(amount / receipts if receipts else None),
        undisclosed=sum(on_the_way.issuperset(pair) for pair in flows.undisclosed),
    )


def _max_flow(amounts: Mapping[Pair, Decimal], origin: str) -> Decimal:
    if not any(payer == origin for payer, _ in amounts) or not any(payee == origin for _, payee in amounts):
        return Decimal(0)
    import networkx as nx

    capacities, unit = in_integers(amounts)
    graph = nx.DiGraph()
    for (payer, payee), capacity in capacities.items():
        # the origin is cut in two: money leaves the one half and must arrive at the other
        tail = (OUT, payer) if payer == origin else payer
        head = (IN, payee) if payee == origin else payee
        graph.add_edge(tail, head, capacity=capacity)
    return int(nx.maximum_flow_value(graph, (OUT, origin), (IN, origin))) * unit


def circulation(edges: Edges[Amount]) -> Circulation[Amount]:
    """Return the largest circulation: as much flow as conservation at every company and the legs' amounts allow.

    max sum c_e, with in = out at every company and 0 <= c_e <= f_e, a linear programme; `share` is its value over the
    total flow. Exact: see `integer_circulation`. Source: D'Errico & Roukny, Compressing over-the-counter markets
    (2021), conservative compression.

    Reference: the product circulates the whole market at once (`roundtrips.market_circularity`), with the same
    result.
    """
    flows = add_up(edges)
    capacities, unit = in_integers(flows.amounts)
    carried = integer_circulation(capacities)
    circulating, total = sum(carried.values()) * unit, flows.total()
    reply = flows.reply
    return Circulation(
        circulating=reply(circulating),
        total=reply(total),
        share=reply.or_none(circulating / total if total else None),
        per_edge={pair: reply(carried.get(pair, 0) * unit) for pair in capacities},
        undisclosed=len(flows.undisclosed),
    )
