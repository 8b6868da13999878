"""The round trip of every company of a market at once: what can leave each and come back to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from math import gcd
from typing import TYPE_CHECKING, Final, Generic

from projections.measures.amounts import Amount
from projections.measures.circularity import Circulation, RoundTrip, round_trip_of
from projections.measures.compression import integer_circulation
from projections.measures.flows import Edges, Flows, Pair, add_up, in_integers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MarketCircularity", "market_circularity", "round_trips"]

# The solver counts in 32 bits, and an edge with its reverse edge may hold the sum of both.
_BITS: Final = 30
_MOST: Final = 2**_BITS - 1
_WIDEST: Final = 2**61


@dataclass(frozen=True, slots=True)
class MarketCircularity(Generic[Amount]):
    """The round trip of each company in some edge, by company, and the largest circulation of the whole."""

    round_trips: Mapping[str, RoundTrip[Amount]]
    circulation: Circulation[Amount]


def round_trips(edges: Edges[Amount]) -> dict[str, RoundTrip[Amount]]:
    """Return what `round_trip` returns for each company in some edge, by company; exact."""
    return dict(market_circularity(edges).round_trips)


def market_circularity(edges: Edges[Amount]) -> MarketCircularity[Amount]:
    """Return what `round_trip` gives for each company and `circulation` for all, at a small part of the cost; exact.

    What passes through a company in one circulation returns to it, for a circulation is a sum of rings; so the largest
    circulation is a floor of every round trip, most often the round trip itself, and else the place to search on from.
    """
    flows: Flows[Amount] = add_up(edges)
    companies = sorted({name for pair in (*flows.amounts, *flows.undisclosed) for name in pair})
    outlay, receipts = _sums(flows)
    rings = _parts(companies, [*flows.amounts, *flows.undisclosed])
    hidden: dict[int, int] = {}
    for payer, payee in flows.undisclosed:
        if rings[payer] == rings[payee]:
            hidden[rings[payer]] = hidden.get(rings[payer], 0) + 1
    back, carried = _solve(flows, companies)
    reply = flows.reply
    zero = Decimal(0)
    trips = {}
    for name in companies:
        amount, out, into = back.get(name, zero), outlay.get(name, zero), receipts.get(name, zero)
        trips[name] = RoundTrip(
            amount=reply(amount),
            outlay=reply(out),
            receipts=reply(into),
            of_outlay=reply.or_none(amount / out if out else None),
            of_receipts=reply.or_none(amount / into if into else None),
            undisclosed=hidden.get(rings[name], 0),
        )
    circulating, total = sum(carried.values(), zero), flows.total()
    whole = Circulation(
        circulating=reply(circulating),
        total=reply(total),
        share=reply.or_none(circulating / total if total else None),
        per_edge={pair: reply(carried.get(pair, zero)) for pair in flows.amounts},
        undisclosed=len(flows.undisclosed),
    )
    return MarketCircularity(trips, whole)


def _sums(flows: Flows[Amount]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    outlay: dict[str, Decimal] = {}
    receipts: dict[str, Decimal] = {}
    for (payer, payee), amount in flows.amounts.items():
        outlay[payer] = outlay.get(payer, Decimal(0)) + amount
        receipts[payee] = receipts.get(payee, Decimal(0)) + amount
    return outlay, receipts


def _parts(companies: list[str], pairs: Iterable[Pair]) -> dict[str, int]:
    """Return, for each company, the number of its strongly connected part: a leg lies on some way round just where both its ends are in one."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    if not companies:
        return {}
    index = {name: number for number, name in enumerate(companies)}
    legs = [(index[payer], index[payee]) for payer, payee in pairs]
    tails, heads = [tail for tail, _ in legs], [head for _, head in legs]
    graph = csr_matrix((np.ones(len(legs), dtype=np.int32), (tails, heads)), shape=(len(companies), len(companies)))
    _, labels = connected_components(graph, directed=True, connection="strong")
    return {name: int(label) for name, label in zip(companies, labels, strict=True)}


def _solve(flows: Flows[Amount], companies: list[str]) -> tuple[dict[str, Decimal], dict[Pair, Decimal]]:
    """Return each company's round trip and what each leg carries in the largest circulation, part by part.

    Companies and legs on no way round are left out.
    """
    capacities, unit = in_integers(flows.amounts)
    part = _parts(companies, capacities)
    members: dict[int, dict[Pair, int]] = {}
    for pair, capacity in capacities.items():
        if part[pair[0]] == part[pair[1]]:
            members.setdefault(part[pair[0]], {})[pair] = capacity
    back: dict[str, Decimal] = {}
    carried: dict[Pair, Decimal] = {}
    for legs in members.values():
        # Amounts are mostly round: counted in their common unit they fit the solver.
        common = reduce(gcd, legs.values())
        counted = {pair: capacity // common for pair, capacity in legs.items()}
        circulating = integer_circulation(counted)
        carried |= {pair: amount * common * unit for pair, amount in circulating.items()}
        if sum(counted.values()) > _WIDEST:
            back |= {
                name: Decimal(round_trip_of(flows, name).amount) for name in {name for pair in legs for name in pair}
            }
            continue
        network = _Network(counted, circulating)
        back |= {name: amount * common * unit for name, amount in network.round_trips()}
    return back, carried


class _Network:
    """One strongly connected part as arrays that serve every origin in turn.

    Cells hold, row by row, every leg, its reverse, and for every company a leg to and from one more node, the place of
    return. To ask about an origin the legs that lead to it are bent to that node; nothing has to be built anew.
    """

    def __init__(self, capacities: Mapping[Pair, int], circulating: Mapping[Pair, int]) -> None:
        import numpy as np

        self.names = sorted({name for pair in capacities for name in pair})
        index = {name: number for number, name in enumerate(self.names)}
        self.home = home = len(self.names)
        given = {(index[payer], index[payee]): pair for pair in capacities for payer, payee in [pair]}
        cells = {(node, home) for node in range(home)} | given.keys()
        ordered = sorted(cells | {(head, tail) for tail, head in cells})
        place = {cell: number for number, cell in enumerate(ordered)}
        self.indices = np.array([head for _, head in ordered], dtype=np.int32)
        self.indptr = np.searchsorted([tail for tail, _ in ordered], np.arange(home + 2)).astype(np.int32)
        self.mirror = np.array([place[head, tail] for tail, head in ordered], dtype=np.intp)
        pairs = [given.get(cell) for cell in ordered]
        self.capacity: NDArray[np.int64] = np.array([capacities[pair] if pair else 0 for pair in pairs], dtype=np.int64)
        self.carried: NDArray[np.int64] = np.array(
            [circulating.get(pair, 0) if pair else 0 for pair in pairs], dtype=np.int64
        )
        # What may still flow along each cell: the rest of the leg, and back along its reverse.
        self.left = self.capacity - self.carried + self.carried[self.mirror]
        self.to_home = np.array([place[node, home] for node in range(home)], dtype=np.intp)
        self.step = _BITS - len(ordered).bit_length()

    def round_trips(self) -> Iterator[tuple[str, int]]:
        """Yield each company with the most that can come back to it, in units of the capacities."""
        import numpy as np

        for origin, name in enumerate(self.names):
            out = np.arange(self.indptr[origin], self.indptr[origin + 1] - 1)
            into = self.mirror[out]
            bound = int(min(self.capacity[out].sum(), self.capacity[into].sum()))
            returned = int(self.carried[out].sum())
            if returned < bound:
                left = self.left.copy()
                left[out] = self.capacity[out] - self.carried[out]
                left[into] = self.carried[out]
                home = self.to_home[self.indices[out]]
                left[home] = self.capacity[into] - self.carried[into]
                left[self.mirror[home]] = self.carried[into]
                returned += self._flow(left, origin, bound - returned)
            yield name, returned

    def _flow(self, left: NDArray[np.int64], origin: int, bound: int) -> int:
        """Return the maximum flow, at most `bound`, by rounds that count in ever smaller units of a power of two.

        After a round in units of 2^k less than 2^k is left on each leg of some cut, so the next round, in units of
        2^(k - step), has fewer than 2^30 of them to carry: it fits the solver, whatever the amounts. Source: capacity
        scaling, Gabow (1985).
        """
        import numpy as np
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import maximum_flow

        shift, carried = max(0, bound.bit_length() - _BITS), 0
        while True:
            fits = np.minimum(left >> shift, _MOST).astype(np.int32)
            graph = csr_matrix((fits, self.indices, self.indptr), shape=(self.home + 1, self.home + 1))
            solved = maximum_flow(graph, origin, self.home)
            carried += int(solved.flow_value) << shift
            if shift == 0 or carried == bound:
                return carried
            left = left - (solved.flow.data.astype(np.int64) << shift)
            shift = max(0, shift - self.step)
