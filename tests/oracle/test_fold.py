"""The naive fold of single legs against small cases worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.oracle.fold import Raw, binding_amount, legs
from tests.oracle.pieces import DAY, PLAIN, UP_TO, event, loan, paid, purchase, seen, usd
from tests.oracle.recording import at, recorded

FIRM = {"firm": usd("40")}


@pytest.mark.parametrize(
    ("status", "conditional", "terms", "performed", "expected"),
    [
        ("definitive", False, PLAIN, "0", "100"),
        ("definitive", False, {"amount": usd("100", "at_least")}, "0", "100"),
        ("definitive", False, UP_TO, "0", None),
        ("definitive", False, {}, "0", None),
        ("definitive", False, UP_TO | FIRM, "0", "40"),
        ("definitive", True, PLAIN, "0", None),
        ("definitive", True, PLAIN | FIRM, "0", "40"),
        ("definitive", False, PLAIN | {"cancellable_days": 0}, "0", None),
        ("definitive", False, PLAIN | FIRM | {"cancellable_days": 30}, "0", "40"),
        ("definitive", False, FIRM, "60", "40"),
        ("completed", False, FIRM, "60", "60"),
        ("completed", False, PLAIN, "60", "100"),
        ("completed", False, UP_TO, "60", "60"),
        ("completed", False, UP_TO, "0", None),
        *((status, False, PLAIN | FIRM, "60", "0") for status in ("rumoured", "announced", "letter_of_intent")),
        *((status, False, PLAIN | FIRM, "60", "0") for status in ("term_sheet", "suspended", "terminated")),
    ],
)
def test_what_binds(status: str, conditional: bool, terms: Raw, performed: str, expected: str | None) -> None:  # noqa: FBT001 - a table
    terms = {"type": "purchase_committed", **terms}
    found = binding_amount(status=status, conditional=conditional, terms=terms, performed=Decimal(performed))
    assert found == (None if expected is None else Decimal(expected))


def test_a_leg_adds_up_its_performance_in_its_own_currency() -> None:
    entries = recorded([purchase(amount=usd("100")), paid("30"), paid("5"), paid("1000", currency="EUR"), paid(None)])
    state = legs(entries, at(DAY))["d", "supply"]
    assert seen(state.currency, state.headline, state.binding) == ("USD", 100, 100)
    assert seen(state.performed, state.remaining, state.undisclosed) == (35, 65, True)
    assert state.events == {entry.key for entry in entries}


def test_a_leg_without_amounts_takes_the_currency_of_its_first_payment() -> None:
    entries = recorded([purchase(), paid("30", currency="EUR"), paid("5")])
    state = legs(entries, at(DAY))["d", "supply"]
    assert seen(state.currency, state.performed, state.headline, state.remaining) == ("EUR", 30, None, None)


@pytest.mark.parametrize(
    ("status", "as_of", "expected"),
    [
        ("definitive", "2025-06-30", ("definitive", True)),
        ("definitive", "2025-07-01", ("expired", False)),
        ("suspended", "2025-07-01", ("expired", False)),
        ("completed", "2025-07-01", ("completed", True)),
        ("superseded", "2025-07-01", ("superseded", False)),
        ("terminated", "2025-07-01", ("terminated", False)),
    ],
)
def test_a_guarantee_expires_after_its_last_day(status: str, as_of: str, expected: tuple[str, bool]) -> None:
    fields = {"deal": "d", "leg": "cover", "guarantor": "nvidia", "obligor": "crusoe", "ends_on": "2025-06-30"}
    state = legs(recorded([event("guarantee_given", status=status, **fields)]), at(as_of))["d", "cover"]
    assert (state.status, not state.ended) == expected


@pytest.mark.parametrize(
    ("status", "as_of", "overdue"),
    [
        ("definitive", "2025-06-30", False),
        ("definitive", "2025-07-01", True),
        ("suspended", "2025-07-01", True),
        ("completed", "2025-07-01", False),
        ("terminated", "2025-07-01", False),
    ],
)
def test_a_purchase_and_a_loan_past_their_day_are_overdue(status: str, as_of: str, overdue: bool) -> None:  # noqa: FBT001 - a table
    entries = recorded([purchase(status=status, ends_on="2025-06-30"), loan(status=status, matures_on="2025-06-30")])
    assert [(s.status, s.overdue) for s in legs(entries, at(as_of)).values()] == 2 * [(status, overdue)]


def test_a_deal_wide_status_speaks_for_every_leg_until_newer_terms() -> None:
    entries = recorded(
        [
            purchase("a", amount=usd("1")),
            purchase("b", amount=usd("1")),
            event("status_changed", deal="d", status="terminated", announced_on="2025-07-01"),
            purchase("b", amount=usd("2"), amends="x", announced_on="2025-08-01"),
        ]
    )
    states = legs(entries, at("2025-08-01"))
    assert [seen(s.leg, s.status, s.headline) for s in states.values()] == [
        ("a", "terminated", 1),
        ("b", "definitive", 2),
    ]


def test_correcting_a_retraction_restores_the_event_in_its_old_place() -> None:
    first, second = purchase(amount=usd("1")), purchase(amount=usd("2"), amends="x")
    gone = {"type": "event_retracted", "key": "gone", "announced_on": DAY, "corrects": second["key"], "reason": "r"}
    back = {"type": "event_corrected", "key": "back", "announced_on": DAY, "corrects": "gone", "reason": "r"}
    entries = recorded([first, second, gone, back | {"replacement": second | {"amount": usd("3")}}])
    headlines = [legs(entries, at(DAY, recorded_by=n))["d", "supply"].headline for n in (1, 2, 3, 4)]
    assert headlines == [1, 2, 1, 3]
    assert legs(entries, at(DAY))["d", "supply"].events == {second["key"], "back"}


def test_a_hypothetical_event_wins_over_a_recorded_one_of_the_same_days() -> None:
    entries = recorded([purchase(amount=usd("1")), purchase(amount=usd("2"), amends="x")])
    supposed = purchase(amount=usd("3"), amends="x")
    del supposed["announced_on"]  # left out, its dates are those of the question
    state = legs(entries, at(DAY), [supposed])["d", "supply"]
    assert seen(state.headline, state.hypothetical) == (3, True)
    state = legs(entries, at(DAY, recorded_by=1), [supposed])["d", "supply"]
    assert seen(state.headline, state.events) == (3, {supposed["key"]})


def test_of_two_namings_the_one_announced_last_counts() -> None:
    namings = [
        event("party_identified", placeholder="openai", company="one", effective_on="2025-09-01"),
        event("party_identified", placeholder="openai", company="two", announced_on="2025-06-02"),
    ]
    entries = recorded([*namings, purchase(amount=usd("1"))])
    buyers = [legs(entries, at(day))["d", "supply"].parties["buyer"] for day in (DAY, "2025-06-02")]
    assert buyers == ["one", "two"]
    assert legs(entries, at("2025-06-02"))["d", "supply"].events == {entries[2].key, entries[1].key}


def is_now(placeholder: str, company: str, **fields: str) -> Raw:
    return event("party_identified", placeholder=placeholder, company=company, **fields)


def test_a_stand_in_that_was_another_stand_in_is_followed_to_the_company() -> None:
    first = is_now("openai", "second", announced_on="2025-06-10")
    then = is_now("second", "one", announced_on="2025-06-20")
    entries = recorded([first, then, purchase(amount=usd("1"))])
    states = [legs(entries, at(day))["d", "supply"] for day in (DAY, "2025-06-10", "2025-06-20")]
    assert [state.parties["buyer"] for state in states] == ["openai", "second", "one"]
    assert [state.events - {entries[2].key} for state in states] == [
        set(),
        {first["key"]},
        {first["key"], then["key"]},
    ]


def test_a_ring_of_older_ledgers_identifies_nobody() -> None:
    ring = [is_now("openai", "second"), is_now("second", "openai"), is_now("oracle", "second")]
    state = legs(recorded([*ring, purchase(amount=usd("1"))]), at(DAY))["d", "supply"]
    # Who is on the ring keeps the name; who leads to it gets that of the first on it.
    assert state.parties == {"buyer": "openai", "supplier": "second"}
    assert state.events == {raw["key"] for raw in ring} | {purchase(amount=usd("1"))["key"]}
