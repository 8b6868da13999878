"""Texts of flags and cells: dotted fields, lists, and amounts with their currency beside them."""

from __future__ import annotations

import pytest

from events.codec import as_raw
from events.errors import BadValueError, UnknownTypeError
from events.keys import derived_key
from events.registry import validate_texts
from ledger.intake.texts import texts_to_raw


def test_undisclosed_is_left_out() -> None:
    raw = texts_to_raw("warrant_granted", {"exercise_price": "undisclosed", "shares_max": " undisclosed", "note": ""})
    assert raw == {"type": "warrant_granted"}


def amount_of(**texts: str) -> object:
    return texts_to_raw("loan_repaid", {name.replace("_", ".", 1): text for name, text in texts.items()}).get("amount")


@pytest.mark.parametrize(
    ("texts", "amount"),
    [
        ({"amount": "38B"}, ("38000000000", "USD", "exactly")),
        ({"amount": "38B", "amount_currency": "EUR"}, ("38000000000", "EUR", "exactly")),
        ({"amount": "38B", "amount_currency": ""}, ("38000000000", "USD", "exactly")),
        ({"amount": "€38B", "amount_currency": "eur"}, ("38000000000", "EUR", "exactly")),
        ({"amount": "¥12bn", "amount_currency": "JPY"}, ("12000000000", "JPY", "exactly")),
        ({"amount": "38B", "amount_qualifier": "about"}, ("38000000000", "USD", "about")),
        ({"amount": "~38B", "amount_qualifier": "about"}, ("38000000000", "USD", "about")),
        ({"amount": "38B €", "amount_qualifier": "up to"}, ("38000000000", "EUR", "up_to")),
        ({"amount_value": "1,200,000", "amount_currency": "$"}, ("1200000", "USD", "exactly")),
    ],
)
def test_an_amount_and_what_stands_beside_it_are_read_together(
    texts: dict[str, str], amount: tuple[str, str, str]
) -> None:
    assert amount_of(**texts) == dict(zip(("value", "currency", "qualifier"), amount, strict=True))


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"amount": "38B USD", "amount_currency": "EUR"}, "amount: names two currencies, USD and EUR (got '38B USD')"),
        ({"amount": "€38B", "amount_currency": "USD"}, "amount: names two currencies, € and USD (got '€38B')"),
        ({"amount_value": "€38B", "amount_currency": "USD"}, "amount: names two currencies, € and USD (got '€38B')"),
        ({"amount": "up_to 38B", "amount_qualifier": "about"}, "amount: is qualified twice, up_to and about"),
        ({"amount": "38B", "amount_currency": "kr"}, "amount: does not say which currency"),
        ({"amount": "1.125", "amount_currency": "EUR"}, "amount: is ambiguous"),
        ({"amount_value": "1.125", "amount_currency": "EUR"}, "amount: is ambiguous"),
    ],
)
def test_an_amount_must_not_contradict_what_stands_beside_it(texts: dict[str, str], said: str) -> None:
    with pytest.raises(BadValueError) as caught:
        amount_of(**texts)
    assert caught.value.message.startswith(said)


def test_a_group_names_its_currency_itself() -> None:
    assert amount_of(amount_value="5B") == {"value": "5000000000", "qualifier": "exactly"}


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
        "conditions": [], "pledged": [], "tranches": [],
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
