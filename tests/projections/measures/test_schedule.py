"""What remains of a schedule is the sum of its days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import OutOfRangeError, ShapeError, remaining_on_schedule

MONEY = st.decimals(min_value=0, max_value=10**9, places=4)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TINY = Decimal("1e-12")


@given(MONEY, DAYS, st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any), st.integers(-400, 4000))
def test_the_schedule_is_the_sum_of_its_days(total: Decimal, start: date, weights: list[int], offset: int) -> None:
    """Let every day have its share of its year's amount, and add up the days from the as-of date on."""
    shares = [Decimal(weight) for weight in weights]
    as_of = start + timedelta(days=offset)

    def begins(year: int) -> date:
        try:
            return start.replace(year=start.year + year)
        except ValueError:
            return date(start.year + year, 2, 28)

    left = Decimal(0)
    for year, weight in enumerate(shares):
        length = (begins(year + 1) - begins(year)).days
        ahead = sum(begins(year) + timedelta(days=day) >= as_of for day in range(length))
        left += total * weight / sum(shares) * ahead / length
    found = remaining_on_schedule(total, start, len(weights), as_of, shares)
    assert found is not None
    assert abs(found - left) <= TINY * (1 + total)
    if len(set(weights)) == 1:
        assert remaining_on_schedule(total, start, len(weights), as_of) == pytest.approx(found)


@given(MONEY, DAYS, st.decimals(min_value="0.25", max_value=12, places=2), st.integers(-400, 5000))
def test_what_remains_only_falls(total: Decimal, start: date, years: Decimal, offset: int) -> None:
    day = start + timedelta(days=offset)
    today, tomorrow = (remaining_on_schedule(total, start, years, when) for when in (day, day + timedelta(days=1)))
    assert today is not None
    assert tomorrow is not None
    assert 0 <= tomorrow <= today <= total


def test_whole_years_of_a_straight_line() -> None:
    oracle = [remaining_on_schedule(300, date(2027, 6, 1), 5, date(year, 6, 1)) for year in range(2026, 2034)]
    assert oracle == [300, 300, 240, 180, 120, 60, 0, 0]
    assert remaining_on_schedule(None, date(2027, 6, 1), 5, date(2028, 6, 1)) is None
    assert remaining_on_schedule(90, date(2028, 2, 29), 3, date(2029, 2, 28), [1, 1, 1]) == 60
    with pytest.raises(ShapeError, match="weights"):
        remaining_on_schedule(300, date(2027, 6, 1), 5, date(2028, 6, 1), [1, 2])
    with pytest.raises(OutOfRangeError, match="years must be whole"):
        remaining_on_schedule(300, date(2027, 6, 1), 2.5, date(2028, 6, 1), [1, 2, 3])
    with pytest.raises(OutOfRangeError, match="above 0"):
        remaining_on_schedule(300, date(2027, 6, 1), 0, date(2028, 6, 1))
