"""Contagion on long claims: single and repeated DebtRank and Furfine's cascade, by what must hold of any, and as printed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import Furfine, NotANumberError, OutOfRangeError, debtrank, differential_debtrank, furfine
from tests.projections.measures.answers import Answers, Found, Given

Matrix = list[list[float]]
Network = tuple[Matrix, list[float], list[float]]
NEAR = 1e-7

# Hundredths: a shock below the point at which rounds end (1e-13) is no shock to test.
UNIT = st.integers(0, 100).map(lambda hundredths: hundredths / 100)


@st.composite
def claims(draw: st.DrawFn) -> Network:
    size = draw(st.integers(1, 5))
    assets = [[0.0 if i == j else float(draw(st.integers(0, 10))) for j in range(size)] for i in range(size)]
    equity = [float(draw(st.integers(0, 30))) for _ in range(size)]
    return assets, equity, [draw(UNIT) for _ in range(size)]


@given(claims())
def test_a_single_hit_is_at_most_the_repeated_one(network: Network) -> None:
    once, repeated = debtrank(*network), differential_debtrank(*network)
    assert all(a <= b + NEAR for a, b in zip(once.h, repeated.h, strict=True))
    assert all(h0 - NEAR <= h <= 1 for h0, h in zip(network[2], once.h, strict=True))
    assert repeated.converged


@given(claims(), st.integers(0, 4), UNIT)
def test_a_larger_shock_never_lowers_a_loss(network: Network, who: int, raised: float) -> None:
    assets, equity, shock = network
    larger = [max(h, raised) if i == who else h for i, h in enumerate(shock)]
    before, after = differential_debtrank(assets, equity, shock), differential_debtrank(assets, equity, larger)
    assert all(b >= a - NEAR for a, b in zip(before.h, after.h, strict=True))


@given(claims())
def test_repeated_rounds_end_where_h_equals_shock_plus_losses(
    network: Network,
) -> None:
    assets, equity, shock = network
    h = differential_debtrank(assets, equity, shock).h
    for i, own in enumerate(equity):
        lost = sum(assets[i][j] * h[j] for j in range(len(h)))
        felt = lost / own if own > 0 else float(lost > 0)
        assert h[i] == pytest.approx(min(1.0, shock[i] + felt), abs=1e-6)


@given(claims(), st.sets(st.integers(0, 4), max_size=2), st.decimals(0, 1, places=2))
def test_furfine_ends_where_nobody_else_must_fail(network: Network, first: set[int], lgd: Decimal) -> None:
    assets, equity, _ = network
    start = {i for i in first if i < len(equity)}
    result = furfine(assets, equity, start, float(lgd))
    failed = set(result.defaults)
    assert start <= failed
    for i, own in enumerate(equity):
        lost = sum(float(lgd) * assets[i][j] for j in failed if j != i)
        assert result.loss[i] == pytest.approx(lost)
        assert (i in failed) == (i in start or (result.loss[i] > 0 and result.loss[i] >= own))


@given(claims(), st.decimals(0, 1, places=2), st.decimals(0, 1, places=2))
def test_a_larger_loss_given_default_never_saves_anyone(network: Network, one: Decimal, other: Decimal) -> None:
    assets, equity, _ = network
    mild, harsh = (furfine(assets, equity, [0], float(lgd)) for lgd in sorted((one, other)))
    assert set(mild.defaults) <= set(harsh.defaults)


@given(claims(), st.sets(st.integers(0, 4), max_size=2), st.sampled_from([0.0, 0.25, 0.4, 1.0]))
def test_furfine_takes_arrays_and_decimals_alike(network: Network, first: set[int], lgd: float) -> None:
    assets, equity, _ = network
    start = {i for i in first if i < len(equity)}
    plain = furfine(assets, equity, start, lgd)
    arrays: list[Any] = [np.array(assets), np.array(equity)]
    from_arrays: Furfine[float] = furfine(arrays[0], arrays[1], start, lgd)
    in_decimal = furfine(
        [[Decimal(str(claim)) for claim in row] for row in assets],
        [Decimal(str(own)) for own in equity],
        start,
        Decimal(str(lgd)),
    )
    for other in (from_arrays, in_decimal):
        assert (other.defaults, other.default_round) == (plain.defaults, plain.default_round)
        assert [float(lost) for lost in other.loss] == pytest.approx(plain.loss)


def test_a_loss_equal_to_the_equity_is_failure_and_no_loss_never_is() -> None:
    result = furfine([[0, 0, 0], [10, 0, 0], [0, 0, 0]], [0, 5, 0], [0], 0.5)
    assert (result.defaults, result.default_round) == ((0, 1), (0, 1, None))


def test_slow_losses_are_flagged_and_not_passed_off_as_final() -> None:
    result = differential_debtrank([[0, 1], [1, 0]], [1.0001, 1.0001], [0.000001, 0], rounds_max=10)
    assert not result.converged
    assert result.rounds == 10


def test_what_is_missing_or_impossible_is_refused() -> None:
    missing: list[Any] = [1, None]
    with pytest.raises(NotANumberError, match="equity must hold finite numbers"):
        debtrank([[0, 1], [1, 0]], missing, [1, 0])
    with pytest.raises(OutOfRangeError, match="between 0 and 1"):
        debtrank([[0]], [1], [2])
    with pytest.raises(OutOfRangeError, match="failed rows"):
        furfine([[0]], [1], [3], 1.0)


def ranks(model: Callable[..., Any]) -> Callable[[Given], Found]:
    def answer(given: Given) -> Found:
        def value(first: int) -> Any:  # noqa: ANN401 - of either kind of number
            shock = [given["equity"][0] * 0 + (i == first) for i in range(3)]
            return model(given["assets"], given["equity"], shock, given["weights"]).value

        return {name: value(first) for first, name in enumerate("abc")}

    return answer


def furfine_case(given: Given) -> Found:
    nodes = given["nodes"]
    result = furfine(given["assets"], given["equity"], [nodes.index(name) for name in given["seed"]], given["lgd"])
    return {"defaults": [nodes[i] for i in result.defaults], "loss": result.loss}


ANSWERS: Answers = {
    "str.debtrank2012.single": ranks(debtrank),
    "str.debtrank2015.same_network": ranks(differential_debtrank),
    "str.debtrank2015.cycle": lambda given: {
        "h": differential_debtrank(given["assets"], given["equity"], given["h0"]).h
    },
    "str.furfine.openai": furfine_case,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
