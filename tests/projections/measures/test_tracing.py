"""Loop gain within its interval, Finn's index as the plain series and as it is printed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import finn_cycling_index, loop_gain, multiple, round_trip
from tests.effort import examples
from tests.projections.measures.answers import Answers, Found, Given
from tests.projections.measures.graphs import Known, graphs


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


def test_finn_index_of_cone_spring() -> None:
    # Tilly (1968): plants, bacteria, detritus feeders, carnivores, detritus; kcal per square metre and year (recalled,
    # every compartment balances with its exports and respiration). The index 0.0919 was read on ecologycenter.us
    flows = [
        [0, 0, 0, 0, 8881],
        [0, 0, 75, 0, 1600],
        [0, 0, 0, 370, 200],
        [0, 0, 0, 0, 167],
        [0, 5205, 2309, 0, 0],
    ]
    assert finn_cycling_index(flows, [11184, 0, 0, 0, 635]) == pytest.approx(0.0919, abs=5e-5)


def seed_finn(given: Given) -> Found:
    nodes = given["nodes"]
    edges = [(a, b, given["F"][i][j]) for i, a in enumerate(nodes) for j, b in enumerate(nodes)]
    outside = dict(zip(nodes, given["z"], strict=True))
    result = loop_gain(edges, outside)
    return {
        "T": [round_trip(edges, node).receipts + outside[node] for node in nodes],
        "loop_gain": result.gain,
        "multiplier": result.multiplier,
        "FCI": finn_cycling_index(given["F"], given["z"]),
    }


def seed_tracing(given: Given) -> Found:
    edges = [
        ("NVDA", "OAI", given["invest"]),
        ("OAI", "ORCL", given["pool_orcl"]),
        ("ORCL", "NVDA", given["return_leg"]),
    ]
    result = loop_gain(edges, {"OAI": given["pool_oai"] - given["invest"]})
    return {
        "earmarked": result.high,
        "prorata": result.pro_rata,
        "lower": result.low,
        "prorata_share_of_invest": result.gain,
        "prorata_share_of_revenue": multiple(result.pro_rata, given["return_leg"]),
    }


ANSWERS: Answers = {
    "cir.seed.finn": seed_finn,
    "cir.seed.tracing": seed_tracing,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
