"""Round trips and circulation against every cut and every whole price, and the printed cases."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import (
    OutOfRangeError,
    circulation,
    finn_cycling_index,
    hodge_split,
    loop_gain,
    multiple,
    round_trip,
    simple_loops,
    vendor_financing_ratio,
)
from tests.projections.measures.answers import Answers, Found, Given
from tests.projections.measures.graphs import Known, graphs, summed


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


def test_maximum_flow_of_the_textbook_network() -> None:
    # Cormen, Leiserson, Rivest & Stein, figure 26.1 (recalled), source and sink being one company: 23
    edges = [
        ("home", "v1", 16),
        ("home", "v2", 13),
        ("v1", "v3", 12),
        ("v2", "v1", 4),
        ("v2", "v4", 14),
        ("v3", "v2", 9),
        ("v3", "home", 20),
        ("v4", "v3", 7),
        ("v4", "home", 4),
    ]
    result = round_trip(edges, "home")
    assert (result.amount, result.outlay, result.receipts) == (23, 29, 24)


def test_compressible_part_of_a_market_of_three() -> None:
    # D'Errico & Roukny: a closed chain of equal notionals is all excess, a chain that is open has none to compress
    ring = [("a", "b", 5), ("b", "c", 5), ("c", "a", 5)]
    assert circulation(ring).share == 1
    assert circulation(ring[:2]).share == 0


def seed_circulation(given: Given) -> Found:
    result = circulation(given["edges"])
    carried = [result.per_edge[payer, payee] for payer, payee, _ in given["edges"]]
    return {
        "circulating": result.circulating,
        "share": result.share,
        "per_edge": carried,
        "edge_share": [multiple(some, leg) for some, (_, _, leg) in zip(carried, given["edges"], strict=True)],
        "roundtrip": round_trip(given["edges"], "NVDA").amount,
    }


def two_cycle(given: Given) -> Found:
    return {"hodge_ratio": hodge_split(given["edges"]).ratio, "circ_share": circulation(given["edges"]).share}


def superseded(given: Given) -> Found:
    circling, trip = circulation(given["edges"]), round_trip(given["edges"], "NVDA")
    return {
        "circulating": circling.circulating,
        "share": circling.share,
        "roundtrip": trip.amount,
        "share_of_invest": trip.of_outlay,
    }


def without_intent(given: Given) -> Found:
    result = circulation(given["edges"])
    return {"circulating": result.circulating, "share": result.share}


def trip(given: Given) -> Found:
    result = round_trip(given["edges"], given["origin"])
    return {"RT": result.amount, "of_outlay": result.of_outlay, "of_receipts": result.of_receipts}


ANSWERS: Answers = {
    "cir.seed.circulation": seed_circulation,
    "cir.twocycle.hodge_blind": two_cycle,
    "cir.seed.superseded_2026": superseded,
    "cir.seed.loi_zero": without_intent,
    "cir.seed.roundtrip": trip,
    "cir.nocycle.roundtrip": trip,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
