"""Circularity against independent oracles: every cut, every whole price, every cycle, and the plain series."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import product

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import (
    OutOfRangeError,
    circulation,
    finn_cycling_index,
    hodge_split,
    loop_gain,
    round_trip,
    simple_loops,
    vendor_financing_ratio,
)
from projections.measures.compression import _network_simplex, _on_some_loop, _prices, _settle, integer_circulation
from projections.measures.roundtrips import round_trips
from tests.effort import examples

Edge = tuple[str, str, Decimal | None]
Known = tuple[str, str, Decimal]

MONEY = st.decimals(min_value=0, max_value=10**9, places=6, allow_nan=False, allow_infinity=False)


def graphs(names: str, most: int) -> st.SearchStrategy[list[Known]]:
    """Sparse graphs and dense ones: left alone, hypothesis draws few legs, and few legs close few rings."""
    legs = st.tuples(st.sampled_from(names), st.sampled_from(names), MONEY)
    return st.one_of(st.lists(legs, max_size=most), st.lists(legs, min_size=most - 2, max_size=most))


def summed(edges: list[Known]) -> dict[tuple[str, str], Decimal]:
    total: dict[tuple[str, str], Decimal] = {}
    for payer, payee, amount in edges:
        if payer != payee and amount > 0:
            total[payer, payee] = total.get((payer, payee), Decimal(0)) + amount
    return total


def smallest_cut(edges: list[Known], origin: str) -> Decimal:
    """Max-flow min-cut, by trying every set of companies on the paying side."""
    others = sorted({name for edge in edges for name in edge[:2]} - {origin})
    cuts = []
    for chosen in product((False, True), repeat=len(others)):
        paying = {name for name, inside in zip(others, chosen, strict=True) if inside}
        cuts.append(
            sum(
                (
                    amount
                    for (payer, payee), amount in summed(edges).items()
                    if (payer == origin or payer in paying) and (payee == origin or payee not in paying)
                ),
                Decimal(0),
            )
        )
    return min(cuts)


@given(graphs("ABCDEF", 14))
def test_round_trip_is_the_smallest_cut(edges: list[Known]) -> None:
    assert round_trip(edges, "A").amount == smallest_cut(edges, "A")


@given(graphs("ABCDEF", 14))
def test_round_trip_is_at_most_outlay_and_receipts(edges: list[Known]) -> None:
    result = round_trip(edges, "A")
    assert 0 <= result.amount <= min(result.outlay, result.receipts)
    assert result.outlay == sum((x for (payer, _), x in summed(edges).items() if payer == "A"), Decimal(0))
    assert (result.of_outlay is None) == (result.outlay == 0)
    assert (result.of_receipts is None) == (result.receipts == 0)


@given(graphs("ABCDE", 14))
def test_all_round_trips_at_once_are_those_one_by_one(edges: list[Known]) -> None:
    legs: list[Edge] = [(u, v, None if number == 0 else x) for number, (u, v, x) in enumerate(edges)]
    together = round_trips(legs)
    assert together == {name: round_trip(legs, name) for name in together}
    assert {name for u, v, x in edges[1:] if u != v and x for name in (u, v)} <= together.keys()


@given(graphs("ABCD", 10))
def test_circulation_meets_its_bound_from_every_price(edges: list[Known]) -> None:
    """For any prices, sum of f max(0, 1 - p_u + p_v) bounds every circulation; the least bound is the optimum."""
    flows = summed(edges)
    bounds = [
        sum((x * max(0, 1 - price[u] + price[v]) for (u, v), x in flows.items()), Decimal(0))
        for rest in product(range(-3, 4), repeat=3)
        for price in [dict(zip("ABCD", (0, *rest), strict=True))]
    ]
    result = circulation(edges)
    assert result.circulating == min(bounds)
    assert sum(result.per_edge.values(), Decimal(0)) == result.circulating
    assert all(0 <= some <= flows[pair] for pair, some in result.per_edge.items())
    for name in "ABCD":
        paid = sum((some for (payer, _), some in result.per_edge.items() if payer == name), Decimal(0))
        received = sum((some for (_, payee), some in result.per_edge.items() if payee == name), Decimal(0))
        assert paid == received


@given(graphs("ABCDE", 12))
def test_circulation_is_at_most_the_total_flow(edges: list[Known]) -> None:
    result = circulation(edges)
    assert 0 <= result.circulating <= result.total == sum(summed(edges).values(), Decimal(0))
    assert result.share == (result.circulating / result.total if result.total else None)


@given(graphs("ABCDE", 12), st.data())
def test_a_leg_less_never_raises_either(edges: list[Known], data: st.DataObject) -> None:
    if edges:
        gone = data.draw(st.integers(0, len(edges) - 1))
        fewer = edges[:gone] + edges[gone + 1 :]
        assert circulation(fewer).circulating <= circulation(edges).circulating
        assert round_trip(fewer, "A").amount <= round_trip(edges, "A").amount


@given(graphs("ABCDE", 10))
def test_a_round_trip_circulates(edges: list[Known]) -> None:
    """Money back at A has crossed at least two legs."""
    assert 2 * round_trip(edges, "A").amount <= circulation(edges).circulating


@given(graphs("ABCDE", 10))
def test_parallel_legs_and_their_order_do_not_matter(edges: list[Known]) -> None:
    halves = [(u, v, x / 2) for u, v, x in edges for _ in range(2)]
    assert circulation(halves[::-1]).circulating == circulation(edges).circulating
    assert round_trip(halves[::-1], "B") == round_trip(edges, "B")


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE")).filter(lambda pair: pair[0] != pair[1]),
        st.integers(1, 10).flatmap(lambda digits: st.integers(1, 10 ** (2 * digits))),
        max_size=14,
    )
)
def test_the_slow_way_without_floating_point_agrees(capacities: dict[tuple[str, str], int]) -> None:
    looped = _on_some_loop(capacities)
    slow = _network_simplex(looped) if looped else {}
    assert sum(integer_circulation(capacities).values()) == sum(slow.values())


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


def test_whole_prices_prove_the_optimum_without_the_slow_way() -> None:
    rng = random.Random(3)
    for _ in range(20):
        pairs = {(rng.choice("ABCDEFGH"), rng.choice("ABCDEFGH")): rng.randint(1, 10**6) for _ in range(30)}
        looped = _on_some_loop({pair: amount for pair, amount in pairs.items() if pair[0] != pair[1]})
        if looped:
            settled = _settle(looped, _prices(looped))
            assert settled is not None
            assert sum(settled.values()) == sum(_network_simplex(looped).values())


@given(graphs("ABCDEF", 25), st.integers(1, 5))
def test_a_truncated_list_is_the_head_of_the_whole(edges: list[Known], limit: int) -> None:
    everything, head = simple_loops(edges, limit=None), simple_loops(edges, limit=limit)
    assert [loop.at_most for loop in head] == [loop.at_most for loop in everything[:limit]]
    assert set(head) <= set(everything)
    assert head.truncated == (len(everything) > limit)


def returns_by_series(flows: list[list[int]], throughflow: list[int], node: int) -> float:
    """1 - 1/n_ii with n_ii = 1 + G_ii + (GG)_ii + …, one step at a time."""
    size = len(flows)
    at = [1.0 if i == node else 0.0 for i in range(size)]
    visits = 0.0
    for _ in range(3_000):
        visits += at[node]
        at = [sum(at[i] * flows[i][j] / throughflow[i] for i in range(size)) for j in range(size)]
    return 1 - 1 / visits


@examples(25)
@given(
    st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
)
def test_finn_index_is_the_series(rows: list[list[int]], inflow: list[int]) -> None:
    # every company loses something, so that the series converges
    through = [max(sum(row[j] for row in rows) + inflow[j], sum(rows[j]) + 1) for j in range(3)]
    outside = [through[j] - sum(row[j] for row in rows) for j in range(3)]
    expected = sum(returns_by_series(rows, through, i) * through[i] for i in range(3))
    assert finn_cycling_index(rows, outside) == pytest.approx(expected / sum(through), abs=1e-9)


@given(graphs("ABCDE", 12).filter(bool))
def test_loop_gain_lies_in_its_interval(edges: list[Known]) -> None:
    result = loop_gain(edges)
    assert 0 <= result.gain <= 1
    assert all(0 <= gain <= 1 for gain in result.by_node.values())
    trip = round_trip(edges, result.origin)
    # what is traced pro rata is itself a flow within the legs, so the maximum flow bounds it
    assert result.low <= result.pro_rata <= result.high + trip.outlay * Decimal("1e-9")
    assert result.high == trip.amount
    assert result.gain == 0 or result.high > 0


def test_money_that_cannot_leave_comes_back_for_certain() -> None:
    result = loop_gain([("A", "B", 100), ("B", "A", 100)])
    assert (result.gain, result.multiplier, result.pro_rata, result.high) == (1, None, 100, 100)


def test_legs_of_unknown_amount_are_edges_without_capacity() -> None:
    edges = [("A", "B", 100), ("B", "C", None), ("C", "A", 50), ("C", "D", None)]
    result = round_trip(edges, "A")
    assert (result.amount, result.of_receipts, result.undisclosed) == (0, 0, 1)
    assert circulation(edges).undisclosed == 2
    (loop,) = simple_loops(edges)
    assert (loop.nodes, loop.bottleneck, loop.at_most, loop.amounts) == (("A", "B", "C"), None, 50, (100, None, 50))


def test_a_payment_to_oneself_is_no_round_trip() -> None:
    edges = [("A", "A", 10), ("A", "B", 5)]
    assert (round_trip(edges, "A").amount, round_trip(edges, "A").outlay) == (0, 5)
    assert circulation(edges).total == 5
    assert len(simple_loops(edges)) == 0


def test_nothing_to_share_is_none_and_not_0() -> None:
    assert circulation([]).share is None
    assert finn_cycling_index([[0]], [0]) is None
    assert hodge_split([]).ratio is None
    assert round_trip([("A", "B", 1)], "B").of_outlay is None
    assert vendor_financing_ratio([1, None], 10) is None
    assert vendor_financing_ratio([1], 0) is None


def test_impossible_graphs_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="amount from A to B"):
        round_trip([("A", "B", -1)], "A")
    with pytest.raises(OutOfRangeError, match="at least one edge"):
        loop_gain([])
    with pytest.raises(OutOfRangeError, match="Z is in no edge"):
        loop_gain([("A", "B", 1)], origin="Z")
    with pytest.raises(OutOfRangeError, match="at least 1 entry"):
        simple_loops([("A", "B", 1)], limit=0)
