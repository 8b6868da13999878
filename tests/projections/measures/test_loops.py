"""Simple loops are all the simple cycles that another program finds, the largest first."""

from __future__ import annotations

from decimal import Decimal

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import simple_loops
from tests.projections.measures.graphs import Edge, Known, graphs, summed

LOOSE = st.one_of(st.none(), st.integers(0, 9).map(Decimal), st.integers(1, 9).map(Decimal))


def loops_by_networkx(edges: list[Edge], length_max: int, least: Decimal) -> dict[tuple[str, ...], Decimal | None]:
    """Every simple cycle with its smallest disclosed leg, by another program."""
    known = summed([(u, v, x) for u, v, x in edges if x is not None])
    hidden = {(u, v) for u, v, x in edges if x is None and u != v}
    rings: dict[tuple[str, ...], Decimal | None] = {}
    for ring in nx.simple_cycles(nx.DiGraph([*known, *hidden]), length_bound=length_max):
        first = ring.index(min(ring))
        nodes = tuple(ring[first:] + ring[:first])
        legs = [known[pair] for pair in zip(nodes, nodes[1:] + nodes[:1], strict=True) if pair in known]
        smallest = min(legs, default=None)
        if smallest is None or smallest >= least:
            rings[nodes] = smallest
    return rings


@given(
    st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE"), LOOSE), min_size=8, max_size=24),
    st.integers(2, 6),
    st.integers(0, 5).map(Decimal),
)
def test_loops_are_all_the_simple_cycles_largest_first(edges: list[Edge], length_max: int, least: Decimal) -> None:
    expected = loops_by_networkx(edges, length_max, least)
    found = simple_loops(edges, length_max, least)
    assert not found.truncated
    assert {loop.nodes: loop.at_most for loop in found} == expected
    assert len(found) == len(expected), "no loop twice"
    ranks = [Decimal("Infinity") if loop.at_most is None else loop.at_most for loop in found]
    assert ranks == sorted(ranks, reverse=True)
    for loop in found:
        assert loop.bottleneck == (None if None in loop.amounts else min(loop.amounts, key=lambda leg: leg or 0))


@given(graphs("ABCDEF", 25), st.integers(1, 5))
def test_a_truncated_list_is_the_head_of_the_whole(edges: list[Known], limit: int) -> None:
    everything, head = simple_loops(edges, limit=None), simple_loops(edges, limit=limit)
    assert [loop.at_most for loop in head] == [loop.at_most for loop in everything[:limit]]
    assert set(head) <= set(everything)
    assert head.truncated == (len(everything) > limit)
