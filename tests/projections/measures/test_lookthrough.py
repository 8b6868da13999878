"""Look-through solves its equation, and the shares that were published."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import OutOfRangeError, ShapeError, look_through, unexplained
from tests.projections.measures.answers import Answers, Found, Given

MONEY = st.decimals(min_value=0, max_value=10**9, places=4)
ROWS = st.integers(1, 5).flatmap(
    lambda size: st.lists(
        st.lists(st.decimals(min_value=0, max_value="0.15", places=2), min_size=size, max_size=size),
        min_size=size,
        max_size=size,
    )
)


@given(ROWS, st.data())
def test_look_through_solves_its_equation(dependency: list[list[Decimal]], data: st.DataObject) -> None:
    size = len(dependency)
    direct = data.draw(st.lists(MONEY, min_size=size, max_size=size))
    seen = look_through(direct, dependency)
    assert seen is not None
    for j in range(size):
        through = sum((seen[i] * dependency[i][j] for i in range(size)), Decimal(0))
        assert abs(seen[j] - through - direct[j]) <= Decimal("1e-14")
        assert seen[j] >= direct[j]
    assert look_through([direct, direct], dependency) == [seen, seen]


@given(st.lists(MONEY, min_size=1, max_size=6))
def test_without_dependency_look_through_is_direct(direct: list[Decimal]) -> None:
    assert look_through(direct, [[Decimal(0)] * len(direct) for _ in direct]) == direct


def test_total_mutual_dependency_has_no_sum() -> None:
    assert look_through([1, 0], [[0, 1], [1, 0]]) is None
    assert look_through([1, 0], [[0.5, 0.6], [0.6, 0.5]]) is None
    with pytest.raises(ShapeError, match="direct exposure"):
        look_through([1], [[0, 1], [0, 0]])
    with pytest.raises(OutOfRangeError, match="dependency must not be negative"):
        look_through([1], [[-0.1]])


def openai_in_rpo(given: Given) -> Found:
    nothing = given["rpo"] * 0
    seen = look_through([given["rpo"], nothing], [[nothing, given["share"]], [nothing, nothing]])
    assert seen is not None
    return {"openai": seen[1], "other": unexplained(given["rpo"], [seen[1]])}


def two_hops(given: Given) -> Found:
    nothing = given["lender_to_crwv"] * 0
    seen = look_through(
        [given["lender_to_crwv"], nothing, nothing],
        [
            [nothing, given["crwv_rev_share_msft"], nothing],
            [nothing, nothing, given["msft_rpo_share_openai"]],
            [nothing, nothing, nothing],
        ],
    )
    assert seen is not None
    return {"lookthrough": seen[2]}


def leontief(given: Given) -> Found:
    one, nothing = given["f"][0] / given["f"][0], given["f"][0] * 0
    transposed = [list(column) for column in zip(*given["A"], strict=True)]
    return {
        "L": look_through([[one, nothing], [nothing, one]], given["A"]),
        "x": look_through(given["f"], transposed),
    }


ANSWERS: Answers = {
    "exp.msft.rpo.openai": openai_in_rpo,
    "exp.lookthrough.two_hop": two_hops,
    "cir.leontief.miller_blair": leontief,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
