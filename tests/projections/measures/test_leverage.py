"""Debt that is imputed, debt that rests on letters, and who pays for it: what holds for any numbers, and the printed cases."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import imputed_debt, loi_backed_share, shadow_leverage, vendor_financing_ratio
from tests.projections.measures.answers import Answers, Found, Given

MONEY = st.decimals(min_value=0, max_value=10**9, places=4)


@given(MONEY, st.integers(1, 40), st.decimals(0, "0.3", places=4), st.decimals(0, 1, places=2))
def test_imputed_debt_repays_itself(payment: Decimal, years: int, rate: Decimal, factor: Decimal) -> None:
    """Pay the annuity down year by year: after the last payment nothing is owed."""
    debt = imputed_debt(payment, years, rate, Decimal(1))
    assert debt is not None
    owed = debt
    for _ in range(years):
        owed = owed * (1 + rate) - payment
    assert abs(owed) <= Decimal("1e-9") * (1 + payment)
    assert imputed_debt(payment, years, rate, factor) == pytest.approx(debt * factor)
    assert imputed_debt(None, years, rate, factor) is None


def test_debt_on_a_letter_of_intent() -> None:
    assert loi_backed_share([(38, True), (58, False)]) == pytest.approx(38 / 96)
    assert loi_backed_share([(38, True), (None, False)]) is None
    assert loi_backed_share([(0, True)]) is None


@pytest.mark.parametrize(
    ("rate", "years", "factor"), [("0.07", 10, "7.0236"), ("0.10", 5, "3.7908"), ("0.05", 20, "12.4622")]
)
def test_annuity_factors_of_the_interest_tables(rate: str, years: int, factor: str) -> None:
    # present value of an ordinary annuity of 1, as every table prints it
    value = imputed_debt(Decimal(1), years, Decimal(rate), Decimal(1))
    assert value is not None
    assert round(value, 4) == Decimal(factor)


def third_party_debt(given: Given) -> Found:
    result = shadow_leverage(
        own_drawn=given["own_drawn"],
        partners_executed=given["borrowed"] + given["dependent"],
        partners_in_talks=given["in_talks"],
        revenue=given["arr"],
    )
    return {
        "total": result.total,
        "executed": result.executed,
        "total_to_arr": result.total_to_revenue,
        "executed_to_arr": result.executed_to_revenue,
    }


def vendors(given: Given) -> Found:
    return {
        "lucent_99": vendor_financing_ratio(given["lucent"], given["lucent_rev_fy99"]),
        "lucent_00": vendor_financing_ratio([given["lucent"]], given["lucent_rev_fy00"]),
        "nvda_85": vendor_financing_ratio([given["nvda_direct"]], given["nvda_fy25"]),
        "nvda_67": vendor_financing_ratio(
            [given["nvda_direct"], given["nvda_plus_debt"] - given["nvda_direct"]], given["nvda_ltm"]
        ),
    }


ANSWERS: Answers = {
    "lev.third_party_debt": third_party_debt,
    "cir.vendor_financing": vendors,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
