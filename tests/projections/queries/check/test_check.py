"""What older releases let in about who is who is listed: rings, two identities, shared identifiers, names that deceive."""

from __future__ import annotations

import pytest

from tests.oracle.fold import Raw
from tests.oracle.pieces import DAY, event
from tests.oracle.recording import at
from tests.projections.comparison import read_side_clocks
from tests.projections.queries.check.findings import company, found


def named(placeholder: str, who: str, **fields: str) -> Raw:
    raw = event("party_identified", placeholder=placeholder, company=who, **fields)
    return raw | {"key": f"party/{placeholder}/{who}"}


STAND_INS = [company(name, name.upper(), stand_in=True) for name in ("a", "b", "c", "d")]


def test_a_way_over_two_stand_ins_is_no_finding() -> None:
    assert found(company("meta", "Meta"), *STAND_INS, named("a", "b"), named("b", "meta"), named("c", "b")) == []


def test_rings_of_stand_ins_are_listed_once() -> None:
    events = [*STAND_INS, named("a", "b"), named("b", "c"), named("c", "a"), named("d", "a")]
    ring = [
        ("contradiction", "stand-ins in a ring", "a, b, c", "each is said to be the next, so none of them is identified",
         ["party/a/b", "party/b/c", "party/c/a"]),
    ]  # fmt: skip
    assert found(*events) == ring
    retracted = {"type": "event_retracted", "key": "r", "announced_on": DAY, "corrects": "party/c/a", "reason": "x"}
    assert found(*events, retracted) == []
    assert found(*events, retracted, clocks=read_side_clocks(at(DAY, recorded_by=8))) == ring


def test_a_stand_in_that_is_itself_or_two_companies_is_listed() -> None:
    events = [company("meta", "Meta"), company("xai", "xAI"), *STAND_INS, named("a", "a")]
    assert found(*events, named("b", "xai"), named("b", "meta", announced_on="2025-12-01")) == [
        ("contradiction", "stand-in is itself", "a", "identified as itself, which says nothing", ["party/a/a"]),
        ("contradiction", "stand-in is two companies", "b",
         "identified as meta and as xai; the one announced last counts", ["party/b/xai", "party/b/meta"]),
    ]  # fmt: skip


def test_a_company_that_is_no_stand_in_and_said_to_be_another_is_listed() -> None:
    mark = {"type": "event_corrected", "key": "mark", "announced_on": DAY, "corrects": "company/openai", "reason": "x"}
    events = [company("openai", "OpenAI"), company("nvidia", "Nvidia"), named("openai", "nvidia"), named("x", "nvidia")]
    unmarked = [
        ("contradiction", "identified, but no stand-in", name,
         "not registered as a stand-in, and identified as nvidia, which gets its deals", [f"party/{name}/nvidia"])
        for name in ("openai", "x")
    ]  # fmt: skip
    assert found(*events) == unmarked
    mended = [
        *events,
        company("x", "X", stand_in=True),
        mark | {"replacement": company("openai", "OpenAI", stand_in=True)},
    ]
    assert found(*mended) == []
    assert found(*mended, clocks=read_side_clocks(at(DAY, recorded_by=5))) == unmarked[:1]
    # Of several registrations the latest counts.
    assert found(*mended, company("x", "X") | {"key": "again"}) == unmarked[1:]


def test_two_companies_of_one_identifier_are_listed() -> None:
    events = [
        company("meta", "Meta", cik="1", ticker="META"),
        company("other", "Other", cik="0000000001", ticker="META"),
        company("meta", "Meta", cik="1", ticker="META") | {"key": "again"},
    ]
    assert found(*events) == [
        ("contradiction", "one CIK, two companies", "meta, other", "all have the CIK 0000000001",
         ["again", "company/meta", "company/other"]),
        ("contradiction", "one ticker, two companies", "meta, other", "all have the ticker META",
         ["again", "company/meta", "company/other"]),
    ]  # fmt: skip


def test_companies_that_cannot_be_told_apart_and_deceptive_names_are_listed() -> None:
    events = [
        company("nvidia", "Nvidia", aliases=["輝達"]),
        company("hidden", "Nvi\u00addia"),
        company("mixed", "NV\u0406DIA"),
        company("blank", "\u3164"),
        company("honest", "Société Générale"),
    ]
    assert found(*events) == [
        ("contradiction", "two companies of one name", "hidden, mixed",
         "'Nvi\\xaddia' and 'NV\\u0406DIA' cannot be told apart", ["company/hidden", "company/mixed"]),
        ("contradiction", "two companies of one name", "hidden, nvidia",
         "'Nvi\\xaddia' and 'nvidia' cannot be told apart", ["company/hidden", "company/nvidia"]),
        ("contradiction", "two companies of one name", "mixed, nvidia",
         "'NV\\u0406DIA' and 'nvidia' cannot be told apart", ["company/mixed", "company/nvidia"]),
        ("doubt", "deceptive name", "blank", "the name '\\u3164' shows nothing", ["company/blank"]),
        ("doubt", "deceptive name", "mixed",
         "the name 'NV\\u0406DIA' mixes Latin and Cyrillic letters in the word 'NV\u0406DIA'", ["company/mixed"]),
    ]  # fmt: skip


LEG = {"deal": "d", "status": "announced", "leg": "l"}
WITH_ITSELF = [
    ("purchase_committed", {"buyer": "a", "supplier": "a", "subject": "chips"}, "buyer and supplier are both a"),
    ("investment_committed", {"investor": "a", "investee": "a"}, "investor and investee are both a"),
    ("warrant_granted", {"issuer": "a", "holder": "a"}, "issuer and holder are both a"),
    ("loan_arranged", {"borrower": "a", "lenders": [{"company": "b"}, {"company": "a"}]}, "borrower and a lender are both a"),
    ("guarantee_given", {"guarantor": "a", "obligor": "a"}, "guarantor and obligor are both a"),
    ("guarantee_given", {"guarantor": "a", "obligor": "b", "beneficiary": "a"}, "guarantor and beneficiary are both a"),
    ("guarantee_given", {"guarantor": "a", "obligor": "b", "beneficiary": "b"}, "obligor and beneficiary are both b"),
    ("loan_arranged", {"borrower": "a", "lenders": [{"company": "b"}, {"company": "b"}]}, ""),
    ("purchase_committed", {"buyer": "a", "supplier": "b", "subject": "chips"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "parties", "said"), WITH_ITSELF)
def test_a_deal_of_a_company_with_itself_is_listed(kind: str, parties: Raw, said: str) -> None:
    terms = event(kind, **LEG, **parties) | {"key": "k"}
    expected = [("doubt", "with itself", "d/l", said, ["k"])] if said else []
    assert found(company("a", "Ay"), company("b", "Bee"), terms) == expected
    corrected = {
        "type": "event_corrected", "key": "c", "announced_on": DAY, "corrects": "k", "reason": "x",
        "replacement": event("purchase_committed", **LEG, buyer="a", supplier="b", subject="chips") | {"key": "k"},
    }  # fmt: skip
    if kind == "purchase_committed":
        assert found(company("a", "Ay"), company("b", "Bee"), terms, corrected) == []


def test_a_payment_of_a_company_to_itself_is_listed() -> None:
    terms = event("purchase_committed", **LEG, buyer="a", supplier="b", subject="chips") | {"key": "k"}
    paid = [
        event("payment_made", deal="d", leg="l", payer=payer, payee="b", amount={"value": "5", "currency": "USD"})
        | {"key": f"paid/{payer}"}
        for payer in ("a", "b")
    ]
    assert found(company("a", "Ay"), company("b", "Bee"), terms, *paid) == [
        ("doubt", "with itself", "d/l", "payer and payee are both b", ["paid/b"])
    ]
