"""The circulation in whole numbers: the quick way and the slow one agree."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from projections.measures.compression import _network_simplex, _on_some_loop, _prices, _settle, integer_circulation


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


def test_whole_prices_prove_the_optimum_without_the_slow_way() -> None:
    rng = random.Random(3)
    for _ in range(20):
        pairs = {(rng.choice("ABCDEFGH"), rng.choice("ABCDEFGH")): rng.randint(1, 10**6) for _ in range(30)}
        looped = _on_some_loop({pair: amount for pair, amount in pairs.items() if pair[0] != pair[1]})
        if looped:
            settled = _settle(looped, _prices(looped))
            assert settled is not None
            assert sum(settled.values()) == sum(_network_simplex(looped).values())
