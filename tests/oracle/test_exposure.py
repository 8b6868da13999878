"""The naive fold of exposures against small cases worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.fold import Raw, exposure
from tests.oracle.pieces import DAY, PLAIN, UP_TO, event, loan, paid, purchase, usd
from tests.oracle.recording import at, recorded

COLUMNS = ("headline", "binding", "performed", "remaining", "gross", "credit_equivalent")


def amounts(row: Raw) -> tuple[str | None, ...]:
    """Return the six amounts of a row as plain text."""
    return tuple(None if row[name] is None else f"{row[name].normalize():f}" for name in COLUMNS)


def table(*events: Raw, as_of: str = DAY, **options: Any) -> dict[Any, tuple[Any, ...]]:  # noqa: ANN401 - as above
    """Return an exposure as {(exposed, to, kind, currency): (six amounts, undisclosed)}."""
    rows = exposure(recorded(events), at(as_of), **options).rows
    return {
        tuple(row.get(name) for name in ("exposed", "to", "kind", "currency")): (amounts(row), row["undisclosed"])
        for row in rows
    }


def test_a_purchase_with_a_prepayment_gives_two_rows() -> None:
    events = [purchase(amount=usd("100"), prepaid=usd("10")), paid("4")]
    assert table(*events) == {
        ("oracle", "openai", "purchase", "USD"): (("100", "100", "4", "96", "96", "38.4"), 0),
        ("openai", "oracle", "prepayment", "USD"): (("10", "10", "4", "6", "10", "10"), 0),
    }
    assert table(*events, company="oracle", by="kind").keys() == {
        (None, None, "purchase", "USD"),
        (None, None, "prepayment", "USD"),
    }
    assert table(*events, company="amd") == {}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("definitive", ("10", "10", "10", "0", "10", "10")),
        ("completed", ("10", "10", "10", "0", "0", "0")),
        ("letter_of_intent", ("10", "0", "10", "0", "0", "0")),
    ],
)
def test_a_prepayment_is_at_risk_while_the_purchase_is_definitive(status: str, expected: tuple[str, ...]) -> None:
    found = table(purchase(status=status, prepaid=usd("10")), paid("40"))
    assert found["openai", "oracle", "prepayment", "USD"] == (expected, 0)


def test_an_unconditionally_cancellable_purchase_counts_a_tenth_rounded_half_up() -> None:
    row = table(purchase(amount=usd("1"), firm=usd("0.000005"), cancellable_days=0))
    assert row == {("oracle", "openai", "purchase", "USD"): (("1", "0.000005", "0", "1", "0.000005", "0.000001"), 0)}


@pytest.mark.parametrize(
    ("terms", "funded", "expected"),
    [
        ({"status": "definitive", **PLAIN}, "25", ("100", "100", "25", "75", "100", "55")),
        ({"status": "definitive", **PLAIN}, None, ("100", "100", "0", "100", "100", "40")),
        ({"status": "definitive", **UP_TO}, "25", ("100", None, "25", "75", "25", "25")),
        ({"status": "definitive", **UP_TO}, None, ("100", None, "0", "100", None, None)),
        ({"status": "letter_of_intent", **UP_TO}, None, ("100", "0", "0", "100", "0", "0")),
        ({"status": "letter_of_intent", **UP_TO}, "25", ("100", "0", "25", "75", "25", "25")),
        ({"status": "definitive", **PLAIN}, "130", ("100", "100", "130", "0", "130", "130")),
    ],
)
def test_an_investment_is_what_was_funded_and_what_binds_beyond(
    terms: Raw, funded: str | None, expected: tuple[str | None, ...]
) -> None:
    parties = {"deal": "d", "leg": "equity", "investor": "nvidia", "investee": "openai"}
    events = [event("investment_committed", **parties, **terms)]
    if funded is not None:
        events.append(event("tranche_funded", deal="d", leg="equity", amount=usd(funded)))
    unknown = int(expected[1] is None)
    assert table(*events) == {("nvidia", "openai", "investment", "USD"): (expected, unknown)}


def test_a_loan_nets_what_was_repaid() -> None:
    drawn = event("tranche_funded", deal="d", leg="loan", amount=usd("60"))
    repaid = event("loan_repaid", deal="d", leg="loan", amount=usd("20"))
    plain = table(loan(amount=usd("100")), drawn, repaid)
    assert plain == {(None, "crusoe", "loan", "USD"): (("100", "100", "60", "40", "80", "56"), 0)}
    open_ended = table(loan(amount=usd("100", "up_to")), drawn, repaid)
    assert open_ended == {(None, "crusoe", "loan", "USD"): (("100", None, "60", "40", "40", "40"), 1)}
    rest = event("loan_repaid", deal="d", leg="loan", amount=usd("40"))
    paid_back = table(loan(amount=usd("100", "up_to")), drawn, repaid, rest)
    assert paid_back == {(None, "crusoe", "loan", "USD"): (("100", None, "60", "40", "0", "0"), 1)}
    untouched = table(loan(amount=usd("100", "up_to")))
    assert untouched == {(None, "crusoe", "loan", "USD"): (("100", None, "0", "100", None, None), 1)}


def lender(slug: str, value: str | None = None) -> Raw:
    return {"company": slug} if value is None else {"company": slug, "amount": usd(value)}


NOTHING = ((None,) * 6, 1)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"lenders": []}, {None: (("100", "100", "0", "100", "100", "40"), 0)}),
        ({"lenders": [lender("a")]}, {"a": (("100", "100", "0", "100", "100", "40"), 0)}),
        (
            {"lenders": [lender("a", "18"), lender("b", "3")]},
            {
                "a": (("18", "18", "0", "18", "18", "7.2"), 0),
                "b": (("3", "3", "0", "3", "3", "1.2"), 0),
                None: (("79", "79", "0", "79", "79", "31.6"), 0),
            },
        ),
        (
            {"lenders": [lender("a", "18"), lender("b")]},
            {
                "a": (("18", "18", "0", "18", "18", "7.2"), 0),
                "b": NOTHING,
                None: (("82",) * 2 + ("0",) + ("82",) * 2 + ("32.8",), 0),
            },
        ),
        (
            {"lenders": [lender("a"), lender("b")]},
            {"a": NOTHING, "b": NOTHING, None: (("100", "100", "0", "100", "100", "40"), 0)},
        ),
        # More stated than the whole: shares of the stated sum, and nothing is left over.
        (
            {"lenders": [lender("a", "90"), lender("b", "60")]},
            {"a": (("90", "60", "0", "60", "60", "24"), 0), "b": (("60", "40", "0", "40", "40", "16"), 0)},
        ),
        # Thirds are cut to millionths one after the other, so that the last one takes what is left.
        (
            {"amount": None, "firm": usd("100"), "lenders": [lender("a", "1"), lender("b", "1"), lender("c", "1")]},
            {
                "a": (("1", "33.333333", "0", None, "33.333333", "13.333333"), 0),
                "b": (("1", "33.333333", "0", None, "33.333333", "13.333333"), 0),
                "c": (("1", "33.333334", "0", None, "33.333334", "13.333334"), 0),
            },
        ),
        (
            {"amount": None, "lenders": [lender("a"), lender("b")]},
            {"a": NOTHING, "b": NOTHING, None: ((None, None, "0", None, None, None), 1)},
        ),
    ],
)
def test_lenders_split_a_loan(terms: Raw, expected: dict[str | None, Any]) -> None:
    found = table(loan(**{"amount": usd("100")} | terms))
    assert {exposed: value for (exposed, *_), value in found.items()} == expected


def test_a_guarantee_is_net_of_its_collateral() -> None:
    fields = {"deal": "d", "leg": "lease", "guarantor": "nvidia", "obligor": "partner", "status": "definitive"}
    found = table(event("guarantee_given", **fields, amount=usd("860"), collateral=usd("470")))
    assert found == {("nvidia", "partner", "guarantee", "USD"): (("860", "860", "0", "860", "390", "390"), 0)}


@pytest.mark.parametrize(
    ("cap", "currency", "expected"),
    [
        ("60", "USD", ("100", "100", "10", "90", "100", "60")),
        ("300", "USD", ("300", "300", "10", "300", "300", "300")),
        ("60", "EUR", ("100", "100", "10", "90", "100", "46")),
    ],
)
def test_a_guaranteed_amount_counts_once_in_the_totals(cap: str, currency: str, expected: tuple[str, ...]) -> None:
    fields = {"deal": "d", "leg": "cover", "guarantor": "amd", "obligor": "crusoe", "status": "definitive"}
    cover = event("guarantee_given", **fields, amount=usd(cap, currency=currency), covers="d/loan")
    drawn = event("tranche_funded", deal="d", leg="loan", amount=usd("10"))
    entries = recorded([loan(amount=usd("100"), lenders=[lender("bank", "50")]), cover, drawn])
    totals = exposure(entries, at(DAY)).summary["totals"]
    assert amounts(totals["USD"]) == expected
    # Seen from the bank alone the guarantee is not among the rows, and takes nothing away.
    assert exposure(entries, at(DAY), company="bank").summary["totals"]["USD"]["headline"] == 50


def test_rows_of_no_currency_join_the_only_one() -> None:
    silent, dollars = purchase("a"), purchase("b", amount=usd("5"))
    assert table(silent, dollars) == {("oracle", "openai", "purchase", "USD"): (("5", "5", "0", "5", "5", "2"), 1)}
    both = table(silent, dollars, purchase("c", amount=usd("7", currency="EUR")), by="company")
    assert both == {
        ("oracle", None, None, None): ((None, None, "0", None, None, None), 1),
        ("oracle", None, None, "USD"): (("5", "5", "0", "5", "5", "2"), 0),
        ("oracle", None, None, "EUR"): (("7", "7", "0", "7", "7", "2.8"), 0),
    }
