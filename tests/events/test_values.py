"""One value, one form: decimals, days, identifiers and the date from which a fact holds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.codec import as_raw, encode, parse
from events.currencies import CURRENCIES
from events.scalars import decimal_text
from events.values import FIRST_DAY, LAST_DAY
from tests.events.samples import SECOND_SAMPLES, sample
from tests.events.strategies import decimals

FORMS = [
    ("40.00", "40"),
    ("40", "40"),
    ("400", "400"),
    ("0400", "400"),
    ("0", "0"),
    ("-0", "0"),
    ("-0.000", "0"),
    ("000", "0"),
    ("0.0", "0"),
    ("00.50", "0.5"),
    ("0.000001", "0.000001"),
    ("-01.10", "-1.1"),
    ("10", "10"),
    ("1" + "0" * 29, "1" + "0" * 29),
]


@pytest.mark.parametrize(("written", "stored"), FORMS)
def test_a_decimal_string_has_one_form(written: str, stored: str) -> None:
    assert decimal_text(written) == stored


@given(decimals(most=10**18, signed=True))
def test_the_form_keeps_the_value_and_is_the_shortest(written: str) -> None:
    stored = decimal_text(written)
    assert Decimal(stored) == Decimal(written)
    assert decimal_text(stored) == stored
    exact = Decimal(written)
    plain = f"{exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize():f}"
    assert stored == ("0" if exact == 0 else plain)


@given(decimals(most=20), decimals(most=20))
def test_equal_amounts_are_equal_bytes(one: str, other: str) -> None:
    first, second = (
        encode(parse(sample("loan_repaid", amount={"value": value, "currency": "JPY"}))) for value in (one, other)
    )
    assert (first == second) == (Decimal(one) == Decimal(other))


def test_money_in_the_forms_that_people_write() -> None:
    raw = sample("loan_repaid", amount={"value": "040.00", "currency": "USD"})
    assert as_raw(parse(raw))["amount"] == {"value": "40", "currency": "USD", "qualifier": "exactly"}
    raw = sample("loan_repaid", amount={"value": "-0", "currency": "USD", "qualifier": "about"})
    assert as_raw(parse(raw))["amount"] == {"value": "0", "currency": "USD", "qualifier": "about"}


def test_undisclosed_is_left_out_and_never_nought() -> None:
    silent = parse(sample("loan_repaid", amount=None))
    assert silent == parse(sample("loan_repaid", amount=...))
    assert "amount" not in as_raw(silent)
    nothing = parse(sample("purchase_committed", firm={"value": "0", "currency": "USD"}))
    assert as_raw(nothing)["firm"]["value"] == "0"


def test_thresholds_have_one_form_too() -> None:
    conditions = [{"kind": "capacity", "threshold": "01.50"}, {"kind": "date", "threshold": "2026-03-31"}]
    raw = sample("warrant_granted", tranches=[{"tranche": "a", "conditions": conditions}])
    stored = as_raw(parse(raw))["tranches"][0]["conditions"]
    assert [condition["threshold"] for condition in stored] == ["1.5", "2026-03-31"]


def test_a_rate_given_as_bare_words_is_a_whole_rate() -> None:
    bare = parse(sample("loan_arranged", rate="SOFR+225bp"))
    assert bare == parse(sample("loan_arranged", rate={"text": "SOFR+225bp"}))


@pytest.mark.parametrize(("written", "stored"), [("2488", "0000002488"), ("0001045810", "0001045810"), ("0", "0" * 10)])
def test_a_cik_is_stored_with_its_ten_digits(written: str, stored: str) -> None:
    assert as_raw(parse(sample("company_registered", cik=written)))["cik"] == stored


def test_check_digits_of_an_lei_catch_every_single_misprint() -> None:
    good = "HWUPKR0MPOU8FGXBT394"
    assert as_raw(parse(sample("company_registered", lei=good)))["lei"] == good
    for place in range(len(good)):
        for other in "07" if good[place].isdigit() else "AZ":
            misprint = good[:place] + other + good[place + 1 :]
            if misprint != good:
                with pytest.raises(Exception, match="check digits do not agree"):
                    parse(sample("company_registered", lei=misprint))


def test_an_instant_keeps_the_zone_of_its_source() -> None:
    for written in ("2025-10-06T20:05:00+08:00", "2025-10-06T20:05:00.123456Z", "2025-10-06T20:05:00-00:30"):
        assert as_raw(parse(sample("loan_repaid", announced_time=written)))["announced_time"] == written
    assert (
        as_raw(parse(sample("loan_repaid", announced_time="2025-10-06T20:05Z")))["announced_time"]
        == "2025-10-06T20:05:00Z"
    )


def test_currencies_are_three_capital_letters_and_the_ones_in_use() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CURRENCIES)
    assert {"USD", "EUR", "TWD", "CNY", "JPY", "KRW", "SGD", "AED", "SAR"} <= CURRENCIES
    assert CURRENCIES.isdisjoint({"XAU", "XBT", "XXX", "XTS", "DEM", "HRK"})


def effective(raw: dict[str, Any]) -> dt.date:
    return parse({name: value for name, value in raw.items() if name != "effective_on"}).effective_on


ANNOUNCED = dt.date(2025, 10, 6)


def test_a_fact_holds_from_its_announcement_where_nothing_else_is_said() -> None:
    assert effective(sample("warrant_granted")) == ANNOUNCED
    assert parse(sample("warrant_granted")).effective_on == dt.date(2025, 10, 5)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ({"period_from": "2025-01-01", "period_to": "2025-10-06"}, "2025-10-05"),  # ended the day before
        ({"period_from": "2025-01-01", "period_to": "2025-10-07"}, "2025-10-06"),  # ended on the day itself
        ({"period_from": "2025-01-01", "period_to": "2026-01-01"}, "2025-10-06"),  # guidance for a year not over
        ({"period_from": "2024-01-01", "period_to": "2025-01-01"}, "2024-12-31"),
        ({"period_from": "1960-01-01", "period_to": "1961-01-01"}, "2025-10-06"),  # before the clocks begin
        ({"period_from": "1969-01-01", "period_to": "1970-01-02"}, "1970-01-01"),
        ({"on": "2025-09-30"}, "2025-09-30"),
        ({"on": "2025-12-31"}, "2025-10-06"),
    ],
    ids=str,
)
def test_a_metric_holds_from_the_end_of_its_period_or_its_announcement(period: dict[str, str], day: str) -> None:
    raw = {**sample("metric_reported", period_from=..., period_to=...), **period}
    assert effective(raw) == dt.date.fromisoformat(day)
    assert parse({**raw, "effective_on": "2025-11-11"}).effective_on == dt.date(2025, 11, 11)


@given(st.dates(FIRST_DAY, LAST_DAY), st.dates(dt.date(1900, 1, 1), LAST_DAY))
def test_a_metric_at_an_instant_holds_from_the_earlier_day(announced: dt.date, on: dt.date) -> None:
    raw = {**SECOND_SAMPLES[0], "announced_on": announced.isoformat(), "on": on.isoformat()}
    assert effective(raw) == (min(announced, on) if on >= FIRST_DAY else announced)


def test_what_is_stored_is_not_worked_out_again() -> None:
    event = parse(sample("metric_reported", effective_on=...))
    assert event.effective_on == ANNOUNCED
    assert as_raw(event)["effective_on"] == "2025-10-06"
    assert parse(as_raw(event)).effective_on == event.effective_on
