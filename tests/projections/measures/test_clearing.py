"""Clearing and claims: the axioms of the models, plain iteration as the oracle, and the printed cases."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import (
    Clearing,
    NotANumberError,
    OutOfRangeError,
    ShapeError,
    eisenberg_noe,
    executory_claim,
    rogers_veraart,
)
from tests.effort import examples
from tests.projections.measures.answers import Answers, Found, Given

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


@examples(40)
@given(systems())
def test_clearing_is_the_limit_of_plain_iteration(system: System) -> None:
    assert eisenberg_noe(*system).payments == pytest.approx(by_iteration(system, 1, 1), abs=1e-3)


@examples(40)
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


@given(systems())
def test_clearing_holds_its_axioms(system: System) -> None:
    holds_its_axioms(eisenberg_noe(*system), system, 1, 1)


@given(systems(), UNIT, UNIT)
def test_clearing_with_costs_holds_its_axioms(system: System, alpha: float, beta: float) -> None:
    holds_its_axioms(rogers_veraart(*system, alpha, beta), system, alpha, beta)


@given(systems())
def test_without_costs_money_is_neither_made_nor_lost(system: System) -> None:
    owed, assets, outside = system
    result = eisenberg_noe(*system)
    to_outside = sum(out - lost for out, lost in zip(outside, result.outside_loss, strict=True))
    assert sum(assets) == pytest.approx(sum(result.equity_after) + to_outside, abs=1e-6)
    assert len(result.payments) == len(owed)


@given(systems(), UNIT, UNIT, UNIT, UNIT)
def test_better_recovery_never_worsens_a_loss(system: System, a1: float, a2: float, b1: float, b2: float) -> None:
    worse = rogers_veraart(*system, min(a1, a2), min(b1, b2))
    better = rogers_veraart(*system, max(a1, a2), max(b1, b2))
    for i in range(len(worse.payments)):
        assert better.payments[i] >= worse.payments[i] - NEAR
        assert better.loss[i] <= worse.loss[i] + NEAR
        assert better.outside_loss[i] <= worse.outside_loss[i] + NEAR


@given(systems(), st.integers(0, 5), st.integers(1, 50))
def test_more_cash_for_one_harms_nobody(system: System, who: int, more: int) -> None:
    owed, assets, outside = system
    richer = [cash + (more if i == who else 0) for i, cash in enumerate(assets)]
    before, after = eisenberg_noe(*system), eisenberg_noe(owed, richer, outside)
    assert all(new >= old - NEAR for new, old in zip(after.payments, before.payments, strict=True))


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


def test_amounts_in_dollars_come_without_the_noise_of_floating_point() -> None:
    billion = Decimal(10**9)
    owed = [[Decimal(0), 60 * billion, Decimal(0)], [Decimal(0), Decimal(0), 70 * billion], [Decimal(0)] * 3]
    result = eisenberg_noe(owed, [40 * billion, 35 * billion, Decimal(0)], [20 * billion, Decimal(0), Decimal(0)])
    assert list(result.payments) == [40 * billion, 65 * billion, 0]
    third = eisenberg_noe([[Decimal(0), 3 * billion], [Decimal(0)] * 2], [billion / 3, Decimal(0)])
    assert third.payments[0] == Decimal("333333333.33333")


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
    missing: list[Any] = [None, 1]
    with pytest.raises(NotANumberError, match="liabilities must hold finite numbers"):
        eisenberg_noe([[0, 1], missing], [1, 1])
    with pytest.raises(ShapeError, match="a row of liabilities"):
        eisenberg_noe([[0, 1], [1]], [1, 1])
    with pytest.raises(OutOfRangeError, match="external assets must not be negative"):
        eisenberg_noe([[0]], [-1])
    with pytest.raises(OutOfRangeError, match="alpha and beta"):
        rogers_veraart([[0]], [1], None, 1.5, 1)


def test_clearing_with_default_costs_as_systemicrisk_prints_it() -> None:
    # CRAN systemicrisk, default_clearing(L, ea, el, alpha = 0.5, beta = 0.7), example output
    result = rogers_veraart(
        [[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]], [0.5, 0.625, 0.75], [1.5, 0.5, 0.5], alpha=0.5, beta=0.7
    )
    assert result.payments == pytest.approx([0.5020200, 0.5147049, 0.5653806], abs=5e-8)
    assert result.default == (True, True, True)


def three_banks(given: Given) -> Found:
    result = eisenberg_noe(given["L"], given["e"], given["ext_liab"])
    return {"p": result.payments, "default": result.default}


def cascade(given: Given) -> Found:
    result = eisenberg_noe(given["L"], given["e"], given["ext_liab"])
    assert result.recovery[2:] == (None, None), "nothing due, no recovery rate"
    return {
        "p": result.payments,
        "recovery": result.recovery[:2],
        "orcl_receives": result.received[1],
        "nvda_receives": result.received[2],
        "lender_receives": result.received[3],
        "loss": {
            "oai_other": result.outside_loss[0],
            "ORCL": result.loss[1],
            "NVDA": result.loss[2],
            "LEND": result.loss[3],
        },
    }


ANSWERS: Answers = {
    "str.en.systemicrisk": three_banks,
    "str.cascade.openai_en": cascade,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
