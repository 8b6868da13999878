"""The Helmholtz-Hodge split of a flow graph, for comparison with published work only: its circular part is not money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

from projections.measures.amounts import Amount
from projections.measures.flows import Edges, Pair, add_up

__all__ = ["Hodge", "hodge_split"]


@dataclass(frozen=True, slots=True)
class Hodge(Generic[Amount]):
    """Net flow over each pair of companies as a gradient and a circular part.

    `potential` is in the order of `nodes`, its sum 0, upstream companies high; `pairs`, `gradient` and `circular` go
    together, positive from the first of a pair to the second. `ratio` is the circular share of the squared net flow,
    0 where mutual payments net to nothing, None where there are none.
    """

    nodes: tuple[str, ...]
    pairs: tuple[Pair, ...]
    potential: tuple[Amount, ...]
    gradient: tuple[Amount, ...]
    circular: tuple[Amount, ...]
    ratio: Amount | None


def hodge_split(edges: Edges[Amount]) -> Hodge[Amount]:
    """Return the least-squares split of net flows f into B phi and a circular rest.

    Not for headlines: it nets mutual payments to nothing (A invests in B, B buys from A: ratio 0), and its circular
    part may exceed the smallest leg of the only loop. Use `round_trip` and `circulation`. Floating point.
    Source: Jiang et al. (2011); Kichikawa et al. (2019), Appl. Netw. Sci. 4.

    Apart: the product prints round trips and circulation.
    """
    import numpy as np

    listed = list(edges)
    flows = add_up(listed)
    nodes = tuple(dict.fromkeys(company for payer, payee, _ in listed for company in (payer, payee)))
    index = {company: number for number, company in enumerate(nodes)}
    net: dict[Pair, float] = {}
    for (payer, payee), amount in flows.amounts.items():
        forward = index[payer] < index[payee]
        pair = (payer, payee) if forward else (payee, payer)
        net[pair] = net.get(pair, 0.0) + float(amount if forward else -amount)
    pairs = tuple(sorted(net, key=lambda pair: (index[pair[0]], index[pair[1]])))
    slopes = np.zeros((len(pairs), len(nodes)))
    for row, (first, second) in enumerate(pairs):
        slopes[row, index[first]], slopes[row, index[second]] = 1.0, -1.0
    flow = np.array([net[pair] for pair in pairs])
    # the least-norm solution of the normal equations: in each connected part the potentials add up to 0
    potential = np.linalg.pinv(slopes) @ flow if pairs else np.zeros(len(nodes))
    gradient = slopes @ potential
    circular = flow - gradient
    strength = float(flow @ flow) or 1.0
    reply = flows.reply
    return Hodge(
        nodes=nodes,
        pairs=pairs,
        potential=reply.moneys(potential),
        gradient=reply.moneys(gradient),
        circular=reply.moneys(circular),
        ratio=reply.ratio(float(circular @ circular) / strength) if pairs else None,
    )
