"""The round trips of a whole market at once are those of each company asked alone."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import circulation, round_trip
from projections.measures.roundtrips import market_circularity, round_trips
from tests.projections.measures.graphs import Edge, Known, graphs

# From one smallest unit to more than a solver of 32, or even 64, bits can count in one go.
AMOUNTS = st.one_of(
    st.none(),
    st.integers(0, 50).map(Decimal),
    st.decimals(min_value=0, max_value=10**6, places=6, allow_nan=False, allow_infinity=False),
    st.integers(0, 10**16).map(Decimal),
    st.integers(0, 10**26).map(Decimal),
)

NAMES = st.sampled_from("ABCDEFG")


@given(st.lists(st.tuples(NAMES, NAMES, AMOUNTS), max_size=24))
def test_each_company_as_if_asked_alone(edges: list[Edge]) -> None:
    market = market_circularity(edges)
    together, whole = market.round_trips, market.circulation
    flowing = {name for u, v, amount in edges if u != v and (amount is None or amount > 0) for name in (u, v)}
    assert together == {name: round_trip(edges, name) for name in flowing}
    alone = circulation(edges)
    assert (whole.circulating, whole.total, whole.share) == (alone.circulating, alone.total, alone.share)
    assert (whole.undisclosed, whole.per_edge.keys()) == (alone.undisclosed, alone.per_edge.keys())
    assert sum(whole.per_edge.values(), Decimal(0)) == whole.circulating


@pytest.mark.parametrize("digits", [3, 9, 12, 16])
def test_dense_graphs_of_wide_amounts(digits: int) -> None:
    """Rounds in ever smaller units have to add up: amounts of many digits, many ways round, capacities that differ much."""
    rng = random.Random(digits)
    names = [f"company-{number}" for number in range(40)]
    edges: list[Edge] = [
        (*rng.sample(names, 2), Decimal(rng.randint(1, 10 ** rng.randint(1, digits))) / 100)  # type: ignore[misc]  # a pair and an amount
        for _ in range(500)
    ]
    together = round_trips(edges)
    assert {name: trip.amount for name, trip in together.items()} == {
        name: round_trip(edges, name).amount for name in names
    }


def test_plain_numbers_answer_in_plain_numbers() -> None:
    seed = [("NVDA", "OAI", 100), ("OAI", "ORCL", 300), ("ORCL", "NVDA", 40)]
    assert {name: trip.amount for name, trip in round_trips(seed).items()} == {"NVDA": 40, "OAI": 40, "ORCL": 40}
    assert round_trips([]) == {}


@given(graphs("ABCDE", 14))
def test_all_round_trips_at_once_are_those_one_by_one(edges: list[Known]) -> None:
    legs: list[Edge] = [(u, v, None if number == 0 else x) for number, (u, v, x) in enumerate(edges)]
    together = round_trips(legs)
    assert together == {name: round_trip(legs, name) for name in together}
    assert {name for u, v, x in edges[1:] if u != v and x for name in (u, v)} <= together.keys()
