"""The largest circulation of a flow graph, exactly: a linear programme proposes, integers prove."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from projections.measures.flows import Pair

__all__ = ["integer_circulation"]

LARGEST_CAPACITY: Final = 1e6
"""The solver's tolerances are absolute (1e-7); at this scale both they and rounding stay far below any real leg."""


def integer_circulation(capacities: Mapping[Pair, int]) -> dict[Pair, int]:
    """Return, for each leg on a loop, what it carries in one largest circulation of the graph.

    The programme's matrix is totally unimodular, so its prices (the dual solution) are whole numbers even though the
    solver works in floating point. With prices p, a leg u->v gains 1 - p_u + p_v: legs that gain are full, legs that
    lose are empty, and the rest carry whatever balances every company, which an integer maximum flow decides. If it
    balances, the circulation is optimal by complementary slackness. If rounding ever spoilt the prices, the
    network simplex method finds the answer in integers alone, only slower.
    """
    looped = _on_some_loop(capacities)
    if not looped:
        return {}
    settled = _settle(looped, _prices(looped))
    return _network_simplex(looped) if settled is None else settled


def _on_some_loop(capacities: Mapping[Pair, int]) -> dict[Pair, int]:
    """Return the legs within a strongly connected part: no other leg can circulate."""
    import networkx as nx

    part = {
        company: number
        for number, companies in enumerate(nx.strongly_connected_components(nx.DiGraph(list(capacities))))
        for company in companies
    }
    return {pair: capacity for pair, capacity in capacities.items() if part[pair[0]] == part[pair[1]]}


def _prices(capacities: Mapping[Pair, int]) -> dict[str, int]:
    """Return a price for each company from the dual of max sum c_e, in = out, 0 <= c_e <= f_e."""
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    companies = list(dict.fromkeys(company for pair in capacities for company in pair))
    index = {company: number for number, company in enumerate(companies)}
    legs = np.arange(len(capacities))
    ends = np.array([[index[payer] for payer, _ in capacities], [index[payee] for _, payee in capacities]])
    conservation = csr_array(
        (np.repeat([1.0, -1.0], len(legs)), (ends.ravel(), np.tile(legs, 2))), shape=(len(companies), len(legs))
    )
    largest = max(capacities.values())
    upper = np.array([LARGEST_CAPACITY * (capacity / largest) for capacity in capacities.values()])
    solved = linprog(
        -np.ones(len(legs)),
        A_eq=conservation,
        b_eq=np.zeros(len(companies)),
        bounds=np.column_stack([np.zeros(len(legs)), upper]),
        method="highs-ds",  # simplex: its dual solution is a vertex, hence integral
    )
    prices = np.zeros(len(companies)) if solved.status else -solved.eqlin.marginals
    return {company: round(float(price)) for company, price in zip(companies, prices, strict=True)}


def _settle(capacities: Mapping[Pair, int], prices: Mapping[str, int]) -> dict[Pair, int] | None:
    """Return the circulation that these prices support, or None if there is none."""
    import networkx as nx

    carried: dict[Pair, int] = {}
    excess = dict.fromkeys(prices, 0)
    graph = nx.DiGraph()
    for (payer, payee), capacity in capacities.items():
        gain = 1 - prices[payer] + prices[payee]
        if gain == 0:
            graph.add_edge((payer,), (payee,), capacity=capacity)
        carried[payer, payee] = capacity if gain > 0 else 0
        excess[payer] -= carried[payer, payee]
        excess[payee] += carried[payer, payee]
    surplus = sum(amount for amount in excess.values() if amount > 0)
    if surplus == 0:
        return carried
    for company, amount in excess.items():
        if amount > 0:
            graph.add_edge("source", (company,), capacity=amount)
        elif amount < 0:
            graph.add_edge((company,), "sink", capacity=-amount)
    value, flow = nx.maximum_flow(graph, "source", "sink")
    if value < surplus:
        return None
    return carried | _between_companies(flow)


def _network_simplex(capacities: Mapping[Pair, int]) -> dict[Pair, int]:
    import networkx as nx

    graph = nx.DiGraph()
    for (payer, payee), capacity in capacities.items():
        graph.add_edge((payer,), (payee,), capacity=capacity, weight=-1)
    _, flow = nx.network_simplex(graph)
    return _between_companies(flow)


def _between_companies(flow: Mapping[Any, Mapping[Any, int]]) -> dict[Pair, int]:
    return {
        (tail[0], head[0]): amount
        for tail, heads in flow.items()
        if isinstance(tail, tuple)
        for head, amount in heads.items()
        if isinstance(head, tuple)
    }
