"""The value of a warrant with a price hurdle: its bounds, the integral that it is, and the printed cases."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import log_ndtr

from projections.measures import OutOfRangeError, hurdle_warrant_value
from projections.measures.warrants import _log_normal
from tests.effort import examples
from tests.projections.measures.answers import Answers, Found, Given

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


def test_haug_up_and_in_asset_at_expiry() -> None:
    # Haug (1998) p. 95 case 8, S 95, H 100, r 0.10, T 0.5, v 0.20; the value as corrected in QuantLib's digital options test
    assert hurdle_warrant_value(95, 100, 0.10, 0.20, 0.5) == pytest.approx(77.7017, abs=1e-4)


def test_haug_up_and_in_when_the_hurdle_is_already_passed() -> None:
    # the same table: guaranteed payoff of the share itself
    assert hurdle_warrant_value(105, 100, 0.10, 0.20, 0.5) == 105


def above(spot: float, strike: float, carry: float, volatility: float, years: float) -> float:
    """N(d1) with cost of carry `carry`, read off the price hurdle tested at expiry."""
    return hurdle_warrant_value(spot, strike, carry, volatility, years, "expiry") / spot


def black_scholes(given: Given) -> Found:
    s, k, r, v, t = (float(given[name]) for name in ("S", "K", "r", "sigma", "T"))
    # a drift lower by the variance turns N(d1) into N(d2)
    call = s * above(s, k, r, v, t) - k * math.exp(-r * t) * above(s, k, r - v * v, v, t)
    return {"call": call, "put": call - s + k * math.exp(-r * t)}


def asset_or_nothing(given: Given) -> Found:
    s, x, r, b, v, t = (float(given[name]) for name in ("S", "X", "r", "b", "sigma", "T"))
    return {"value": s * math.exp((b - r) * t) * (1 - above(s, x, b, v, t))}


def cash_or_nothing(given: Given) -> Found:
    s, x, r, b, v, t = (float(given[name]) for name in ("S", "X", "r", "b", "sigma", "T"))
    return {"value": float(given["cash"]) * math.exp(-r * t) * (1 - above(s, x, b - v * v, v, t))}


def penny_warrant(given: Given) -> Found:
    spot, hurdle, rate, volatility, years = (given[name] for name in ("S", "H", "r", "sigma", "T"))
    return {
        "touch": hurdle_warrant_value(spot, hurdle, rate, volatility, years),
        "terminal": hurdle_warrant_value(spot, hurdle, rate, volatility, years, "expiry"),
    }


ANSWERS: Answers = {
    "dil.bs.hull": black_scholes,
    "dil.digital.asset_or_nothing": asset_or_nothing,
    "dil.digital.cash_or_nothing": cash_or_nothing,
    "dil.hurdle.penny_warrant": penny_warrant,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])
