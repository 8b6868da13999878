"""Texts of flags and cells: amounts with scales, counts, dotted fields."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.codec import as_raw
from events.errors import BadValueError, UnknownTypeError
from events.keys import derived_key
from events.registry import validate_texts
from ledger.intake.texts import BadTextError, money, texts_to_raw, whole_number

SCALES = {"": 1, "K": 10**3, "m": 10**6, "B": 10**9, "T": 10**12}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100B USD", ("100000000000", "USD", "exactly")),
        ("up_to 100B", ("100000000000", "USD", "up_to")),
        ("up to 1.5M eur", ("1500000", "EUR", "up_to")),
        ("about 12.34", ("12.34", "USD", "about")),
        ("at_least 3T TWD", ("3000000000000", "TWD", "at_least")),
        ("at least 3 TTD", ("3", "TTD", "at_least")),
        ("5THB", ("5", "THB", "exactly")),
        ("  7 K krw ", ("7000", "KRW", "exactly")),
        ("0.000001", ("0.000001", "USD", "exactly")),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, expected: tuple[str, str, str]) -> None:
    assert money(text) == dict(zip(("value", "currency", "qualifier"), expected, strict=True))


@pytest.mark.parametrize("text", ["", "B", "100 BILLION", "-5", "1,5", "1e9", "$5", "5 %", "up_to", "5 US", "١٢"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadTextError, match="is not an amount"):
        money(text)
    with pytest.raises(BadValueError, match="amount: is not an amount") as caught:
        texts_to_raw("loan_repaid", {"amount": text or " "})
    assert "up_to 1.5M EUR" in caught.value.advice


@given(st.integers(0, 10**40 - 1), st.integers(0, 12), st.sampled_from(sorted(SCALES)))
def test_scales_shift_the_point_exactly(digits: int, point: int, scale: str) -> None:
    number = f"{Decimal((0, tuple(map(int, str(digits))), -point)):f}"
    found = money(f"{number}{scale} USD")
    assert found is not None
    whole, _, fraction = number.partition(".")
    assert int(found["value"].replace(".", "")) * 10 ** len(fraction) == int(whole + fraction) * SCALES[
        scale
    ] * 10 ** len(found["value"].partition(".")[2])


def test_undisclosed_is_left_out() -> None:
    assert money("Undisclosed") is None
    assert whole_number("undisclosed") is None
    raw = texts_to_raw("warrant_granted", {"exercise_price": "undisclosed", "shares_max": " undisclosed", "note": ""})
    assert raw == {"type": "warrant_granted"}


@pytest.mark.parametrize(("text", "count"), [("160000000", 160_000_000), ("160M", 160_000_000), ("1.5k", 1_500)])
def test_counts_have_scales_too(text: str, count: int) -> None:
    assert texts_to_raw("warrant_exercised", {"shares": text})["shares"] == count


@pytest.mark.parametrize("text", ["1.5", "0.0001K", "-1", "many", "1 000"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(BadValueError, match="shares: is not a whole number"):
        texts_to_raw("warrant_exercised", {"shares": text})


def test_flags_make_an_event() -> None:
    raw = texts_to_raw(
        "loan_arranged",
        {
            "announced_on": "2025-10-06", "deal": "a", "leg": "b", "status": "definitive", "borrower": "oracle",
            "amount": "up_to 38B", "amount.currency": "EUR", "lenders.1.company": "jpmorgan", "lenders.0.company": "mufg",
            "lenders.0.amount": "1.5B EUR", "rate": "SOFR + 250 bp", "relies_on": "x/y; z/w", "conditional": "true",
            "source.kind": "press", "source.publisher": "A paper",
        },
    )  # fmt: skip
    raw["key"] = derived_key(raw)
    assert as_raw(validate_texts(raw)) == {
        "type": "loan_arranged", "key": "a/b/2025-10-06", "announced_on": "2025-10-06", "effective_on": "2025-10-06",
        "deal": "a", "leg": "b", "status": "definitive", "conditional": True, "borrower": "oracle",
        "amount": {"value": "38000000000", "currency": "EUR", "qualifier": "up_to"},
        "lenders": [
            {"company": "mufg", "amount": {"value": "1500000000", "currency": "EUR", "qualifier": "exactly"}},
            {"company": "jpmorgan"},
        ],
        "rate": {"text": "SOFR + 250 bp"}, "relies_on": ["x/y", "z/w"],
        "source": {"kind": "press", "publisher": "A paper"}, "contested": [],
    }  # fmt: skip


def test_a_list_may_come_as_several_texts() -> None:
    assert texts_to_raw("company_registered", {"aliases": ["輝達", "Nvidia Corp; Inc"]})["aliases"] == [
        "輝達", "Nvidia Corp; Inc"
    ]  # fmt: skip
    assert texts_to_raw("company_registered", {"name": ["Nvidia"]})["name"] == "Nvidia"
    with pytest.raises(BadValueError, match="name: is several texts where one belongs"):
        texts_to_raw("company_registered", {"name": ["Nvidia", "AMD"]})


def test_every_bad_text_is_named() -> None:
    with pytest.raises(BadValueError) as caught:
        texts_to_raw("loan_arranged", {"amount": "much", "firm": "less", "note": "x", "note.part": "y"})
    assert caught.value.message == (
        "amount: is not an amount (got 'much'); firm: is not an amount (got 'less'); "
        "note.part: is given both whole and in parts (got 'y')"
    )
    with pytest.raises(UnknownTypeError):
        texts_to_raw("loan_aranged", {})


def test_fields_that_are_not_there_are_left_for_the_event_to_refuse() -> None:
    assert texts_to_raw("loan_repaid", {"amont": "5B", "a.0.b": "x"}) == {
        "type": "loan_repaid", "amont": "5B", "a": [{"b": "x"}]
    }  # fmt: skip
