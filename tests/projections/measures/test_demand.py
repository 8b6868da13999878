"""Indicators brought to 100 on the day of a deal."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from projections.measures import growth_line, implied_growth, indexed, reactor_equivalents
from tests.projections.measures.answers import Answers, Found, Given


def test_indicators_are_brought_to_100_on_the_day_of_the_deal() -> None:
    assert indexed([Decimal(25), None, Decimal(30)], Decimal(20)) == [125, None, 150]
    assert indexed([1], 0) is None
    assert growth_line(None, [1]) is None
    assert reactor_equivalents(20) == 20
    assert reactor_equivalents(Decimal(20), Decimal("1.25")) == 16
    assert reactor_equivalents(None) is None


def gpu_price(given: Given) -> Found:
    line = indexed([given["mar_2026"]], given["low_2025_10"])
    assert line is not None
    assert line[0] is not None
    return {
        "change": line[0] / 100 - 1,
        "headroom": implied_growth(given["breakeven_low"], given["mar_2026"], 1),
    }


ANSWERS: Answers = {
    "dem.h100_price": gpu_price,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
