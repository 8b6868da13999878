"""The market model on shares that follow a line, the first session after an announcement, and days that were in the news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import (
    NaiveInstantError,
    OutOfRangeError,
    ShapeError,
    abnormal_value,
    implied_growth,
    market_model,
    multiple,
    session_of,
    unexplained,
)
from tests.projections.measures.answers import Answers, Found, Given

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TINY = Decimal("1e-12")
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


def test_anscombes_first_set_as_a_market_model() -> None:
    # Anscombe (1973): y = 3.00 + 0.500 x; eleven copies of the eleven points change nothing but their number
    market = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0] * 11
    own = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68] * 11
    result = market_model(own, market, 10.0, 10.0)
    assert result.method == "market model"
    assert (result.alpha, result.beta) == pytest.approx((3.0001, 0.5001), abs=5e-5)
    assert result.ar == pytest.approx(10 - 8.001, abs=5e-4)
    # eleven times the published residual sum of squares, 13.763, over 121 - 2 degrees of freedom
    assert result.residual_sd == pytest.approx((11 * 13.763 / 119) ** 0.5, abs=5e-4)


NEW_YORK = ZoneInfo("America/New_York")
SESSIONS = [date(2025, 9, 9), date(2025, 9, 10), date(2025, 10, 6), date(2025, 11, 26), date(2025, 11, 28)]


@pytest.mark.parametrize(
    ("announced", "session"),
    [
        (datetime(2025, 9, 9, 16, 5, tzinfo=NEW_YORK), date(2025, 9, 10)),  # Oracle's release after the close
        (datetime(2025, 10, 6, 7, 0, tzinfo=NEW_YORK), date(2025, 10, 6)),  # AMD and OpenAI before the open
        (datetime(2025, 10, 5, 23, 0, tzinfo=ZoneInfo("UTC")), date(2025, 10, 6)),  # a Sunday in New York
        (datetime(2025, 9, 9, 20, 0, tzinfo=ZoneInfo("UTC")), date(2025, 9, 10)),  # 16:00 sharp is too late
        (datetime(2025, 9, 9, 19, 59, 59, tzinfo=ZoneInfo("UTC")), date(2025, 9, 9)),
        (datetime(2025, 11, 28, 12, 59, tzinfo=NEW_YORK), date(2025, 11, 28)),  # the early close after Thanksgiving
        (datetime(2025, 11, 28, 13, 0, tzinfo=NEW_YORK), None),
        (date(2025, 10, 6), date(2025, 10, 6)),
        (date(2025, 11, 27), date(2025, 11, 28)),
        (date(2025, 11, 29), None),
    ],
)
def test_day_0(announced: date, session: date | None) -> None:
    assert session_of(announced, SESSIONS, early_closes={date(2025, 11, 28)}) == session


def abnormal(given: Given) -> Found:
    return {
        "ar_sp": market_model([], [], given["ret"], given["sp500"]).ar,
        "ar_ndx": market_model([], [], given["ret"], given["nasdaq"]).ar,
    }


def amd_value(given: Given) -> Found:
    before = unexplained(given["cap_after"], [given["added"]])
    reaction = market_model([], [], given["ret"], given["sp500"])
    return {"cap_before": before, "abnormal_value": abnormal_value(reaction.ar, before)}


def oracle_day(given: Given) -> Found:
    added = unexplained(given["cap_after"], [given["cap_before"]])
    return {
        "added": added,
        "ret": implied_growth(given["cap_before"], given["cap_after"], 1),
        "capture_rpo": multiple(added, unexplained(given["rpo_after"], [given["rpo_before"]])),
        "capture_deal": multiple(added, given["deal"]),
    }


ANSWERS: Answers = {
    "evt.amd_2025_10_06.ar": abnormal,
    "evt.amd_2025_10_06.value": amd_value,
    "evt.orcl_2025_09_10": oracle_day,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
