"""Multiples, growth and gaps: what holds for any numbers, and the cases of the big commitments."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import (
    NotANumberError,
    ShapeError,
    funding_gap,
    growth_line,
    implied_growth,
    multiple,
    required_revenue,
    revenue_to_service,
    shadow_leverage,
    yearly_shortfalls,
)
from tests.projections.measures.answers import Answers, Found, Given

MONEY = st.decimals(min_value=0, max_value=10**9, places=4)
POSITIVE = st.decimals(min_value="0.01", max_value=10**9, places=4)
TINY = Decimal("1e-12")


@given(POSITIVE, POSITIVE, st.integers(1, 30))
def test_growth_leads_from_start_to_end(start: Decimal, end: Decimal, years: int) -> None:
    growth = implied_growth(start, end, years)
    assert growth is not None
    assert start * (1 + growth) ** years == pytest.approx(end)
    line = growth_line(growth, [Decimal(0), Decimal(years)])
    assert line is not None
    assert line == pytest.approx([Decimal(100), 100 * end / start])


@pytest.mark.parametrize(
    ("start", "end", "years"), [(0, 5, 1), (-1, 5, 1), (1, -5, 1), (1, 5, 0), (1, 5, -2), (None, 5, 1), (1, None, 1)]
)
def test_growth_from_nothing_is_not_computable(start: int | None, end: int | None, years: int) -> None:
    assert implied_growth(start, end, years) is None


@pytest.mark.parametrize(("commitment", "revenue"), [(None, 5), (5, None), (5, 0), (5, -3)])
def test_a_bad_denominator_is_none_and_never_0(commitment: int | None, revenue: int | None) -> None:
    assert multiple(commitment, revenue) is None
    assert required_revenue(commitment, revenue) is None
    assert revenue_to_service(commitment, revenue) is None
    leverage = shadow_leverage(own_drawn=1, partners_executed=2, partners_in_talks=3, revenue=0)
    assert (leverage.total, leverage.total_to_revenue, leverage.executed_to_revenue) == (6, None, None)


YEARS = st.lists(st.tuples(MONEY, MONEY), max_size=6)


@given(YEARS, st.decimals(0, 1, places=2), MONEY, MONEY)
def test_the_gap_is_what_cash_and_revenue_leave(
    years: list[tuple[Decimal, Decimal]], share: Decimal, cash: Decimal, facility: Decimal
) -> None:
    commitments, revenue = [due for due, _ in years], [income for _, income in years]
    short = yearly_shortfalls(commitments, revenue, share)
    assert short is not None
    assert all(0 <= year <= due for year, due in zip(short, commitments, strict=True))
    gap = funding_gap(commitments, revenue, share, cash, committed_financing=[facility])
    assert gap == max(Decimal(0), sum(short, Decimal(0)) - cash - facility)
    # a surplus in one year does not pay for another, so the gap is at least that of the sums
    assert gap is not None
    assert gap >= sum(commitments, Decimal(0)) - share * sum(revenue, Decimal(0)) - cash - facility - TINY


def test_an_undisclosed_year_makes_the_gap_not_computable() -> None:
    assert funding_gap([30, None], [25, 50], 1, 0) is None
    assert funding_gap([30, 60], [25, None], 1, 0) is None
    assert funding_gap([30], [25], 1, None) is None
    assert yearly_shortfalls([None], [1], 1) is None
    with pytest.raises(ShapeError, match="revenue"):
        funding_gap([30], [25, 1], 1, 0)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), True, "ten"])
def test_what_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(NotANumberError, match="commitment must be"):
        multiple(bad, 5)


def test_the_answer_speaks_the_language_of_the_question() -> None:
    in_json, in_money = multiple(1, 3), multiple(Decimal(1), Decimal(3))
    assert (type(in_json), type(in_money)) == (float, Decimal)
    assert in_money == Decimal(1) / Decimal(3)
    assert multiple(0.3, Decimal("0.1")) == 3, "a float counts as the decimal it is written as"  # type: ignore[type-var] # mixed on purpose
    assert multiple("1400", "20") == Decimal(70)  # type: ignore[type-var] # money as it stands in an event


def openai_run_rate(given: Given) -> Found:
    annualised = multiple(given["commit"], given["years"])
    return {
        "multiple": multiple(given["commit"], given["arr"]),
        "annualised": annualised,
        "annual_to_arr": multiple(annualised, given["arr"]),
    }


def openai_2030(given: Given) -> Found:
    return {
        "multiple": multiple(given["compute_to_2030"], given["arr_2026_02"]),
        "cagr_2025_2030": implied_growth(given["rev_2025"], given["rev_2030"], 5),
    }


def oracle(given: Given) -> Found:
    return {
        "on_guide": multiple(given["rpo"], given["fy_guide"]),
        "on_annualised": multiple(given["rpo"], 4 * given["q_rev"]),
        "q2_on_ltm": multiple(given["rpo_q2"], given["ltm_q2"]),
        # "+325 %" means times 4.25
        "prior_year_rpo": multiple(given["rpo"], 1 + given["yoy"]),
    }


def tokens(given: Given) -> Found:
    over_the_year = implied_growth(given["t0"], given["t1"], given["months"] / 12)
    assert over_the_year is not None
    return {
        "multiple": multiple(given["t1"], given["t0"]),
        "monthly": implied_growth(given["t0"], given["t1"], given["months"]),
        "annualised_x": 1 + over_the_year,
        "yoy_2026": multiple(given["t_may26"], given["t_may25"]),
    }


def gap(given: Given) -> Found:
    plan = given["commitments"], given["revenue"], given["compute_share"]
    return {
        "shortfall": yearly_shortfalls(*plan),
        "cumulative": funding_gap(*plan, cash=given["opening_cash"] * 0),
        "gap_after_cash": funding_gap(*plan, cash=given["opening_cash"]),
    }


ANSWERS: Answers = {
    "com.openai.1400_20": openai_run_rate,
    "com.openai.1400_13": lambda given: {"multiple": multiple(given["commit"], given["rev"])},
    "com.openai.600_25": openai_2030,
    "com.oracle.rpo": oracle,
    "com.hsbc.cagr": lambda given: {"cagr": implied_growth(given["r0"], given["r1"], given["years"])},
    "dem.tokens": tokens,
    "dem.paying_share": lambda given: {"share": multiple(given["paying_m"], given["wau_m"])},
    "dem.arpu": lambda given: {"usd_per_wau": multiple(given["arr_b"] * 1000, given["wau_m"])},
    "str.funding_gap": gap,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
