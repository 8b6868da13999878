"""Which parties of an event stand opposite one another: every company of every kind of deal, and of payments."""

from __future__ import annotations

from events.base import company_fields
from events.parties import SIDES, with_itself
from events.registry import TYPES


def test_every_deal_says_who_stands_opposite_whom() -> None:
    assert {name for name, cls in TYPES.items() if cls.FAMILY == "terms"} <= SIDES.keys()
    for name, sides in SIDES.items():
        assert set(sides) - {"lenders"} == set(company_fields(TYPES[name]))
        assert set(sides) <= TYPES[name].model_fields.keys()


def test_a_company_opposite_itself_is_said() -> None:
    lenders = {"borrower": "a", "lenders.0.company": "b", "lenders.1.company": "b"}
    assert with_itself("loan_arranged", lenders) == ""
    assert with_itself("loan_arranged", lenders | {"lenders.2.company": "a"}) == "borrower and a lender are both a"
    assert with_itself("purchase_committed", {"supplier": "a", "buyer": "a"}) == "buyer and supplier are both a"
    assert with_itself("metric_reported", {"company": "a", "counterparty": "a"}) == ""


def test_what_keeps_up_a_companys_own_worth_is_given_to_it() -> None:
    to_itself = {"guarantor": "a", "obligor": "b", "beneficiary": "b"}
    assert [with_itself("guarantee_given", to_itself, kind) for kind in (None, "payment", "completion")] == [
        "obligor and beneficiary are both b"
    ] * 3
    assert [with_itself("guarantee_given", to_itself, kind) for kind in ("capacity_backstop", "residual_value")] == [
        "",
        "",
    ]
    own = to_itself | {"guarantor": "b"}
    assert with_itself("guarantee_given", own, "capacity_backstop") == "guarantor and obligor are both b"
