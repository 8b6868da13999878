"""Texts that become numbers, amounts and capacities; those that are refused, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.currencies import CURRENCIES, SIGNS
from events.numerals import DIGITS_MAX, is_ambiguous
from events.quantities import (
    QUESTION_PLACES,
    NotReadableError,
    as_written,
    capacity,
    count,
    currency_of,
    money,
    number,
    refuse_ambiguous,
    share,
)

SCALES = {"": 0, "K": 3, "thousand": 3, "m": 6, "mn": 6, "Million": 6, "B": 9, "bn": 9, "BILLION": 9, "T": 12, "tn": 12}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100B USD", "exactly 100000000000 USD"),
        ("up_to 100B", "up_to 100000000000 USD"),
        ("up to 1.5M eur", "up_to 1500000 EUR"),
        ("Up-To 1.5M eur", "up_to 1500000 EUR"),
        ("about 12.34", "about 12.34 USD"),
        ("at_least 3T TWD", "at_least 3000000000000 TWD"),
        ("at least 3 TTD", "at_least 3 TTD"),
        ("5THB", "exactly 5 THB"),
        ("  7 K krw ", "exactly 7000 KRW"),
        ("0.000001", "exactly 0.000001 USD"),
        ("$300bn", "exactly 300000000000 USD"),
        ("300 billion dollars", "exactly 300000000000 USD"),
        ("up to $100 billion", "up_to 100000000000 USD"),
        ("US$1.5 trillion", "exactly 1500000000000 USD"),
        ("$300B USD", "exactly 300000000000 USD"),
        ("300,000,000,000 USD", "exactly 300000000000 USD"),
        ("1,200.50", "exactly 1200.5 USD"),
        ("€5bn", "exactly 5000000000 EUR"),
        ("€50M", "exactly 50000000 EUR"),
        ("50M€", "exactly 50000000 EUR"),
        ("50 M €", "exactly 50000000 EUR"),
        ("50\u00a0M\u202f€", "exactly 50000000 EUR"),
        ("50 €", "exactly 50 EUR"),
        ("50M £", "exactly 50000000 GBP"),
        ("£1.2 million", "exactly 1200000 GBP"),
        ("EUR 50M", "exactly 50000000 EUR"),
        ("EUR50M", "exactly 50000000 EUR"),
        ("50MEUR", "exactly 50000000 EUR"),
        ("JPY 12bn", "exactly 12000000000 JPY"),
        ("NT$30bn", "exactly 30000000000 TWD"),
        ("HK$5", "exactly 5 HKD"),
        ("A$5", "exactly 5 AUD"),
        ("C$5", "exactly 5 CAD"),
        ("S$5", "exactly 5 SGD"),
        ("R$5", "exactly 5 BRL"),
        ("CHF 5M", "exactly 5000000 CHF"),
        ("₩5T", "exactly 5000000000000 KRW"),
        ("₹5", "exactly 5 INR"),
        ("JPY ¥12bn", "exactly 12000000000 JPY"),
        ("¥12bn CNY", "exactly 12000000000 CNY"),
        ("SEK 50kr", "exactly 50 SEK"),
        ("~$5B", "about 5000000000 USD"),
        ("≈ 5B", "about 5000000000 USD"),
        ("~NT$30bn", "about 30000000000 TWD"),
        ("≥ 5B EUR", "at_least 5000000000 EUR"),
        (">=5B", "at_least 5000000000 USD"),
        ("≤5B", "up_to 5000000000 USD"),
        ("50T EUR", "exactly 50000000000000 EUR"),
        ("US$3000億", "exactly 300000000000 USD"),
        ("3000亿美元", "exactly 300000000000 USD"),
        ("010", "exactly 10 USD"),
        ("5조원", "exactly 5000000000000 KRW"),
        ("₩3000억", "exactly 300000000000 KRW"),
        ("CA$5", "exactly 5 CAD"),
        ("5万円", "exactly 50000 JPY"),
        ("1.2万亿人民币", "exactly 1200000000000 CNY"),
        ("1.12345678B", "exactly 1123456780 USD"),
        ("1.7250B", "exactly 1725000000 USD"),
        ("0.125", "exactly 0.125 USD"),
        ("1234.567", "exactly 1234.567 USD"),
        ("1,234.567", "exactly 1234.567 USD"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, expected: str) -> None:
    found = money(text)
    assert found is not None
    assert f"{found['qualifier']} {found['value']} {found['currency']}" == expected


REFUSED_AMOUNTS = [
    ("1,5B EUR", "is not an amount", "write 1.5B EUR"),
    ("€1,5B", "is not an amount", "write 1.5B EUR"),
    ("4,5", "is not an amount", "write 4.5"),
    ("0,01", "is not an amount", "write 0.01"),
    ("0,500", "is not an amount", "write 0.5"),
    ("1,20,000", "is not an amount", "write 120000"),
    ("1.5,000", "is not an amount", "write 1.5"),
    ("1200,000", "is not an amount", "write 1200 or 1200000"),
    ("1.234,56", "is not an amount", "write 1234.56"),
    ("1.234.567", "is not an amount", "write 1234567"),
    ("1.080", "is ambiguous", "write 1080 or 1.08"),
    ("300.000", "is ambiguous", "write 300000 or 300"),
    ("1.080B", "is ambiguous", "write 1080B or 1.08B"),
    ("1.725B", "is ambiguous", "write 1725B or 1.7250B"),
    ("12.345 €", "is ambiguous", "write 12345 EUR or 12.3450 EUR"),
    ("1 200 000", "is not an amount", "write 1200000"),
    ("1\u202f200", "is not an amount", "write 1200"),
    ("1'200.50", "is not an amount", "write 1200.5"),
    ("1’200", "is not an amount", "write 1200"),
    ("1_000", "is not an amount", "write 1000"),
    ("\uff11\uff10\uff10", "is not an amount", "write 100"),
    ("٣", "is not an amount", "write 3"),
    ("½", "is not an amount", "write 0.5"),
    ("1½", "is not an amount", "write it like"),
    ("5³", "is not an amount", "scales are"),
    ("1e9", "is not an amount", "write 1000000000"),
    ("1.5E+3", "is not an amount", "write 1500"),
    ("0x10", "is not an amount", "write 16"),
    ("+5", "is not an amount", "write 5"),
    ("-5", "is not an amount: below zero", ""),
    ("€-5", "is not an amount: below zero", ""),
    ("--5", "is not an amount: below zero", ""),
    ("(5)", "is not an amount", ""),
    (".5", "is not an amount", "write 0.5"),
    ("5.", "is not an amount", "write 5"),
    ("1.5.2", "is not an amount", "write it like"),
    ("1 2", "is not an amount", "write it like"),
    ("5 bn 2", "is not an amount", ""),
    ("5M million", "is not an amount", ""),
    ("NaN", "is not an amount", ""),
    ("Infinity", "is not an amount", ""),
    ("9" * 40, "has more than 30 digits before the point", ""),
    ("9" * 9000, "has more than 30 digits before the point", ""),
    ("1.1234567", "has more than 6 decimals", ""),
    ("50MM", "is not an amount", "write 50M"),
    ("50G", "is not an amount", "write 50B"),
    ("50 Mrd. EUR", "is not an amount", "write 50B EUR"),
    ("5 Mia. EUR", "is not an amount", "write 5B EUR"),
    ("1,5 Mrd €", "is not an amount", "write 1.5B EUR"),
    ("1.250 Mio. €", "is not an amount", "write 1.25B EUR or 1.25M EUR"),
    ("1.725 Mio. €", "is not an amount", "write 1725M EUR or 1725K EUR"),
    ("5 Md€", "is not an amount", "write 5B EUR"),
    ("~5 mld EUR", "is not an amount", "write ~5B EUR"),
    ("50 crore", "is not an amount", "write 500M"),
    ("₹5 lakh crore", "is not an amount", "write ₹5T"),
    ("3兆円", "is not an amount", "write 3T JPY"),
    ("TWD 3兆", "is not an amount", "write TWD3T"),
    ("3兆", "is not an amount: 兆 is of several sizes", "write 3T or 3M"),
    ("5백만원", "is not an amount", "write 5M KRW"),
    ("5mil", "is not an amount: mil is of several sizes", "write 5K or 5M"),
    ("\uff15\uff22", "is not an amount", "write 5B"),
    ("\uff11\uff0c\uff12\uff15\uff10", "is not an amount", "write 1250 or 1.25"),
    ("110%", "is not an amount", "an amount is no percentage"),
    ("approx. 5B", "is not an amount", "write about 5B"),
    ("ca. €5bn", "is not an amount", "write about €5bn"),
    (">$5B", "is not an amount", "write at_least $5B; > alone leaves the number itself out"),
    ("more than EUR 5M", "is not an amount", "write at_least EUR 5M; more than alone leaves the number itself out"),
    ("at most 5B", "is not an amount", "write up_to 5B"),
    ("1,250", "is ambiguous", "write 1250 or 1.25"),
    ("1,250B", "is ambiguous", "write 1250B or 1.25B"),
    ("€1,250B", "is ambiguous", "write 1250B EUR or 1.25B EUR"),
    ("$1,725", "is ambiguous", "write 1725 USD or 1.7250 USD"),
    ("1,250 million", "is ambiguous", "write 1250 million or 1.25 million"),
    ("3000億", "names no currency", "write it like 3000億 JPY"),
    ("3000億元", "does not say which currency", "write 3000億 CNY or"),
    ("500 TEUR", "is not an amount: TEUR is thousands", "write K EUR or T EUR"),
    ("50T€", "is not an amount: T€ is thousands", ""),
    ("¥12bn", "does not say which currency", "write 12bn JPY or 12bn CNY"),
    ("￥12bn", "does not say which currency", "write 12bn JPY or 12bn CNY"),
    ("50kr", "does not say which currency", "write 50 SEK or 50 NOK"),
    ("€50M USD", "names two currencies, € and USD", ""),
    ("$50M CAD", "names two currencies, $ and CAD", ""),
    ("EUR 5 GBP", "names two currencies, EUR and GBP", ""),
    ("₿5", "is not an amount: '₿' is no currency known here", ""),
    ("5 XYZ", "is not an amount", "ISO 4217"),
    (">5B", "is not an amount", "write at_least 5B"),
    ("< 5B", "is not an amount", "write up_to 5B"),
    ("roughly 5B", "is not an amount", "write about 5B"),
    ("25%", "is not an amount", ""),
    ("", "is not an amount", "write undisclosed, or leave it out"),
    ("-", "is not an amount", "write undisclosed, or leave it out"),
    ("–", "is not an amount", "write undisclosed, or leave it out"),
    ("?", "is not an amount", "write undisclosed, or leave it out"),
    ("n/a", "is not an amount", "write undisclosed, or leave it out"),
    ("B", "is not an amount", "write it like"),
]


@pytest.mark.parametrize(("text", "what", "advice"), REFUSED_AMOUNTS)
def test_what_is_no_amount_is_refused_with_what_was_meant(text: str, what: str, advice: str) -> None:
    with pytest.raises(NotReadableError) as caught:
        money(text)
    assert caught.value.what.startswith(what)
    assert caught.value.got == text
    assert advice in caught.value.advice


def read(reader: Callable[[str], object], text: str) -> object:
    """Return what a reader reads, or what it says to write instead."""
    try:
        return reader(text)
    except NotReadableError as error:
        return error.advice


# What each reader makes of a text: number, share, count, capacity; a text is the advice of a refusal.
DIGITS, FRACTION = "write digits such as 0.25", "write a fraction such as 0.25, or 25%"
WHOLE, GIGAWATTS = "write it like 160000000, 160M or undisclosed", "write gigawatts like 4.5, 4.5 GW or 500 MW"
ALONE = "write 5: only money is written with a qualifier, a metric has a field for it"
EITHER = "write 4.125"


@pytest.mark.parametrize(
    ("text", "as_number", "as_share", "as_count", "as_capacity"),
    [
        ("4.5", Decimal("4.5"), Decimal("4.5"), WHOLE, Decimal("4.5")),
        ("4,5", "write 4.5", "write 4.5", "write 4.5", "write 4.5"),
        ("0,01", "write 0.01", "write 0.01", "write 0.01", "write 0.01"),
        ("4,125", EITHER, EITHER, "write 4125", EITHER),
        ("4.125", Decimal("4.125"), Decimal("4.125"), "write 4125", Decimal("4.125")),
        ("4,125,000", 4125000, 4125000, 4125000, 4125000),
        ("25%", "write 25 where percent are meant, 0.25 where a fraction is", Decimal("0.25"), WHOLE, GIGAWATTS),
        ("2,5%", "write the number alone, without '%'", "write 2.5%", WHOLE, GIGAWATTS),
        ("-5", -5, -5, WHOLE, GIGAWATTS),
        ("-1,5", "write -1.5", "write -1.5", WHOLE, GIGAWATTS),
        ("+5", "write 5", "write 5", "write 5", "write 5"),
        ("\u22125", "write -5", "write -5", "write -5", "write -5"),
        ("160M", "write the number alone, without 'M'", FRACTION, 160_000_000, GIGAWATTS),
        ("1.5k", "write the number alone, without 'k'", FRACTION, 1_500, GIGAWATTS),
        ("4.5 GW", "write the number alone, without 'GW'", FRACTION, WHOLE, Decimal("4.5")),
        ("500MW", "write the number alone, without 'MW'", FRACTION, WHOLE, Decimal("0.5")),
        ("1,200 MW", "write the number alone, without 'MW'", FRACTION, WHOLE, "write 1200 MW or 1.2 MW"),
        ("1.200 MW", "write the number alone, without 'MW'", FRACTION, WHOLE, "write 1200 MW or 1.2 MW"),
        ("1_000", "write 1000", "write 1000", "write 1000", "write 1000"),
        ("undisclosed", DIGITS, FRACTION, None, None),
        ("n/a", DIGITS, FRACTION, "write undisclosed, or leave it out; it is never taken as 0",
         "write undisclosed, or leave it out; it is never taken as 0"),
        ("~5", ALONE, ALONE, ALONE, ALONE),
        ("approx. 5", ALONE, ALONE, ALONE, ALONE),
        ("5 crore", "write the number alone, without 'crore'", FRACTION, "write 50M", GIGAWATTS),
        ("1,200", "write 1.2", "write 1.2", "write 1200", "write 1.2"),
        ("4,500 GW", "write the number alone, without 'GW'", FRACTION, WHOLE, "write 4.5 GW"),
        ("$5", DIGITS, FRACTION, WHOLE, GIGAWATTS),
        ("nan", DIGITS, FRACTION, WHOLE, GIGAWATTS),
    ],
)  # fmt: skip
def test_each_kind_of_number_has_its_own_rule(
    text: str, as_number: object, as_share: object, as_count: object, as_capacity: object
) -> None:
    assert [read(reader, text) for reader in (number, share, count, capacity)] == [
        as_number, as_share, as_count, as_capacity
    ]  # fmt: skip


LONE = st.tuples(st.integers(1, 999), st.integers(0, 999))
READERS: dict[str, Callable[[str], object]] = {
    "an amount": money,
    "a count": count,
    "megawatts": lambda text: capacity(f"{text} MW"),
    "a figure": lambda text: number(text, style="whole", scaled=True),
    "a price": lambda text: number(text, style="whole"),
    "a ratio with a scale": lambda text: number(f"{text}B", scaled=True),
}


@given(LONE, st.sampled_from(sorted(READERS)), st.sampled_from(["", "K", " million", "B"]))
def test_a_lone_group_of_three_is_refused_alike_whatever_its_mark(
    digits: tuple[int, int], name: str, scale: str
) -> None:
    whole, group = digits
    said = []
    for mark in ",.":
        with pytest.raises(NotReadableError) as caught:
            _ = READERS[name](f"{whole}{mark}{group:03}{scale if name in {'an amount', 'a count', 'a figure'} else ''}")
        assert caught.value.what.startswith("is ambiguous")
        said.append(caught.value.advice)
    assert said[0] == said[1]
    assert said[0].startswith(f"write {whole}{group:03}")


@given(LONE)
def test_a_ratio_has_no_thousands(digits: tuple[int, int]) -> None:
    whole, group = digits
    assert number(f"{whole}.{group:03}") == whole + Decimal(group) / 1000
    with pytest.raises(NotReadableError) as caught:
        number(f"{whole},{group:03}")
    option = caught.value.advice.removeprefix("write ")
    assert number(option) == whole + Decimal(group) / 1000


@given(
    LONE,
    st.sampled_from(["mrd", "Mio.", "lakh", "crore", "lakh crore", "mld", "兆円", "천만원"]),
    st.sampled_from(".,"),
)
def test_what_the_advice_says_to_write_in_place_of_another_scale_is_read(
    digits: tuple[int, int], scale: str, mark: str
) -> None:
    for text in (f"{digits[0]}{mark}{digits[1]:03} {scale}", f"{digits[0]}{mark}5 {scale}", f"{digits[0]} {scale}"):
        with pytest.raises(NotReadableError) as caught:
            money(text)
        for option in caught.value.advice.removeprefix("write ").split(" or "):
            assert money(option)


numerals = st.decimals(0, 10**13, places=2) | st.decimals(0, 10**6, places=5) | st.integers(0, 10**17).map(Decimal)


@given(numerals, st.booleans(), st.sampled_from(sorted(SCALES)), st.sampled_from(["USD", "eur", "KRW", "€", "NT$"]))
def test_scales_shift_the_point_exactly(value: Decimal, grouped: bool, scale: str, currency: str) -> None:  # noqa: FBT001 - drawn
    written = f"{value:,f}" if grouped else f"{value:f}"
    assume(not is_ambiguous(written, "whole"))
    found = money(f"{written}{scale} {currency}")
    assert found is not None
    assert Decimal(found["value"]) == value.scaleb(SCALES[scale])
    assert found["currency"] == currency_of(currency)
    assert money(f"{currency} {written} {scale}") == found


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(["", "K", "m", "bn", " B", "T EUR"]))
def test_three_digits_after_a_point_are_never_guessed(whole: int, group: int, scale: str) -> None:
    with pytest.raises(NotReadableError, match="is ambiguous") as caught:
        money(f"{whole}.{group:03}{scale}")
    assert caught.value.advice.startswith(f"write {whole}{group:03}")


@given(st.text("0123456789,. '_eEx+-", min_size=1, max_size=12))
def test_digits_are_read_in_one_way_or_refused(text: str) -> None:
    """Whatever is accepted is what its digits say once the commas between groups of three are gone."""
    found = read(lambda typed: number(typed, style="whole"), text)
    if isinstance(found, Decimal):
        assert found == Decimal(text.strip().replace(",", ""))
        groups = text.strip().lstrip("-").partition(".")[0].split(",")
        assert groups[1:] == [group for group in groups[1:] if len(group) == 3]
        return
    for option in str(found).removeprefix("write ").split(" or "):
        digits = option.replace(".", "").lstrip("-")
        short = len(digits) <= DIGITS_MAX and len(option.partition(".")[2]) <= 6
        if digits.isdigit() and short:  # what the advice says to write can be read
            assert number(option, style="whole") == Decimal(option)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"), (0.1, "0.1"), (1e-7, "0.0000001"), (1e22, "10000000000000000000000"), (Decimal("1E+3"), "1000"),
        (Decimal("1.080"), "1.080"), ("1,5", "1,5"), (True, "True"), (None, "None"), (float("inf"), "Infinity"),
        (Decimal("1E+999"), "1E+999"),
    ],
)  # fmt: skip
def test_numbers_of_files_are_taken_as_their_digits(value: object, text: str) -> None:
    assert as_written(value) == text


def test_questions_take_more_decimals_than_events_hold() -> None:
    third = "0." + "3" * QUESTION_PLACES
    assert share(third, places=QUESTION_PLACES) == Decimal(third)
    with pytest.raises(NotReadableError, match="more than 6 decimals"):
        share(third)


def test_every_sign_stands_for_currencies_there_are() -> None:
    assert {code for codes in SIGNS.values() for code in codes} <= CURRENCIES
    assert [sign for sign in SIGNS if sign != sign.casefold() or sign.upper() in CURRENCIES] == []


@pytest.mark.parametrize(
    ("text", "code"), [("usd", "USD"), (" EUR ", "EUR"), ("€", "EUR"), ("US$", "USD"), ("yen", "JPY")]
)
def test_a_currency_goes_by_code_sign_or_word(text: str, code: str) -> None:
    assert currency_of(text) == code


@pytest.mark.parametrize(("text", "advice"), [("¥", "write JPY or CNY"), ("XYZ", "ISO 4217"), ("", "ISO 4217")])
def test_a_currency_that_is_none_or_several_is_refused(text: str, advice: str) -> None:
    with pytest.raises(NotReadableError) as caught:
        currency_of(text)
    assert advice in caught.value.advice


def test_the_form_that_a_ledger_writes_is_not_ambiguous() -> None:
    for digits in ("1.125", "1080", "1.08", "0.120", "1234.560"):
        refuse_ambiguous(digits)
    with pytest.raises(NotReadableError, match="is ambiguous") as caught:
        refuse_ambiguous("1.080")
    assert caught.value.advice == "write 1080 or 1.08"
