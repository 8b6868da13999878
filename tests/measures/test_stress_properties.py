"""Clearing and contagion: the axioms of the models, and plain iteration as the oracle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.measures import (
    Clearing,
    Furfine,
    NotANumberError,
    OutOfRangeError,
    ShapeError,
    debtrank,
    differential_debtrank,
    eisenberg_noe,
    executory_claim,
    furfine,
    rogers_veraart,
)

Matrix = list[list[float]]
System = tuple[Matrix, list[float], list[float]]

NEAR = 1e-7
UNIT = st.floats(0, 1)


@st.composite
def systems(draw: st.DrawFn) -> System:
    size = draw(st.integers(1, 6))
    amounts = st.one_of(st.just(0.0), st.integers(1, 100).map(float))
    owed = [[0.0 if i == j else draw(amounts) for j in range(size)] for i in range(size)]
    return owed, [draw(amounts) for _ in range(size)], [draw(amounts) for _ in range(size)]


@st.composite
def claims(draw: st.DrawFn) -> tuple[Matrix, list[float], list[float]]:
    size = draw(st.integers(1, 5))
    assets = [[0.0 if i == j else float(draw(st.integers(0, 10))) for j in range(size)] for i in range(size)]
    equity = [float(draw(st.integers(0, 30))) for _ in range(size)]
    return assets, equity, [draw(UNIT) for _ in range(size)]


def by_iteration(system: System, alpha: float, beta: float) -> list[float]:
    """Everyone pays in full, then what they can, and so on downwards: the greatest fixed point is the limit."""
    owed, assets, outside = system
    size = len(owed)
    dues = [sum(row) + more for row, more in zip(owed, outside, strict=True)]
    paid = list(dues)
    for _ in range(4_000):
        received = [sum(paid[i] * owed[i][j] / dues[i] for i in range(size) if dues[i]) for j in range(size)]
        paid = [
            dues[j] if assets[j] + received[j] >= dues[j] - 1e-9 else alpha * assets[j] + beta * received[j]
            for j in range(size)
        ]
    return paid


@settings(deadline=None, max_examples=40)
@given(systems())
def test_clearing_is_the_limit_of_plain_iteration(system: System) -> None:
    assert eisenberg_noe(*system).payments == pytest.approx(by_iteration(system, 1, 1), abs=1e-3)


@settings(deadline=None, max_examples=40)
@given(systems(), st.sampled_from([0.0, 0.3, 0.7, 1.0]), st.sampled_from([0.0, 0.4, 0.9]))
def test_clearing_with_costs_is_the_limit_of_plain_iteration(system: System, alpha: float, beta: float) -> None:
    assert rogers_veraart(*system, alpha, beta).payments == pytest.approx(by_iteration(system, alpha, beta), abs=1e-6)


def holds_its_axioms(result: Clearing[float], system: System, alpha: float, beta: float) -> None:
    _, assets, _ = system
    for i, paid in enumerate(result.payments):
        assert -NEAR <= paid <= result.dues[i] + NEAR, "no more than is due"
        has = assets[i] + result.received[i]
        assert paid <= has + NEAR, "limited liability"
        if result.default[i]:
            assert paid == pytest.approx(alpha * assets[i] + beta * result.received[i], abs=NEAR), "absolute priority"
            assert result.equity_after[i] == 0
        else:
            assert paid == result.dues[i]
            assert result.equity_after[i] == pytest.approx(has - paid, abs=NEAR)
    assert [number is not None for number in result.default_round] == list(result.default)


@settings(deadline=None)
@given(systems())
def test_clearing_holds_its_axioms(system: System) -> None:
    holds_its_axioms(eisenberg_noe(*system), system, 1, 1)


@settings(deadline=None)
@given(systems(), UNIT, UNIT)
def test_clearing_with_costs_holds_its_axioms(system: System, alpha: float, beta: float) -> None:
    holds_its_axioms(rogers_veraart(*system, alpha, beta), system, alpha, beta)


@settings(deadline=None)
@given(systems())
def test_without_costs_money_is_neither_made_nor_lost(system: System) -> None:
    owed, assets, outside = system
    result = eisenberg_noe(*system)
    to_outside = sum(out - lost for out, lost in zip(outside, result.outside_loss, strict=True))
    assert sum(assets) == pytest.approx(sum(result.equity_after) + to_outside, abs=1e-6)
    assert len(result.payments) == len(owed)


@settings(deadline=None)
@given(systems(), UNIT, UNIT, UNIT, UNIT)
def test_better_recovery_never_worsens_a_loss(system: System, a1: float, a2: float, b1: float, b2: float) -> None:
    worse = rogers_veraart(*system, min(a1, a2), min(b1, b2))
    better = rogers_veraart(*system, max(a1, a2), max(b1, b2))
    for i in range(len(worse.payments)):
        assert better.payments[i] >= worse.payments[i] - NEAR
        assert better.loss[i] <= worse.loss[i] + NEAR
        assert better.outside_loss[i] <= worse.outside_loss[i] + NEAR


@settings(deadline=None)
@given(systems(), st.integers(0, 5), st.integers(1, 50))
def test_more_cash_for_one_harms_nobody(system: System, who: int, more: int) -> None:
    owed, assets, outside = system
    richer = [cash + (more if i == who else 0) for i, cash in enumerate(assets)]
    before, after = eisenberg_noe(*system), eisenberg_noe(owed, richer, outside)
    assert all(new >= old - NEAR for new, old in zip(after.payments, before.payments, strict=True))


@settings(deadline=None)
@given(systems())
def test_rows_numpy_arrays_and_decimals_clear_alike(system: System) -> None:
    owed, assets, outside = system
    plain = eisenberg_noe(owed, assets, outside)
    arrays: list[Any] = [np.array(part) for part in system]
    from_arrays: Clearing[float] = eisenberg_noe(*arrays)
    assert from_arrays == plain
    in_decimal = eisenberg_noe(
        [[Decimal(str(amount)) for amount in row] for row in owed],
        [Decimal(str(cash)) for cash in assets],
        [Decimal(str(due)) for due in outside],
    )
    assert all(isinstance(paid, Decimal) for paid in in_decimal.payments)
    assert [float(paid) for paid in in_decimal.payments] == pytest.approx(plain.payments, abs=1e-6)


def test_the_round_and_the_way_of_a_default() -> None:
    # 0 cannot pay 1, whose default then reaches 2, which survives
    result = eisenberg_noe([[0, 10, 0], [0, 0, 10], [0, 0, 0]], [2, 1, 0])
    assert list(result.payments) == [2, 3, 0]
    assert result.default_round == (1, 2, None)
    assert result.came_through == (None, 0, 1)
    assert list(result.loss) == [0, 1, 7]


@settings(deadline=None)
@given(claims())
def test_a_single_hit_is_at_most_the_repeated_one(network: tuple[Matrix, list[float], list[float]]) -> None:
    once, repeated = debtrank(*network), differential_debtrank(*network)
    assert all(a <= b + NEAR for a, b in zip(once.h, repeated.h, strict=True))
    assert all(h0 - NEAR <= h <= 1 for h0, h in zip(network[2], once.h, strict=True))
    assert repeated.converged


@settings(deadline=None)
@given(claims(), st.integers(0, 4), UNIT)
def test_a_larger_shock_never_lowers_a_loss(
    network: tuple[Matrix, list[float], list[float]], who: int, raised: float
) -> None:
    assets, equity, shock = network
    larger = [max(h, raised) if i == who else h for i, h in enumerate(shock)]
    before, after = differential_debtrank(assets, equity, shock), differential_debtrank(assets, equity, larger)
    assert all(b >= a - NEAR for a, b in zip(before.h, after.h, strict=True))


@settings(deadline=None)
@given(claims())
def test_repeated_rounds_end_where_h_equals_shock_plus_losses(
    network: tuple[Matrix, list[float], list[float]],
) -> None:
    assets, equity, shock = network
    h = differential_debtrank(assets, equity, shock).h
    for i, own in enumerate(equity):
        lost = sum(assets[i][j] * h[j] for j in range(len(h)))
        felt = lost / own if own > 0 else float(lost > 0)
        assert h[i] == pytest.approx(min(1.0, shock[i] + felt), abs=1e-6)


@given(claims(), st.sets(st.integers(0, 4), max_size=2), st.decimals(0, 1, places=2))
def test_furfine_ends_where_nobody_else_must_fail(
    network: tuple[Matrix, list[float], list[float]], first: set[int], lgd: Decimal
) -> None:
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
def test_a_larger_loss_given_default_never_saves_anyone(
    network: tuple[Matrix, list[float], list[float]], one: Decimal, other: Decimal
) -> None:
    assets, equity, _ = network
    mild, harsh = (furfine(assets, equity, [0], float(lgd)) for lgd in sorted((one, other)))
    assert set(mild.defaults) <= set(harsh.defaults)


@given(claims(), st.sets(st.integers(0, 4), max_size=2), st.sampled_from([0.0, 0.25, 0.4, 1.0]))
def test_furfine_takes_arrays_and_decimals_alike(
    network: tuple[Matrix, list[float], list[float]], first: set[int], lgd: float
) -> None:
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


def test_amounts_in_dollars_come_without_the_noise_of_floating_point() -> None:
    billion = Decimal(10**9)
    owed = [[Decimal(0), 60 * billion, Decimal(0)], [Decimal(0), Decimal(0), 70 * billion], [Decimal(0)] * 3]
    result = eisenberg_noe(owed, [40 * billion, 35 * billion, Decimal(0)], [20 * billion, Decimal(0), Decimal(0)])
    assert list(result.payments) == [40 * billion, 65 * billion, 0]
    third = eisenberg_noe([[Decimal(0), 3 * billion], [Decimal(0)] * 2], [billion / 3, Decimal(0)])
    assert third.payments[0] == Decimal("333333333.33333")


def test_slow_losses_are_flagged_and_not_passed_off_as_final() -> None:
    result = differential_debtrank([[0, 1], [1, 0]], [1.0001, 1.0001], [0.000001, 0], rounds_max=10)
    assert not result.converged
    assert result.rounds == 10


MONEY = st.decimals(min_value=0, max_value=10**6, places=2)


@given(MONEY, MONEY, MONEY, MONEY, MONEY, MONEY)
def test_a_claim_on_an_executory_contract_is_never_its_face(
    invoices: Decimal, charge: Decimal, price: Decimal, relet: Decimal, remaining: Decimal, prepaid: Decimal
) -> None:
    claim = executory_claim(
        unpaid_invoices=invoices,
        termination_charge=charge,
        contract_price=price,
        relet_price=relet,
        remaining=remaining,
        prepayments=prepaid,
    )
    assert claim is not None
    assert 0 <= claim <= invoices + charge + price * remaining
    if relet >= price:
        assert claim == max(Decimal(0), invoices + charge - prepaid)


def test_an_undisclosed_part_makes_the_claim_not_computable() -> None:
    parts: dict[str, Any] = {
        "unpaid_invoices": 1,
        "termination_charge": 2,
        "contract_price": 9,
        "relet_price": 4,
        "prepayments": 3,
    }
    assert executory_claim(**parts, remaining=10) == 50
    for name in parts:
        assert executory_claim(**(parts | {name: None}), remaining=10) is None
    assert executory_claim(**parts, remaining=None) is None


def test_what_is_missing_or_misshapen_is_refused() -> None:
    missing: list[Any] = [1, None]
    with pytest.raises(NotANumberError, match="equity must hold finite numbers"):
        debtrank([[0, 1], [1, 0]], missing, [1, 0])
    with pytest.raises(NotANumberError, match="liabilities must hold finite numbers"):
        eisenberg_noe([[0, 1], missing[::-1]], [1, 1])
    with pytest.raises(ShapeError, match="a row of liabilities"):
        eisenberg_noe([[0, 1], [1]], [1, 1])
    with pytest.raises(OutOfRangeError, match="external assets must not be negative"):
        eisenberg_noe([[0]], [-1])
    with pytest.raises(OutOfRangeError, match="alpha and beta"):
        rogers_veraart([[0]], [1], None, 1.5, 1)
    with pytest.raises(OutOfRangeError, match="between 0 and 1"):
        debtrank([[0]], [1], [2])
    with pytest.raises(OutOfRangeError, match="failed rows"):
        furfine([[0]], [1], [3], 1.0)
