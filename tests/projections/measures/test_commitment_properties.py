"""Schedules, growth, gaps, leverage and market reaction: identities, bounds and what is not computable."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import (
    NaiveInstantError,
    NotANumberError,
    OutOfRangeError,
    ShapeError,
    abnormal_value,
    funding_gap,
    growth_line,
    implied_growth,
    imputed_debt,
    indexed,
    loi_backed_share,
    market_model,
    multiple,
    reactor_equivalents,
    remaining_on_schedule,
    required_revenue,
    revenue_to_service,
    session_of,
    shadow_leverage,
    yearly_shortfalls,
)

MONEY = st.decimals(min_value=0, max_value=10**9, places=4)
POSITIVE = st.decimals(min_value="0.01", max_value=10**9, places=4)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TINY = Decimal("1e-12")


@given(MONEY, DAYS, st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any), st.integers(-400, 4000))
def test_the_schedule_is_the_sum_of_its_days(total: Decimal, start: date, weights: list[int], offset: int) -> None:
    """Give every day its share of its year's amount, and add up the days from the as-of date on."""
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


def test_indicators_are_brought_to_100_on_the_day_of_the_deal() -> None:
    assert indexed([Decimal(25), None, Decimal(30)], Decimal(20)) == [125, None, 150]
    assert indexed([1], 0) is None
    assert growth_line(None, [1]) is None
    assert reactor_equivalents(20) == 20
    assert reactor_equivalents(Decimal(20), Decimal("1.25")) == 16
    assert reactor_equivalents(None) is None


RETURNS = st.decimals(min_value="-0.2", max_value="0.2", places=4)


@given(st.lists(RETURNS, min_size=120, max_size=130), RETURNS, RETURNS, st.decimals(-2, 3, places=2), RETURNS)
def test_a_share_that_follows_a_line_has_no_abnormal_return(
    market: list[Decimal], event: Decimal, surprise: Decimal, beta: Decimal, alpha: Decimal
) -> None:
    own = [alpha + beta * move for move in market]
    result = market_model(own, market, alpha + beta * event + surprise, event)
    if len(set(market)) == 1:
        assert result.method == "market-adjusted"
        return
    assert (result.method, result.sessions) == ("market model", len(market))
    assert result.ar == pytest.approx(surprise, abs=Decimal("1e-12"))
    assert [result.alpha, result.beta] == [pytest.approx(alpha, abs=TINY), pytest.approx(beta, abs=TINY)]


def test_the_method_is_named() -> None:
    few: list[Decimal | None] = [Decimal("0.01"), Decimal("0.02")] * 60
    assert market_model(few, few, Decimal("0.1"), Decimal("0.02")).method == "market model"
    few[7] = None
    adjusted = market_model(few, few, Decimal("0.1"), Decimal("0.02"))
    assert (adjusted.method, adjusted.ar, adjusted.alpha, adjusted.sessions) == (
        "market-adjusted",
        Decimal("0.08"),
        None,
        119,
    )
    raw = market_model(few, few, Decimal("0.1"), None)
    assert (raw.method, raw.ar) == ("raw", Decimal("0.1"))
    with pytest.raises(ShapeError, match="benchmark"):
        market_model([0.1], [], 0.1, 0.1)
    assert abnormal_value(None, 5) is None


@given(st.lists(DAYS, min_size=1, max_size=20, unique=True).map(sorted), DAYS)
def test_day_0_of_a_date_is_the_first_session_from_it(calendar: list[date], announced: date) -> None:
    assert session_of(announced, calendar) == min((day for day in calendar if day >= announced), default=None)


def test_an_instant_needs_its_zone_and_a_calendar_its_order() -> None:
    with pytest.raises(NaiveInstantError, match="needs a time zone"):
        session_of(datetime(2025, 10, 6, 9, 0), [date(2025, 10, 6)])  # noqa: DTZ001 - the mistake under test
    with pytest.raises(OutOfRangeError, match="ascending"):
        session_of(date(2025, 10, 6), [date(2025, 10, 7), date(2025, 10, 6)])


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
