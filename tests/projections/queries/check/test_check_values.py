"""Each rule about values that cannot be true together, or that are doubtful: one case that it lists, and its neighbours that it does not."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.oracle.fold import Raw
from tests.oracle.pieces import DAY, event, loan, paid, purchase, usd
from tests.projections.queries.check.findings import Found, company, found, found_apart

CAPACITY: Raw = {"capacity_gw": "2", "capacity_qualifier": "exactly"}
WORDS = "between openai and oracle"


def terms(key: str, raw: Raw, **fields: Any) -> Raw:  # noqa: ANN401 - the fields of any event
    return raw | {"key": key} | fields


def delivered(gigawatts: str | None, key: str = "gw") -> Raw:
    size = {} if gigawatts is None else {"capacity_gw": gigawatts}
    return event("capacity_delivered", deal="d", leg="supply", **size) | {"key": key}


def investment(key: str = "k", **fields: Any) -> Raw:  # noqa: ANN401 - the fields of any event
    plain = {"deal": "d", "leg": "round", "status": "definitive", "investor": "a", "investee": "b"}
    return event("investment_committed", **plain | fields) | {"key": key}


def warrant(**fields: Any) -> Raw:  # noqa: ANN401 - the fields of any event
    plain = {"deal": "d", "leg": "w", "status": "definitive", "issuer": "a", "holder": "b"}
    return event("warrant_granted", **plain | fields) | {"key": "k"}


def guarantee(**fields: Any) -> Raw:  # noqa: ANN401 - the fields of any event
    plain = {"deal": "d", "leg": "g", "status": "definitive", "guarantor": "nvidia", "obligor": "crusoe"}
    return event("guarantee_given", **plain | fields) | {"key": "g"}


# Each case: what is recorded, and the findings (severity, kind, about, what, keys) it comes to.
CASES: dict[str, tuple[list[Raw], list[Found]]] = {
    "an amendment with another supplier": (
        [terms("a", purchase()), terms("b", purchase(supplier="amd", amends="a"), announced_on="2025-07-01")],
        [("doubt", "amendment of the parties", "d/supply", f"{WORDS} before, between openai and amd after", ["a", "b"])],
    ),
    "an amendment after the stand-in was named": (
        [
            company("x", "x", stand_in=True),
            terms("a", purchase(supplier="x")),
            event("party_identified", placeholder="x", company="oracle", announced_on="2025-06-15"),
            terms("b", purchase(amends="a"), announced_on="2025-06-20"),
        ],
        [],
    ),
    "a guarantee for one that covers the loan of another": (
        [terms("k", loan(borrower="coreweave")), guarantee(covers="d/loan")],
        [("doubt", "guarantee of another's leg", "d/g",
          "stands in for crusoe, and covers d/loan, a leg of coreweave", ["g", "k"])],
    ),
    "a guarantee of the borrower's parent": (
        [company("coreweave", "coreweave", parent="crusoe"), terms("k", loan(borrower="coreweave")), guarantee(covers="d/loan")],
        [],
    ),
    "a guarantee of the borrower": ([terms("k", loan()), guarantee(covers="d/loan")], []),
    "payment guaranteed for the supplier": (
        [terms("k", purchase(supplier="crusoe")), guarantee(covers="d/supply", kind="payment")],
        [("doubt", "guarantee of another's leg", "d/g",
          "stands in for crusoe, and covers d/supply, a leg of openai and crusoe", ["g", "k"])],
    ),
    "completion guaranteed for the supplier": (
        [terms("k", purchase(supplier="crusoe")), guarantee(covers="d/supply", kind="completion")],
        [],
    ),
    "more delivered than agreed": (
        [terms("k", purchase(**CAPACITY)), delivered("1.5"), delivered("1", "more")],
        [("contradiction", "delivered above terms", "d/supply", "2.5 GW delivered of 2 GW", ["k"])],
    ),
    "more delivered than about what was agreed": (
        [terms("k", purchase(capacity_gw="2", capacity_qualifier="about")), delivered("2.5")],
        [("doubt", "delivered above terms", "d/supply", "2.5 GW delivered of 2 GW", ["k"])],
    ),
    "more delivered than the least": (
        [terms("k", purchase(capacity_gw="2", capacity_qualifier="at_least")), delivered("2.5")],
        [],
    ),
    "all that was agreed delivered, and something of unknown size": (
        [terms("k", purchase(**CAPACITY)), delivered("2"), delivered(None, "more")],
        [],
    ),
    "more firm gigawatts than gigawatts": (
        [terms("k", purchase(capacity_gw="1", firm_gw="2"))],
        [("contradiction", "firm above headline", "d/supply", "firm 2 GW is more than the 1 GW announced", ["k"])],
    ),
    "a warrant exercised for more than it is": (
        [
            warrant(shares_max=100),
            *(event("warrant_exercised", deal="d", leg="w", shares=75) | {"key": key} for key in ("one", "two")),
        ],
        [("contradiction", "exercised above terms", "d/w", "exercised for 150 shares of 100", ["k"])],
    ),
    "a tranche vested twice": (
        [
            warrant(shares_max=100, tranches=[{"tranche": "first", "shares": 60}]),
            *(
                event("tranche_vested", deal="d", leg="w", tranche="first", shares=40) | {"key": key}
                for key in ("one", "two")
            ),
        ],
        [("contradiction", "vested above terms", "d/w", "80 shares of the tranche first vested, which has 60",
          ["k", "one", "two"])],
    ),
    "more vested than there are": (
        [warrant(shares_max=100), event("tranche_vested", deal="d", leg="w", shares=101) | {"key": "one"}],
        [("contradiction", "vested above terms", "d/w", "101 shares vested of 100", ["k", "one"])],
    ),
    "more vested than there were before a split": (
        [
            warrant(shares_max=100),
            event("share_split", company="a", ratio="5:1", announced_on="2025-06-10"),
            event("tranche_vested", deal="d", leg="w", shares=500, announced_on="2025-06-20"),
        ],
        [],
    ),
    "a tranche of money paid in twice": (
        [
            investment(amount=usd("100"), tranches=[{"tranche": "first", "amount": usd("40")}]),
            *(
                event("tranche_funded", deal="d", leg="round", tranche="first", amount=usd("30")) | {"key": key}
                for key in ("one", "two")
            ),
        ],
        [("contradiction", "paid in above terms", "d/round", "60 USD paid in on the tranche first, which is of 40",
          ["k", "one", "two"])],
    ),
    "more prepaid than agreed": (
        [terms("k", purchase(amount=usd("10"), prepaid=usd("12")))],
        [("contradiction", "prepaid above headline", "d/supply", "prepaid 12 of 10 USD", ["k"])],
    ),
    "repaid what was not drawn": (
        [
            terms("k", loan(amount=usd("100"))),
            event("tranche_funded", deal="d", leg="loan", amount=usd("40")),
            event("loan_repaid", deal="d", leg="loan", amount=usd("50")),
        ],
        [("doubt", "repaid above drawn", "d/loan", "repaid 50 USD, and only 40 was drawn", ["k"])],
    ),
    "repaid of draws of unknown size": (
        [
            terms("k", loan(amount=usd("100"))),
            event("tranche_funded", deal="d", leg="loan"),
            event("loan_repaid", deal="d", leg="loan", amount=usd("50")),
        ],
        [],
    ),
    "a rumour to the dollar": (
        [terms("k", purchase(status="rumoured", amount=usd("5")))],
        [("doubt", "exact rumour", "d/supply", "rumoured at exactly 5 USD", ["k"])],
    ),
    "a rumour of about that": ([terms("k", purchase(status="rumoured", amount=usd("5", "about")))], []),
    "a rate that is another than its words": (
        [terms("k", loan(rate={"text": "9.25 % fixed", "percent": "9.5"}))],
        [("contradiction", "rate against its words", "d/loan", 'percent 9.5, and the source says "9.25 % fixed"', ["k"])],
    ),
    "a rate of several words": (
        [terms("k", loan(rate={"text": "between 6% and 7%", "percent": "8"}))],
        [("doubt", "rate against its words", "d/loan", 'percent 8, and the source says "between 6% and 7%"', ["k"])],
    ),
    "a spread that is another than its words": (
        [terms("k", loan(rate={"text": "SOFR+225bp", "benchmark": "SOFR", "spread_bp": "250"}))],
        [("contradiction", "rate against its words", "d/loan", 'spread_bp 250, and the source says "SOFR+225bp"', ["k"])],
    ),
    "rates that are their words": (
        [
            terms("a", loan(rate={"text": "SOFR + 2.25%", "spread_bp": "225"})),
            terms("b", loan(leg="b", rate={"text": "9.25% senior notes", "percent": "9.25"})),
            terms("c", loan(leg="c", rate={"text": "SOFR+225bp", "spread_bp": "225"})),
            terms("d", loan(leg="e", rate={"text": "the prime rate", "percent": "7"})),
        ],
        [],
    ),
    "an end before its start": (
        [terms("k", purchase(starts_on="2027-03", ends_on="2026"))],
        [("contradiction", "ends before it starts", "d/supply", "from 2027-03-01 to 2026-12-31", ["k"])],
    ),
    "a start and an end within one year": ([terms("k", purchase(starts_on="2027", ends_on="2027-Q2"))], []),
    "notes that are due before their issue": (
        [terms("k", loan(instrument="notes", issued_on="2025-07-01", matures_on="2024-07-01"))],
        [("contradiction", "ends before it starts", "d/loan", "from 2025-07-01 to 2024-07-01", ["k"]),
         ("doubt", "overdue", "d/loan", "its last day was 2024-07-01 and it is still definitive", ["k"])],
    ),
    "a warrant that was over before it was granted": (
        [warrant(expires_on="2025-01-31")],
        [("doubt", "ended before it held", "d/w", "holds from 2025-06-01, and its last day was 2025-01-31", ["k"])],
    ),
    "a delivery ten years ago": (
        [terms("k", purchase(**CAPACITY)), delivered("1") | {"effective_on": "2015-06-01"}],
        [("doubt", "days years apart", "d/supply", "announced on 2025-06-01, and holds from 2015-06-01", ["gw"]),
         ("doubt", "performance before terms", "d/supply",
          "dated 2015-06-01, before the first terms of 2025-06-01", ["gw"])],
    ),
    "a source that is older than its news": (
        [terms("k", purchase(source={"kind": "press", "publisher": "Reuters", "published_on": "2023-06-01"}))],
        [("doubt", "source older than its news", "d/supply",
          "announced on 2025-06-01, in a source published on 2023-06-01", ["k"])],
    ),
    "a source of the day before": (
        [terms("k", purchase(source={"kind": "press", "publisher": "Reuters", "published_on": "2025-05-31"}))],
        [],
    ),
    "shares times price that are another amount": (
        [investment(amount=usd("5000000000"), shares=214_800_000, price_per_share=usd("32.28"))],
        [("contradiction", "shares times price", "d/round",
          "214800000 shares at 32.28 USD are 6933744000, and the amount is 5000000000", ["k"])],
    ),
    "shares times price that are roughly the amount": (
        [investment(amount=usd("1000"), shares=103, price_per_share=usd("10"))],
        [("doubt", "shares times price", "d/round", "103 shares at 10 USD are 1030, and the amount is 1000", ["k"])],
    ),
    "shares times price that are the amount as announced": (
        [investment(amount=usd("5000000000"), shares=214_776_632, price_per_share=usd("23.28"))],
        [],
    ),
    "a convertible into other shares than its price says": (
        [terms("k", loan(instrument="convertible", amount=usd("1000"), conversion_price=usd("10"), conversion_shares=50))],
        [("contradiction", "shares times price", "d/loan", "50 shares at 10 USD are 500, and the amount is 1000", ["k"])],
    ),
    "a takeover for less than its cash": (
        [
            event(
                "acquisition_agreed", deal="d", leg="t", status="definitive", acquirer="a", target="b",
                amount=usd("10"), cash=usd("8"), shares_value=usd("4"),
            ) | {"key": "k"}
        ],
        [("contradiction", "price less than its parts", "d/t", "cash and shares are 12 USD, and the price is 10", ["k"])],
    ),
    "a part that ended inside its whole": (
        [
            terms("w", purchase("whole", capacity_gw="5", amount=usd("50"))),
            terms("p", purchase("part", capacity_gw="1", part_of="d/whole")),
            event("status_changed", deal="d", leg="part", status="terminated", announced_on="2025-06-10"),
        ],
        [("doubt", "ended part inside its whole", "d/whole",
          "d/part is terminated since 2025-06-10, and the whole of 2025-06-01 still says 5 GW and 50 USD", ["w", "p"])],
    ),
    "a part that ended, and a whole that was told anew": (
        [
            terms("w", purchase("whole", capacity_gw="5")),
            terms("p", purchase("part", capacity_gw="1", part_of="d/whole")),
            event("status_changed", deal="d", leg="part", status="terminated", announced_on="2025-06-10"),
            terms("w2", purchase("whole", capacity_gw="4", amends="w", announced_on="2025-06-10")),
        ],
        [],
    ),
    "one contract in two deals": (
        [
            terms("k", purchase(amount=usd("30", "about"))),
            terms("m", purchase(deal="e", amount=usd("30", "about")), announced_on="2025-06-14"),
        ],
        [("doubt", "one contract, two deals", "d/supply, e/supply",
          "both between openai and oracle, of 30 USD, announced on 2025-06-01 and 2025-06-14", ["k", "m"])],
    ),
    "one size, weeks apart": (
        [terms("k", purchase(amount=usd("30"))), terms("m", purchase(deal="e", amount=usd("30")), announced_on="2025-06-20")],
        [],
    ),
    "two deals of one amount and two sizes": (
        [
            terms("k", purchase(amount=usd("30"), capacity_gw="1")),
            terms("m", purchase(deal="e", amount=usd("30"), capacity_gw="2")),
        ],
        [],
    ),
    "one loan amount of two lenders": (
        [
            terms("k", loan(amount=usd("30"), lenders=[{"company": "a"}])),
            terms("m", loan(deal="e", amount=usd("30"), lenders=[{"company": "b"}])),
        ],
        [],
    ),
    "notes that were priced and never paid in": (
        [terms("k", loan(instrument="notes", amount=usd("30"), announced_on="2025-04-01"))],
        [("doubt", "never settled", "d/loan",
          "priced by 2025-04-01, with no day of issue, and nothing was paid in", ["k"])],
    ),
    "notes that were issued": (
        [terms("k", loan(instrument="notes", amount=usd("30"), announced_on="2025-04-01", issued_on="2025-04-03"))],
        [],
    ),
    "notes whose issue passed unsigned": (
        [terms("k", loan(instrument="notes", status="announced", issued_on="2025-05-03"))],
        [("doubt", "never settled", "d/loan", "its day of issue was 2025-05-03 and it is still announced", ["k"])],
    ),
    "a definitive agreement that became a letter": (
        [terms("k", purchase()), event("status_changed", deal="d", status="letter_of_intent", announced_on="2025-06-20") | {"key": "s"}],
        [("doubt", "status went back", "d/supply", "definitive became letter_of_intent on 2025-06-20", ["k", "s"])],
    ),
    "and why": (
        [
            terms("k", purchase()),
            event("status_changed", deal="d", status="letter_of_intent", announced_on="2025-06-20", reason="the regulator said no"),
        ],
        [],
    ),
    "paid in another currency": (
        [terms("k", purchase(amount=usd("30"))), paid("5", currency="EUR")],
        [("contradiction", "another currency", "d/supply",
          "performance in EUR on a leg in USD is not counted", ["k"])],
    ),
    "a lot of a whole and its part": (
        [
            terms("w", purchase("whole", capacity_gw="5", capacity_lot="site")),
            terms("p", purchase("part", capacity_gw="1", capacity_lot="site", part_of="d/whole")),
        ],
        [],
    ),
    "a lot of two sizes": (
        [
            terms("w", purchase("one", capacity_gw="5", capacity_lot="site")),
            terms("p", purchase("other", capacity_gw="1", capacity_lot="site")),
        ],
        [("doubt", "lot of two sizes", "site", "legs of one physical lot in the layer cloud give 1 to 5 GW", ["p", "w"])],
    ),
}  # fmt: skip


FOUND = cache(
    lambda: found_apart({case: [company("oracle", "oracle"), *events] for case, (events, _) in CASES.items()})
)


@pytest.mark.parametrize("case", CASES)
def test_each_rule_lists_its_case_and_not_its_neighbours(case: str) -> None:
    assert FOUND()[case] == CASES[case][1]


def test_what_was_corrected_is_no_longer_listed() -> None:
    wrong = terms("k", purchase(starts_on="2027-01-01", ends_on="2026-01-01"))
    right = terms("k", purchase(starts_on="2026-01-01", ends_on="2027-01-01"))
    mend = event("event_corrected", corrects="k", reason="x", replacement=right)
    assert len(found(wrong)) == 1
    assert found(wrong, mend) == []


def test_an_agreement_told_before_its_performance_is_no_doubt() -> None:
    assert DAY == "2025-06-01"
    assert found(terms("k", purchase(amount=usd("30"))), paid("5")) == []


def test_great_numbers_are_told_and_break_nothing() -> None:
    great, many = {"value": "9" * 16, "currency": "JPY"}, 9 * 10**15
    rate = {"text": f"{'9' * 40} % or {'8' * 30} %", "percent": "9" * 30, "spread_bp": "9" * 30}
    events = [
        investment(amount={"value": "1", "currency": "JPY"}, shares=many, price_per_share=great),
        terms("l", loan(rate=rate, tranches=[{"tranche": "t", "percent": "9" * 30}])),
        warrant(shares_max=1),
        *(event("warrant_exercised", deal="d", leg="w", shares=many) | {"key": key} for key in ("x", "y")),
        event("tranche_vested", deal="d", leg="w", shares=many) | {"key": "v"},
    ]
    assert [row[1] for row in found(*events)] == ["exercised above terms", "shares times price", "vested above terms"]
