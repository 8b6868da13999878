"""Leverage on paper worked by hand: the published case, who services what, what moves to a guarantor, who lends."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest

from events.errors import BadValueError
from projections.clocks import Clocks
from projections.queries.leverage.lenders import lender_types
from projections.queries.leverage.leverage import leverage, leverage_over
from projections.result import Result
from tests.projections.case_parts import Raw, usd
from tests.projections.catalogue import catalogue_raws
from tests.projections.flow_parts import (
    LATER,
    billions,
    buys,
    changed,
    figures,
    funded,
    guarantees,
    lends,
    metric,
    opened,
    row_of,
)

SERVICED = ("own_debt", "serviced_executed", "serviced_in_talks", "total")
LEASE, COMPUTE = "oracle-vantage-buys/l", "openai-oracle-buys/l"


def asked(*events: Raw, company: str | None = None, **options: Any) -> Result:  # noqa: ANN401 - the options of leverage
    with opened(*events) as warehouse:
        return leverage(warehouse, LATER, company=company, **options)


def published() -> tuple[Raw, ...]:
    """Write the Financial Times' tally of November 2025: 30 borrowed, 28 dependent, 38 in talks; its own line untouched."""
    return (
        buys("openai", "oracle", "300"),
        lends([], "softbank", "30", relies_on=[COMPUTE]),
        lends([("blue-owl", None)], "crusoe", "28", relies_on=[COMPUTE]),
        lends([("jpmorgan", None)], "vantage", "38", relies_on=[COMPUTE], status="rumoured"),
        lends([], "openai", "4", status="announced"),
        metric("revenue", "openai", "20000000000", basis="run_rate"),
    )


def test_the_published_shadow_leverage_of_openai() -> None:
    row = row_of(asked(*published()).rows, "openai")
    assert figures(row, *SERVICED) == {
        "own_debt": 0,
        "serviced_executed": 58,
        "serviced_in_talks": 38,
        "total": 96,
    }
    assert (row["shadow_leverage"], row["shadow_leverage_executed"]) == (Decimal("4.8"), Decimal("2.9"))
    assert (row["own_debt_basis"], billions(row["revenue"])) == ("drawn loans", 20)
    assert row["revenue_basis"].startswith("run_rate")
    assert {event["key"] for event in published()} == set(row["events"])


def test_every_loan_counts_once_in_the_summary() -> None:
    summary = asked(*published()).summary
    assert figures(summary, "loans_amount", "loans_executed") == {"loans_amount": 100, "loans_executed": 58}
    assert {kind: (entry["loans"], billions(entry["stated"]), billions(entry["executed"]))
            for kind, entry in summary["by_lender_type"]["USD"].items()} == {
        "bank": (1, 38, 0),
        "private_credit": (1, 28, 28),
        "unnamed": (2, 34, 30),
    }  # fmt: skip


def test_a_tally_told_by_others_stands_beside_the_loans_recorded() -> None:
    tally = metric("other", "openai", "100000000000", metric_name="partner_debt_linked_to_openai", basis="estimate")
    summary = asked(*published(), tally, company="openai").summary
    stated = summary["stated_partner_debt"]
    assert (billions(stated["value"]), billions(stated["unexplained"]), stated["event"]) == (100, 4, tally["key"])


def test_a_balance_sheet_stands_in_place_of_the_loans_it_holds() -> None:
    loan = lends([], "oracle", "18", relies_on=[])
    drawn = funded("oracle-borrows-1", "18") | {"deal": "oracle-borrows", "leg": "l"}
    by_loans = row_of(asked(loan, drawn).rows, "oracle")
    assert (billions(by_loans["own_debt"]), by_loans["own_debt_basis"]) == (18, "drawn loans")
    told = metric("debt", "oracle", "105000000000")
    by_metric = row_of(asked(loan, drawn, told).rows, "oracle")
    assert figures(by_metric, "own_debt", "own_loans") == {"own_debt": 105, "own_loans": 18}
    assert by_metric["own_debt_basis"] == "gaap, on 2025-10-14"
    guessed = metric("debt", "oracle", "290000000000", basis="guidance")
    assert billions(row_of(asked(loan, drawn, guessed).rows, "oracle")["own_debt"]) == 18


def test_what_nobody_recorded_as_drawn_is_no_debt_yet() -> None:
    result = asked(lends([], "meta", "30"))
    row = row_of(result.rows, "meta")
    assert figures(row, "own_debt", "own_undrawn") == {"own_debt": 0, "own_undrawn": 30}
    assert any("`own_undrawn`" in note for note in result.notes)


@pytest.mark.parametrize(
    ("loan", "drawn", "executed", "in_talks"),
    [
        (lends([], "b", "10", status="completed"), 10, 10, 0),
        (lends([], "b", "10"), 0, 10, 0),
        (lends([], "b", "10", status="letter_of_intent"), 0, 0, 10),
        (lends([], "b", "10", status="suspended"), 0, 0, 10),
    ],
    ids=["completed", "definitive", "letter", "suspended"],
)
def test_executed_and_in_talks(loan: Raw, drawn: int, executed: int, in_talks: int) -> None:
    contract = buys("x", "y", "50")
    row = row_of(asked(contract, loan | {"relies_on": ["x-y-buys/l"]}).rows, "x")
    assert figures(row, "serviced_executed", "serviced_in_talks") == {
        "serviced_executed": executed,
        "serviced_in_talks": in_talks,
    }
    assert billions(row_of(asked(loan).rows, "b")["own_debt"]) == drawn


def test_what_is_repaid_is_debt_no_more() -> None:
    loan = lends([], "b", "10", relies_on=["x-y-buys/l"])
    drawn = funded("b-borrows-1", "6") | {"deal": "b-borrows"}
    repaid = {**drawn, "type": "loan_repaid", "key": "repaid", "amount": usd("2")}
    rows = asked(buys("x", "y", "50"), loan, drawn, repaid).rows
    assert billions(row_of(rows, "b")["own_debt"]) == 4
    assert billions(row_of(rows, "x")["serviced_executed"]) == 8


def test_a_loan_of_unknown_size_is_counted_and_in_no_sum() -> None:
    contract = buys("x", "y", "50")
    unknown = lends([], "b", None, relies_on=["x-y-buys/l"])
    row = row_of(asked(contract, unknown, lends([], "c", "3", relies_on=["x-y-buys/l"])).rows, "x")
    assert (billions(row["serviced_executed"]), row["undisclosed"]) == (3, 1)


def test_a_chain_is_followed_along_one_physical_lot_and_no_further() -> None:
    lease = buys("oracle", "vantage", "60", capacity_lot="frontier")
    resold = buys("openai", "oracle", "300", capacity_lot="frontier")
    other = buys("meta", "oracle", "20", capacity_lot="elsewhere")
    loan = lends([], "vantage", "38", relies_on=[LEASE])
    rows = asked(lease, resold, other, loan).rows
    assert {row["company"]: billions(row["serviced_executed"]) for row in rows} == {
        "oracle": 38,
        "openai": 38,
        "vantage": 0,
    }
    without_lots = asked(lease | {"capacity_lot": None}, resold, loan).rows
    assert {row["company"] for row in without_lots} == {"oracle", "vantage"}


def test_a_loan_named_by_two_contracts_of_one_payer_counts_once() -> None:
    contracts = (buys("x", "y", "50"), buys("x", "z", "50"))
    loan = lends([], "b", "10", relies_on=["x-y-buys/l", "x-z-buys/l"])
    assert billions(row_of(asked(*contracts, loan).rows, "x")["serviced_executed"]) == 10


def test_a_borrower_does_not_service_its_own_loan_for_others() -> None:
    loan = lends([], "x", "10", relies_on=["x-y-buys/l"])
    row = row_of(asked(buys("x", "y", "50"), loan, funded("x-borrows-1", "10") | {"deal": "x-borrows"}).rows, "x")
    assert figures(row, *SERVICED) == {"own_debt": 10, "serviced_executed": 0, "serviced_in_talks": 0, "total": 10}


def guaranteed(figure: str | None, **fields: Any) -> tuple[Raw, ...]:  # noqa: ANN401 - fields of the guarantee
    return (
        buys("fluidstack", "cipher", "7"),
        lends([("goldman-sachs", None)], "cipher", "3", relies_on=["fluidstack-cipher-buys/l"]),
        guarantees("google", "cipher", figure, covers="cipher-borrows/l", **fields),
    )


@pytest.mark.parametrize(
    ("events", "payer", "guarantor", "given"),
    [
        (guaranteed("1.4"), "1.6", "1.4", "1.4"),
        (guaranteed("5"), "0", "3", "5"),
        (guaranteed("1.4", collateral=usd("0.4")), "2", "1", "1"),
        (guaranteed("1.4", status="announced"), "3", "0", "0"),
        (guaranteed(None), "3", "0", None),
    ],
    ids=["part", "more than the loan", "collateral", "not binding", "unknown cap"],
)
def test_what_is_guaranteed_moves_to_the_guarantor(
    events: tuple[Raw, ...], payer: str, guarantor: str, given: str | None
) -> None:
    rows = asked(*events).rows
    assert billions(row_of(rows, "fluidstack")["serviced_executed"]) == Decimal(payer)
    google = row_of(rows, "google")
    assert billions(google["serviced_executed"]) == Decimal(guarantor)
    assert billions(google["guarantees_given"]) == (None if given is None else Decimal(given))


def test_a_guarantee_of_the_payer_itself_counts_once() -> None:
    lease = buys("meta", "beignet", None)
    bonds = lends([("pimco", "18")], "beignet", "27.3", relies_on=["meta-beignet-buys/l"])
    backstop = guarantees("meta", "beignet", "10", covers="beignet-borrows/l")
    assert billions(row_of(asked(lease, bonds, backstop).rows, "meta")["serviced_executed"]) == Decimal("27.3")


def test_an_announced_guarantee_takes_over_what_is_only_talked_about() -> None:
    loan = lends([], "crusoe", "0.3", status="rumoured")
    backstop = guarantees("amd", "crusoe", "0.3", covers="crusoe-borrows/l", status="rumoured")
    amd = row_of(asked(loan, backstop).rows, "amd")
    assert figures(amd, "serviced_in_talks", "guarantees_given", "guarantees_in_talks") == {
        "serviced_in_talks": Decimal("0.3"),
        "guarantees_given": 0,
        "guarantees_in_talks": Decimal("0.3"),
    }


def test_two_guarantees_cannot_cover_more_than_the_loan() -> None:
    second = guarantees("amazon", "cipher", "2", covers="cipher-borrows/l")
    rows = asked(*guaranteed("2"), second).rows
    assert [billions(row_of(rows, name)["serviced_executed"]) for name in ("amazon", "google", "fluidstack")] == [
        2,
        1,
        0,
    ]


def test_debt_that_rests_on_a_letter() -> None:
    firm, letter = buys("x", "y", "50"), buys("x", "z", "50", status="letter_of_intent")
    loans = (
        lends([], "a", "6", relies_on=["x-y-buys/l"]),
        lends([], "b", "3", relies_on=["x-y-buys/l", "x-z-buys/l"]),
        lends([], "c", "1"),
    )
    result = asked(firm, letter, *loans)
    assert (billions(result.summary["loi_backed"]), result.summary["loi_backed_share"]) == (3, Decimal("0.3"))
    assert {row["company"]: billions(row["loi_backed"]) for row in result.rows} == {"a": 0, "b": 3, "c": 0, "x": 3}
    signed = changed("x-z-buys", "definitive", "2026-01-01")
    assert asked(firm, letter, signed, *loans).summary["loi_backed_share"] == 0
    ended = changed("x-y-buys", "terminated", "2026-01-01")
    after = asked(firm, letter, ended, *loans)
    assert billions(after.summary["loi_backed"]) == 9
    assert billions(row_of(after.rows, "x")["serviced_executed"]) == 3


def test_an_ended_loan_is_gone() -> None:
    contract = buys("x", "y", "50")
    loan = lends([], "b", "10", relies_on=["x-y-buys/l"])
    assert asked(contract, loan, changed("b-borrows", "terminated", "2026-01-01")).rows == []


def kinds(*events: Raw) -> dict[str, Decimal | None]:
    lent = asked(*events).summary["by_lender_type"]["USD"]
    return {kind: billions(entry["stated"]) for kind, entry in lent.items()}


def test_a_lender_that_supplies_the_borrower_is_a_vendor() -> None:
    loan = lends([("nvidia", "2"), ("jpmorgan", "3")], "coreweave", "5")
    assert kinds(loan) == {"bank": 3, "other": 2}
    assert kinds(loan, buys("coreweave", "nvidia", None, status="announced")) == {"bank": 3, "vendor": 2}


def test_shares_that_are_not_told_fall_to_the_lenders_if_they_are_of_one_kind() -> None:
    assert kinds(lends([("jpmorgan", None), ("mufg", None)], "b", "5")) == {"bank": 5}
    assert kinds(lends([("jpmorgan", None), ("apollo", None)], "b", "5")) == {
        "bank": None,
        "mixed": 5,
        "private_credit": None,
    }
    assert kinds(lends([("pimco", "18"), ("blackrock", "3")], "b", "27.3")) == {
        "bondholders": 21,
        "unnamed": Decimal("6.3"),
    }
    assert kinds(lends([("mgx", "1")], "b", "1")) == {"sovereign": 1}


def test_every_lender_of_the_catalogue_has_a_sourced_type() -> None:
    text = (resources.files("projections") / "data" / "lender_types.json").read_text(encoding="utf-8")
    listed = json.loads(text)
    named = {lender["company"] for raw in catalogue_raws() for lender in raw.get("lenders") or ()}
    assert named <= set(listed["lenders"])
    assert {entry["type"] for entry in listed["lenders"].values()} == set(listed["types"])
    assert {entry["source"] for entry in listed["lenders"].values()} == set(listed["sources"])
    assert lender_types() == ({slug: entry["type"] for slug, entry in listed["lenders"].items()}, "other")


def test_revenue_that_serves_the_debt_at_the_margin_of_the_line() -> None:
    quarter = {"period_from": "2025-06-01", "period_to": "2025-09-01", "unit": "fraction"}
    company = metric("gross_margin", "oracle", "0.7", **quarter)
    rental = metric("other", "oracle", "0.14", metric_name="gpu_rental_gross_margin", basis="estimate", **quarter)
    debt = metric("debt", "oracle", "105000000000")
    row = row_of(asked(company, debt).rows, "oracle")
    assert (row["gross_margin_of"], billions(row["revenue_to_serve"])) == ("company", 150)
    row = row_of(asked(company, rental, debt).rows, "oracle")
    assert (row["gross_margin_of"], billions(row["revenue_to_serve"])) == ("gpu_rental_gross_margin", 750)
    assert rental["key"] in row["events"]


def test_what_is_missing_is_said_and_never_zero() -> None:
    loan = lends([], "b", "10", relies_on=["x-y-buys/l"])
    result = asked(buys("x", "y", "50"), loan)
    row = row_of(result.rows, "x")
    assert (row["own_debt"], row["total"], row["shadow_leverage"]) == (None, None, None)
    assert "Shadow leverage is not computable for x: needs a debt metric or a loan of its own." in result.notes
    debt = metric("debt", "x", "5000000000")
    result = asked(buys("x", "y", "50"), loan, debt)
    assert (billions(row_of(result.rows, "x")["total"]), row_of(result.rows, "x")["shadow_leverage"]) == (15, None)
    assert any(
        note.startswith("Shadow leverage is not computable for x: needs a positive rev") for note in result.notes
    )
    assert asked(loan, company="nobody").notes[0] == "No loan, guarantee or debt of nobody is visible at these clocks."


def test_currencies_stand_apart() -> None:
    yen = {"value": "500", "currency": "JPY", "qualifier": "exactly"}
    events = (buys("x", "y", "50"), lends([], "b", "1", relies_on=["x-y-buys/l"]))
    loan = lends([], "c", None, relies_on=["x-y-buys/l"]) | {"amount": yen}
    rows = asked(*events, loan).rows
    assert [(row["currency"], row["serviced_executed"]) for row in rows if row["company"] == "x"] == [
        ("USD", 10**9),
        ("JPY", 500),
    ]


def test_many_days_are_each_day_asked_alone() -> None:
    later = lends([], "crusoe", "5", relies_on=[COMPUTE], announced_on="2026-01-01", deal="later")
    days = [Clocks.on(dt.date.fromisoformat(day)) for day in ("2025-10-13", "2025-10-14", "2026-01-01", "2026-06-01")]
    with opened(*published(), later) as warehouse:
        together = leverage_over(warehouse, days)
        alone = [leverage(warehouse, day) for day in days]
    assert together == alone
    assert [len(result.rows) for result in together] == [0, 4, 4, 4]


def test_an_unknown_revenue_basis_is_refused() -> None:
    with pytest.raises(BadValueError):
        asked(*published(), revenue_basis="hope")
