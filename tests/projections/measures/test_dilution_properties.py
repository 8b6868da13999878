"""Warrants: bounds of the treasury-stock method, of contingent shares and of the value with a price hurdle."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import log_ndtr

from projections.measures import (
    OutOfRangeError,
    contingently_issuable,
    contra_revenue,
    earnings_per_share,
    hurdle_warrant_value,
    ownership,
    treasury_stock_shares,
)
from projections.measures.warrants import _log_normal
from tests.effort import examples

PRICE = st.decimals(min_value=0, max_value=1000, places=2)
COUNT = st.integers(0, 10**9)


@given(COUNT, PRICE, PRICE, PRICE)
def test_treasury_stock_shares_lie_between_nothing_and_all(
    count: int, strike: Decimal, price: Decimal, more: Decimal
) -> None:
    shares = treasury_stock_shares(count, strike, price)
    assert 0 <= shares <= count
    assert (shares > 0) == (count > 0 and price > strike)
    assert treasury_stock_shares(count, strike, price + more) >= shares - Decimal("1e-12")
    assert treasury_stock_shares(count, strike + more, price) <= shares + Decimal("1e-12")
    # the company buys back at P with the proceeds at K
    assert (count - shares) * price == pytest.approx(count * strike) or price <= strike
    assert treasury_stock_shares(count, strike, price, loss_period=True) == 0


@given(st.integers(1, 10**9), st.lists(COUNT, max_size=4))
def test_ownership_after_issue_is_smaller_and_adds_up(outstanding: int, warrants: list[int]) -> None:
    shares = [Decimal(count) for count in warrants]
    result = ownership(Decimal(outstanding), shares)
    assert result.pre is not None
    assert result.post is not None
    assert 0 <= result.post <= result.pre
    assert result.post < 1
    assert result.pre == pytest.approx(sum(result.each_pre, Decimal(0)))
    assert result.post == pytest.approx(sum(result.each_post, Decimal(0)))


def test_no_shares_outstanding_is_not_computable() -> None:
    result = ownership(0, [5])
    assert (result.pre, result.post, result.each_pre, result.each_post) == (None, None, (), ())
    assert contra_revenue(4, 5, 0) is None
    assert contra_revenue(4, None, 20) is None
    assert contra_revenue(4, 5, 20, probable=False) == 0
    per_share = earnings_per_share(1, 0, penny_shares=0, incremental=0)
    assert (per_share.basic, per_share.diluted) == (None, None)


def test_a_loss_is_not_diluted() -> None:
    result = earnings_per_share(-100, 10, penny_shares=0, incremental=90)
    assert (result.basic, result.diluted) == (-10, -10)


CONDITIONS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["capacity", "share_price", "other"]),
            "threshold": st.one_of(st.none(), st.integers(0, 10)),
        }
    ),
    max_size=3,
)
TRANCHES = st.lists(
    st.fixed_dictionaries({"shares": st.one_of(st.none(), st.integers(0, 50)), "conditions": CONDITIONS}), max_size=5
)
READING = st.one_of(st.none(), st.integers(0, 10))


def counted(tranches: list[dict[str, Any]], capacity: int, price: int) -> int:
    """Sizes of the tranches whose every condition holds, once nothing is unknown."""
    reading = {"capacity": capacity, "share_price": price}
    return sum(
        tranche["shares"]
        for tranche in tranches
        if all(reading[one["kind"]] >= one["threshold"] for one in tranche["conditions"])
    )


@given(TRANCHES, READING, READING, st.data())
def test_bounds_hold_whatever_the_unknown_turns_out_to_be(
    tranches: list[dict[str, Any]], capacity: int | None, price: int | None, data: st.DataObject
) -> None:
    """Fill in sizes, readings, thresholds and outcomes at random: the count always lies within the bounds."""
    complete: list[dict[str, Any]] = []
    for tranche in tranches:
        conditions = []
        for one in tranche["conditions"]:
            threshold = data.draw(st.integers(0, 10)) if one["threshold"] is None else one["threshold"]
            if one["kind"] == "other":
                # an outcome of its own, written as a price that is or is not reached
                conditions.append({"kind": "share_price", "threshold": data.draw(st.sampled_from([0, 11]))})
            else:
                conditions.append({"kind": one["kind"], "threshold": threshold})
        shares = data.draw(st.integers(0, 50)) if tranche["shares"] is None else tranche["shares"]
        complete.append({"shares": shares, "conditions": conditions})
    total = sum(tranche["shares"] for tranche in complete)
    truth = counted(
        complete,
        data.draw(st.integers(0, 10)) if capacity is None else capacity,
        data.draw(st.integers(0, 10)) if price is None else price,
    )
    known_total = contingently_issuable(tranches, capacity, price, shares_max=total)
    assert known_total.high is not None
    assert known_total.low <= truth <= known_total.high
    unknown_total = contingently_issuable(tranches, capacity, price)
    assert unknown_total.low <= truth
    assert unknown_total.high is None or truth <= unknown_total.high


def test_conditions_hold_jointly_and_at_the_period_end() -> None:
    tranche = {
        "shares": 25,
        "conditions": [{"kind": "capacity", "threshold": "1"}, {"kind": "share_price", "threshold": "180"}],
    }
    assert contingently_issuable([tranche], Decimal("1.0"), Decimal(180)).low == 25
    assert contingently_issuable([tranche], Decimal("0.9"), Decimal(600)).high == 0
    assert contingently_issuable([tranche], Decimal(6), Decimal("179.99")).high == 0


def test_amd_sizes_undisclosed_but_for_their_sum() -> None:
    # 160M shares; the first tranche of 1 GW and the last of 6 GW at 600 dollars, sizes not disclosed
    first = {"shares": None, "conditions": [{"kind": "capacity", "threshold": 1}]}
    last = {
        "shares": None,
        "conditions": [{"kind": "capacity", "threshold": 6}, {"kind": "share_price", "threshold": 600}],
    }
    bounds = contingently_issuable([first, last], 1, 250, shares_max=160_000_000)
    assert (bounds.low, bounds.high, bounds.met) == (0, 160_000_000, (0,))
    both = contingently_issuable([first, last], 6, 600, shares_max=160_000_000)
    assert (both.low, both.high) == (160_000_000, 160_000_000)
    neither = contingently_issuable([first, last], 0, 600, shares_max=160_000_000)
    assert (neither.low, neither.high) == (0, 0)


def test_other_measurements_and_misprints() -> None:
    dated = {"shares": 7, "conditions": [{"kind": "date", "threshold": "2026-12-31"}]}
    bought = {"shares": 5, "conditions": [{"kind": "purchases", "threshold": Decimal(20)}]}
    result = contingently_issuable([dated, bought], None, None, purchases=Decimal(19), as_of=date(2026, 12, 31))
    assert (result.low, result.high, result.met) == (7, 7, (0,))
    assert contingently_issuable([dated, bought], None, None).undecided == (0, 1)
    # one condition that surely fails settles it, whatever the others say
    doomed = {"shares": 3, "conditions": [{"kind": "other", "threshold": None}, {"kind": "capacity", "threshold": 2}]}
    settled = contingently_issuable([doomed], 1, None)
    assert (settled.low, settled.high, settled.undecided) == (0, 0, ())
    with pytest.raises(OutOfRangeError, match="more than the warrant's 11"):
        contingently_issuable([dated, bought], None, None, shares_max=11)


SPOT = st.floats(1, 500)
RATE = st.floats(-0.05, 0.15)
VOLATILITY = st.floats(0.05, 1.5)
YEARS = st.floats(0.1, 10)


@given(SPOT, st.floats(1.01, 6), RATE, VOLATILITY, YEARS)
def test_touching_is_worth_more_than_ending_above_and_less_than_the_share(
    spot: float, ratio: float, rate: float, volatility: float, years: float
) -> None:
    touch = hurdle_warrant_value(spot, spot * ratio, rate, volatility, years)
    expiry = hurdle_warrant_value(spot, spot * ratio, rate, volatility, years, "expiry")
    assert 0 <= expiry <= touch + 1e-9
    assert touch <= spot
    assert hurdle_warrant_value(spot, spot * ratio * 1.1, rate, volatility, years) <= touch + 1e-9
    assert hurdle_warrant_value(spot, spot * ratio, rate, volatility, years * 1.5) >= touch - 1e-9


@examples(30)
@given(st.floats(1.05, 4), st.floats(-0.02, 0.1), st.floats(0.15, 0.9), st.floats(0.25, 6))
def test_touch_is_the_integral_of_the_first_passage_density(
    ratio: float, rate: float, volatility: float, years: float
) -> None:
    """Under the share as numeraire ln S drifts by r + v^2/2: integrate the density of its first passage of ln(H/S)."""
    distance, drift = math.log(ratio), rate + volatility**2 / 2

    def density(t: float) -> float:
        spread = volatility * math.sqrt(t)
        return (
            distance / (spread * t * math.sqrt(2 * math.pi)) * math.exp(-((distance - drift * t) ** 2) / 2 / spread**2)
        )

    expected, _ = quad(density, 0, years, limit=400, points=[min(years / 2, distance**2 / volatility**2 / 3)])
    assert hurdle_warrant_value(100, 100 * ratio, rate, volatility, years) / 100 == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("x", [3.0, 0.0, -5.0, -29.9, -30.1, -45.0, -400.0])
def test_the_logarithm_of_the_normal_tail(x: float) -> None:
    assert _log_normal(x) == pytest.approx(float(log_ndtr(x)), rel=1e-9)


def test_limits_of_the_hurdle_formula() -> None:
    assert hurdle_warrant_value(100, 100, 0.03, 0.5, 5) == 100
    assert hurdle_warrant_value(100, 0, 0.03, 0.5, 5, "expiry") == 100
    assert hurdle_warrant_value(100, 104, 0.05, 0, 1) == 100, "certain growth of 5 % reaches a hurdle of 4 %"
    assert hurdle_warrant_value(100, 106, 0.05, 0, 1) == 0
    assert hurdle_warrant_value(100, 600, 0.05, 0.5, 0) == 0
    # small volatility: the reflected term is a product of the very large and the very small
    assert hurdle_warrant_value(100, 150, 0.03, 0.004, 5) == pytest.approx(0, abs=1e-12)
    assert hurdle_warrant_value(100, 110, 0.03, 0.004, 5) == pytest.approx(100)
    with pytest.raises(OutOfRangeError, match="spot > 0"):
        hurdle_warrant_value(0, 600, 0.05, 0.5, 5)
    with pytest.raises(OutOfRangeError, match="'touch' or 'expiry'"):
        hurdle_warrant_value(100, 600, 0.05, 0.5, 5, "average")  # type: ignore[arg-type] # what a user may type
