"""The Herfindahl index lies between even and monopoly, its bounds hold however the unknown is shared, and the printed bands."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import effective_names, herfindahl, herfindahl_bounds, top_share
from projections.measures.concentration import concentration_band
from tests.projections.measures.answers import Answers

SHARES = st.lists(st.decimals(min_value=0, max_value=100, places=3), max_size=12)
TINY = Decimal("1e-15")


@given(SHARES)
def test_the_index_lies_between_even_and_monopoly(shares: list[Decimal]) -> None:
    index = herfindahl(shares)
    if index is None:
        assert not any(shares)
        return
    assert Decimal(10_000) / len(shares) - TINY <= index <= 10_000
    names = effective_names(index)
    assert names is not None
    assert 1 <= names <= len(shares) + TINY
    first = top_share(shares, 1)
    assert first is not None
    assert 10_000 * first * first - TINY <= index <= 10_000 * first + TINY


@given(SHARES, st.decimals(min_value="0.001", max_value=1000, places=3))
def test_only_proportions_count(shares: list[Decimal], scale: Decimal) -> None:
    scaled, plain = herfindahl([share * scale for share in shares]), herfindahl(shares)
    assert scaled == (None if plain is None else pytest.approx(plain))


@given(SHARES.filter(any), SHARES, st.decimals(min_value=0, max_value=50, places=3))
def test_bounds_hold_however_the_unknown_is_shared(known: list[Decimal], hidden: list[Decimal], cap: Decimal) -> None:
    capped = [min(share, cap) for share in hidden]
    whole = sum(known + capped, Decimal(0))
    truth = herfindahl(known + capped)
    loose = herfindahl_bounds(known, whole=whole)
    assert truth is not None
    assert loose is not None
    assert loose.low - TINY <= truth <= loose.high + TINY
    if cap > 0:
        tight = herfindahl_bounds(known, whole=whole, each_at_most=cap)
        assert tight is not None
        assert loose.low == tight.low
        assert truth <= tight.high + TINY
        assert tight.high <= loose.high + TINY


def test_a_remainder_of_a_tenth_each_at_most() -> None:
    # 45 % named; the rest in pieces of at most 10 %: five of 10 and one of 5
    bounds = herfindahl_bounds([45], whole=100, each_at_most=10)
    assert bounds is not None
    assert (bounds.low, bounds.high) == (2025, 2025 + 5 * 100 + 25)
    assert herfindahl([0.45], whole=1) == 2025


def test_band_edges() -> None:
    assert [concentration_band(index) for index in (999.9, 1000, 1800, Decimal("1800.1"))] == [
        "unconcentrated",
        "moderately concentrated",
        "moderately concentrated",
        "highly concentrated",
    ]


@pytest.mark.parametrize(
    ("shares", "index", "band"),
    [
        ([30, 30, 20, 20], 2600, "highly concentrated"),
        ([10] * 10, 1000, "moderately concentrated"),
        ([5] * 20, 500, "unconcentrated"),
    ],
)
def test_bands_of_the_2023_merger_guidelines(shares: list[int], index: int, band: str) -> None:
    found = herfindahl(shares)
    assert found == index
    assert concentration_band(index) == band


ANSWERS: Answers = {
    "exp.hhi.doj4": lambda given: {"HHI": herfindahl(given["shares"])},
    "exp.hhi.4b": lambda given: {"HHI": herfindahl(given["shares"])},
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
