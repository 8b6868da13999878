"""Loops worked by hand: the seed triangle and its variants, what is unknown, what is left out, and every basis."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from events.errors import BadValueError, NotFoundError
from projections.clocks import Clocks
from projections.measures import OutOfRangeError
from projections.queries.loops.loops import loops, loops_over
from projections.queries.over_time.diff import diff
from projections.queries.over_time.timeline import timeline
from projections.queries.registry import measure
from projections.result import Result
from tests.projections.case_parts import Raw, usd
from tests.projections.flow_parts import (
    DAY,
    LATER,
    billions,
    buys,
    changed,
    figures,
    funded,
    guarantees,
    invests,
    lends,
    metric,
    opened,
    paid,
    row_of,
    triangle,
)

RING = "nvidia → openai → oracle → nvidia"
FLOW = ("outlay", "receipts", "round_trip")


def asked(*events: Raw, **options: Any) -> Result:  # noqa: ANN401 - the options of loops
    with opened(*events) as warehouse:
        return loops(warehouse, LATER, **options)


def rings(result: Result) -> dict[str, Decimal | None]:
    return {ring["name"]: billions(ring["bottleneck"]) for ring in result.summary["loops"]}


def whole(result: Result) -> dict[str, Decimal | None]:
    return figures(result.summary, "total_flow", "circulation")


def test_the_seed_triangle_by_hand() -> None:
    result = asked(*triangle())
    nvidia = row_of(result.rows, "nvidia")
    assert figures(nvidia, *FLOW) == {"outlay": 100, "receipts": 40, "round_trip": 40}
    assert nvidia["round_trip_share_of_outlay"] == Decimal("0.4")
    assert nvidia["round_trip_share_of_receipts"] == 1
    assert nvidia["round_trip_is_floor"] is False
    assert nvidia["loop_gain"] == Decimal("0.133333333333")
    assert nvidia["loop_gain_multiplier"] == Decimal("1.15384615385")
    assert figures(nvidia, "loop_gain_low", "loop_gain_pro_rata", "loop_gain_high") == {
        "loop_gain_low": 0,
        "loop_gain_pro_rata": Decimal("13.3333333333"),
        "loop_gain_high": 40,
    }
    assert [figures(row_of(result.rows, name), *FLOW) for name in ("openai", "oracle")] == [
        {"outlay": 300, "receipts": 100, "round_trip": 40},
        {"outlay": 40, "receipts": 300, "round_trip": 40},
    ]
    assert whole(result) == {"total_flow": 440, "circulation": 120}
    assert result.summary["circulation_share"] == Decimal("0.272727272727")
    assert rings(result) == {RING: 40}


def test_the_ring_names_its_legs_their_statuses_and_the_day_it_closed() -> None:
    equity, compute, chips = triangle()
    chips |= {"announced_on": "2025-10-20", "key": "oracle-nvidia-buys/l/2025-10-20", "status": "announced"}
    (ring,) = asked(equity, compute, chips).summary["loops"]
    assert ring["companies"] == ["nvidia", "openai", "oracle"]
    assert ring["since"] == dt.date(2025, 10, 20)
    assert [(hop["from"], hop["to"], billions(hop["amount"]), hop["undisclosed"]) for hop in ring["legs"]] == [
        ("nvidia", "openai", 100, 0),
        ("openai", "oracle", 300, 0),
        ("oracle", "nvidia", 40, 0),
    ]
    assert [(leg["leg"], leg["kind"], leg["status"]) for hop in ring["legs"] for leg in hop["legs"]] == [
        ("nvidia-openai-invests/l", "investment", "definitive"),
        ("openai-oracle-buys/l", "purchase", "definitive"),
        ("oracle-nvidia-buys/l", "purchase", "announced"),
    ]
    assert ring["events"] == [equity["key"], compute["key"], chips["key"]]


def test_after_the_switch_to_thirty_billion() -> None:
    letter = triangle(status="letter_of_intent")
    ended = changed("nvidia-openai-invests", "terminated", "2026-02-20")
    equity = invests("nvidia", "openai", "30", deal="nvidia-openai-2026", announced_on="2026-02-20")
    with opened(*letter, ended, equity) as warehouse:
        before, after = loops_over(warehouse, [Clocks.on(dt.date(2026, 2, 19)), LATER])
        changes = diff(warehouse, measure("loops"), before.clocks, LATER)
    assert [billions(row_of(one.rows, "nvidia")["round_trip"]) for one in (before, after)] == [40, 30]
    assert whole(after) == {"total_flow": 370, "circulation": 90}
    assert after.summary["circulation_share"] == Decimal("0.243243243243")
    assert [ring["since"] for ring in after.summary["loops"]] == [dt.date(2026, 2, 20)]
    changed_row = row_of(changes.rows, "nvidia")
    assert (changed_row["before"]["round_trip"], changed_row["after"]["round_trip"]) == (40 * 10**9, 30 * 10**9)
    assert changed_row["events"] == [ended["key"], equity["key"]]
    ring = {change["figure"]: (change["before"], change["after"]) for change in changes.summary["totals"]}
    assert ring[f"loops.{RING}.bottleneck"] == (40 * 10**9, 30 * 10**9)


def test_a_diff_names_the_loop_that_closed() -> None:
    equity, compute, chips = triangle()
    chips |= {"announced_on": "2026-01-01"}
    with opened(equity, compute, chips) as warehouse:
        changes = diff(warehouse, measure("loops"), Clocks.on(dt.date(2025, 12, 31)), LATER)
    closed = [change for change in changes.summary["totals"] if change["figure"].startswith("loops.")]
    assert [(change["figure"], change["before"], change["after"]["bottleneck"]) for change in closed] == [
        (f"loops.{RING}", None, 40 * 10**9)
    ]


def test_with_letters_of_intent_at_nothing_the_triangle_vanishes_and_the_notes_say_why() -> None:
    result = asked(*triangle(status="letter_of_intent"), basis="binding")
    nvidia = row_of(result.rows, "nvidia")
    assert figures(nvidia, "outlay", "receipts") == {"outlay": 0, "receipts": 40}
    assert (nvidia["round_trip"], nvidia["loop_gain"]) == (0, None)
    assert whole(result) == {"total_flow": 340, "circulation": 0}
    assert result.summary["loops"] == []
    assert result.summary["not_counted"] == {"letter_of_intent": {"legs": 1, "headline": 100 * 10**9}}
    assert result.summary["loops_broken"] == [{"name": RING, "because": ["nvidia-openai-invests/l (letter_of_intent)"]}]
    assert "Legs that bind nobody and count 0: 1 letter of intent (100,000,000,000 USD)." in result.notes


def test_only_the_user_gives_a_letter_a_weight() -> None:
    letter = triangle(status="letter_of_intent")
    quarter = asked(*letter, basis="expected", weights={"letter_of_intent": Decimal("0.25")})
    assert rings(quarter) == {RING: 25}
    nothing = asked(*letter, basis="expected", weights={})
    assert (rings(nothing), [ring["name"] for ring in nothing.summary["loops_broken"]]) == ({}, [RING])


def test_what_was_paid_is_another_graph() -> None:
    events = (*triangle(), funded("nvidia-openai-invests", "10"), paid("openai-oracle-buys", "4"))
    open_ring = asked(*events, basis="performed")
    assert (whole(open_ring), rings(open_ring)) == ({"total_flow": 14, "circulation": 0}, {})
    later = paid("oracle-nvidia-buys", "3", "2026-01-05")
    closed = asked(*events, later, basis="performed")
    assert rings(closed) == {RING: 3}
    assert closed.summary["loops"][0]["since"] == dt.date(2026, 1, 5)
    within = asked(*events, later, basis="performed", window=Decimal("0.5"))
    assert figures(row_of(within.rows, "oracle"), "outlay") == {"outlay": 3}
    assert whole(within)["total_flow"] == 3


def test_parallel_legs_are_added_before_anything_else() -> None:
    parts = [buys("oracle", "nvidia", part, deal=f"order-{part}") for part in ("15", "25")]
    result = asked(*triangle()[:2], *parts)
    assert (rings(result), whole(result)["circulation"]) == ({RING: 40}, 120)
    assert [leg["leg"] for leg in result.summary["loops"][0]["legs"][2]["legs"]] == ["order-15/l", "order-25/l"]


def test_a_payment_to_oneself_is_no_edge() -> None:
    named: Raw = {"type": "party_identified", "key": "named", "announced_on": "2025-11-01"}
    named |= {"placeholder": "customer-4", "company": "nvidia"}
    events = (*triangle(), buys("customer-4", "nvidia", "7"), named)
    with opened(*events) as warehouse:
        before, after = loops_over(warehouse, [Clocks.on(dt.date(2025, 10, 31)), LATER])
    assert (whole(before)["total_flow"], before.summary["inside"]["legs"]) == (447, 0)
    assert (whole(after)["total_flow"], figures(after.summary["inside"], "amount")) == (440, {"amount": 7})


def test_a_ring_through_a_customer_named_in_two_steps_closes_on_the_day_of_the_last() -> None:
    first: Raw = {"type": "party_identified", "key": "first", "announced_on": "2025-11-01"}
    first |= {"placeholder": "customer-4", "company": "customer-5"}
    second: Raw = {"type": "party_identified", "key": "second", "announced_on": "2025-12-01"}
    second |= {"placeholder": "customer-5", "company": "openai"}
    equity, _, chips = triangle()
    with opened(equity, chips, buys("customer-4", "oracle", "30"), first, second) as warehouse:
        before, after = loops_over(warehouse, [Clocks.on(dt.date(2025, 11, 30)), LATER])
    assert before.summary["loops"] == []
    assert [(ring["name"], ring["since"]) for ring in after.summary["loops"]] == [(RING, dt.date(2025, 12, 1))]
    assert {"first", "second"} <= set(after.summary["loops"][0]["events"])


def test_a_layer_that_no_company_is_in_is_not_found() -> None:
    with pytest.raises(NotFoundError) as caught:
        asked(*triangle(), company="chps", layers=True)
    assert caught.value.advice == "did you mean 'chips'?"


def test_a_ring_through_an_unnamed_customer_closes_on_the_day_of_its_name() -> None:
    named: Raw = {"type": "party_identified", "key": "named", "announced_on": "2025-12-01"}
    named |= {"placeholder": "customer-4", "company": "openai"}
    equity, _, chips = triangle()
    with opened(equity, chips, buys("customer-4", "oracle", "30"), named) as warehouse:
        before, after = loops_over(warehouse, [Clocks.on(dt.date(2025, 11, 30)), LATER])
    assert before.summary["loops"] == []
    assert [(ring["name"], ring["since"]) for ring in after.summary["loops"]] == [(RING, dt.date(2025, 12, 1))]
    assert "named" in after.summary["loops"][0]["events"]


def test_where_no_money_comes_in_there_is_no_round_trip() -> None:
    result = asked(*triangle(), buys("meta", "oracle", "20"), buys("openai", "amd", "6"))
    meta, amd = row_of(result.rows, "meta"), row_of(result.rows, "amd")
    assert (meta["receipts"], meta["round_trip"], meta["loop_gain"]) == (0, None, None)
    assert (amd["outlay"], amd["round_trip"], amd["round_trip_share_of_outlay"]) == (0, 0, None)


def test_rings_that_do_not_meet() -> None:
    pair = (invests("google", "anthropic", "8"), buys("anthropic", "google", "3"))
    result = asked(*triangle(), *pair)
    assert rings(result) == {RING: 40, "anthropic → google → anthropic": 3}
    assert whole(result) == {"total_flow": 451, "circulation": 126}
    assert rings(asked(*triangle(), *pair, company="google")) == {"anthropic → google → anthropic": 3}


def test_nothing_to_draw() -> None:
    result = asked(guarantees("nvidia", "coreweave", "6"))
    assert (result.rows, result.summary["loops"], result.summary["total_flow"]) == ([], [], 0)
    assert result.summary["circulation_share"] is None


def test_undisclosed_legs_make_loops_but_no_sums() -> None:
    equity, compute, _ = triangle()
    result = asked(equity, compute, buys("oracle", "nvidia", None))
    (ring,) = result.summary["loops"]
    assert (ring["bottleneck"], ring["at_least"], billions(ring["at_most"]), ring["undisclosed"]) == (
        None,
        None,
        100,
        1,
    )
    nvidia = row_of(result.rows, "nvidia")
    assert (nvidia["receipts"], nvidia["round_trip"], nvidia["loop_gain"]) == (None, None, None)
    assert (result.summary["circulation"], result.summary["circulation_share"]) == (None, None)
    assert result.summary["undisclosed"] == 1


def test_a_bottleneck_beside_undisclosed_legs_is_known_where_it_is_decided() -> None:
    equity, compute, chips = triangle()
    more = buys("openai", "oracle", None, deal="more")
    (ring,) = asked(equity, compute, chips, more).summary["loops"]
    assert (billions(ring["bottleneck"]), ring["undisclosed"]) == (40, 1)
    open_place = buys("oracle", "nvidia", None, deal="more-chips")
    result = asked(equity, compute, chips, open_place)
    (ring,) = result.summary["loops"]
    assert [billions(ring[name]) for name in ("bottleneck", "at_least", "at_most")] == [None, 40, 100]
    nvidia = row_of(result.rows, "nvidia")
    assert (billions(nvidia["round_trip"]), nvidia["round_trip_is_floor"]) == (40, True)


def test_a_prepayment_is_part_of_its_purchase() -> None:
    equity, compute, _ = triangle()
    counted = asked(equity, compute, buys("oracle", "nvidia", "40", prepaid=usd("5")))
    assert whole(counted)["total_flow"] == 440
    known = asked(equity, compute, buys("oracle", "nvidia", None, prepaid=usd("5")))
    assert [billions(known.summary["loops"][0][name]) for name in ("at_least", "at_most")] == [5, 100]


def test_a_definitive_leg_of_unknown_force_stays_an_edge_on_the_binding_basis() -> None:
    result = asked(*triangle()[:2], buys("oracle", "nvidia", usd("40", "up_to")), basis="binding")
    (ring,) = result.summary["loops"]
    assert (ring["bottleneck"], billions(ring["at_most"]), ring["undisclosed"]) == (None, 100, 1)


def test_lenders_are_edges_and_unnamed_ones_are_left_out() -> None:
    loan = lends([("jpmorgan", "4"), ("mufg", None)], "oracle", "10")
    result = asked(*triangle(), loan, lends([], "openai", "2"))
    assert figures(row_of(result.rows, "jpmorgan"), "outlay") == {"outlay": 4}
    assert row_of(result.rows, "mufg")["outlay"] is None
    assert figures(row_of(result.rows, "oracle"), "receipts") == {"receipts": 304}
    assert figures(result.summary["unnamed_lenders"], "amount") == {"amount": 8}
    assert result.summary["unnamed_lenders"]["loans"] == 2


def test_a_loan_that_binds_nobody_has_no_lender_on_the_binding_basis() -> None:
    loan = lends([("jpmorgan", None), ("mufg", None)], "oracle", "10", status="rumoured")
    assert [row["company"] for row in asked(loan, basis="binding").rows] == []
    assert {row["company"] for row in asked(loan).rows} == {"jpmorgan", "mufg", "oracle"}


def test_another_currency_is_an_edge_without_capacity() -> None:
    euros = {"value": "40000000000", "currency": "EUR", "qualifier": "exactly"}
    events = (*triangle()[:2], buys("oracle", "nvidia", euros))
    result = asked(*events)
    assert (result.summary["currency"], whole(result)["total_flow"]) == ("USD", 400)
    assert result.summary["other_currencies"] == {"EUR": 1}
    assert (rings(result), result.summary["undisclosed"]) == ({RING: None}, 0)
    in_euros = asked(*events, currency="EUR")
    assert (whole(in_euros)["total_flow"], in_euros.summary["other_currencies"]) == (40, {"USD": 2})


@pytest.mark.parametrize(
    ("terms", "yearly", "undated"),
    [
        ({"starts_on": "2027-01-01", "ends_on": "2031-12-31"}, "60", False),
        ({"starts_on": "2027-01-01", "ends_on": "2027-06-30"}, "300", False),
        ({"starts_on": "2027-01-01", "ends_on": "2028-06-30"}, "200.364964", False),
        ({"starts_on": "2028-02-29", "ends_on": "2030-02-27"}, "150", False),
        ({"starts_on": "2027-01-01"}, "300", True),
        ({"ends_on": "2031-12-31"}, "300", True),
        ({"starts_on": "2031-01-01", "ends_on": "2027-12-31"}, "300", True),
        ({"schedule": [{"from": "2027-01-01", "to": "2031-01-01", "share": "1"}]}, "75", False),
        ({"schedule": [{"from": "2027-01-01", "to": "2031-01-01", "share": "0.5"}]}, "187.5", True),
    ],
)
def test_a_window_makes_contracts_of_different_length_comparable(terms: Raw, yearly: str, undated: bool) -> None:  # noqa: FBT001 - a case
    result = asked(buys("openai", "oracle", "300", **terms), window=1)
    outlay = billions(row_of(result.rows, "openai")["outlay"])
    assert outlay is not None
    assert (round(outlay, 6), result.summary["undated"]) == (Decimal(yearly), ["openai-oracle-buys/l"] * undated)


def test_equity_has_no_term_and_counts_in_full() -> None:
    five_years = {"starts_on": "2026-01-01", "ends_on": "2030-12-31"}
    equity, _, chips = triangle()
    result = asked(equity, buys("openai", "oracle", "300", **five_years), chips, window=1)
    assert (whole(result)["total_flow"], rings(result)) == (200, {RING: 40})
    assert result.summary["undated"] == ["nvidia-openai-invests/l", "oracle-nvidia-buys/l"]
    assert billions(result.summary["undated_amount"]) == 140


def test_ended_legs_are_left_out_unless_asked_for() -> None:
    ended = changed("nvidia-openai-invests", "terminated", "2026-01-01")
    assert rings(asked(*triangle(), ended)) == {}
    assert rings(asked(*triangle(), ended, include_ended=True)) == {RING: 40}


def test_layers_in_place_of_companies() -> None:
    result = asked(*triangle(), buys("openai", "coreweave", "22"), invests("nvidia", "amd", "1"), layers=True)
    assert rings(result) == {"chips → model → cloud → chips": 40}
    assert figures(row_of(result.rows, "model"), *FLOW) == {"outlay": 322, "receipts": 100, "round_trip": 40}
    assert figures(result.summary["inside"], "amount") == {"amount": 1}
    assert row_of(result.rows, "model")["vendor_financing_ratio"] is None


def test_a_minimum_leaves_out_small_rings_and_the_length_long_ones() -> None:
    small = (buys("oracle", "amd", "2"), invests("amd", "openai", "1"))
    assert set(rings(asked(*triangle(), *small))) == {RING, "amd → openai → oracle → amd"}
    assert rings(asked(*triangle(), *small, amount_min=Decimal(10**10))) == {RING: 40}
    assert rings(asked(*triangle(), *small, length_max=2)) == {}
    listed = asked(*triangle(), *small, limit=1)
    assert (rings(listed), listed.summary["loop_count"]) == ({RING: 40}, 2)


YEAR = {"period_from": "2024-09-01", "period_to": "2025-09-01"}


def test_vendor_financing_over_a_named_denominator() -> None:
    sold = (*triangle(), buys("coreweave", "nvidia", None))
    more = (
        invests("nvidia", "intel", "5"),
        guarantees("nvidia", "coreweave", "6.3"),
        lends([("nvidia", "0.4")], "oracle", "0.4"),
    )
    direct = buys("openai", "nvidia", None, deal="systems", status="letter_of_intent")
    revenue = metric("revenue", "nvidia", "165000000000", **YEAR)
    nvidia = row_of(asked(*sold, *more, direct, revenue).rows, "nvidia")
    # Intel buys nothing of Nvidia, so that its shares are no vendor financing.
    assert figures(nvidia, "vendor_financing", "revenue") == {"vendor_financing": Decimal("106.7"), "revenue": 165}
    assert nvidia["vendor_financing_ratio"] == nvidia["vendor_financing_ratio_min"] == Decimal("0.646666666667")
    assert nvidia["revenue_basis"] == "gaap, as reported, to 2025-09-01"
    assert revenue["key"] in nvidia["events"]


def test_vendor_financing_that_is_not_computable_says_what_is_missing() -> None:
    customer = buys("openai", "nvidia", None, deal="systems")
    bare = asked(*triangle(), customer)
    assert row_of(bare.rows, "nvidia")["vendor_financing_ratio"] is None
    assert any("not computable for nvidia (no revenue of it is visible)" in note for note in bare.notes)
    revenue = metric("revenue", "nvidia", "200000000000", **YEAR)
    hidden = asked(*triangle(), customer, invests("nvidia", "openai", None, deal="more"), revenue)
    nvidia = row_of(hidden.rows, "nvidia")
    assert (nvidia["vendor_financing_ratio"], nvidia["vendor_financing_ratio_min"]) == (None, Decimal("0.5"))
    assert (nvidia["vendor_financing_undisclosed"], row_of(hidden.rows, "openai")["vendor_financing"]) == (1, None)


@pytest.mark.parametrize(
    "options",
    [
        {"basis": "net"},
        {"basis": "expected"},
        {"weights": {"definitive": Decimal(1)}},
        {"basis": "expected", "weights": {"hoped_for": Decimal(1)}},
        {"basis": "expected", "weights": {"rumoured": Decimal("1.1")}},
        {"basis": "expected", "weights": {"rumoured": "some"}},
        {"window": 0},
        {"window": Decimal("0.3")},
    ],
)
def test_questions_that_mean_nothing_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(BadValueError):
        asked(*triangle(), **options)


def test_a_ring_needs_two_companies() -> None:
    with pytest.raises(OutOfRangeError):
        asked(*triangle(), length_max=1)


def test_a_timeline_draws_the_round_trip_and_answers_each_day_as_if_asked_alone() -> None:
    later = buys("oracle", "nvidia", "10", deal="more", announced_on="2025-11-01")
    days = [dt.date(2025, 10, 13), dt.date.fromisoformat(DAY), dt.date(2025, 11, 1)]
    with opened(*triangle(), later) as warehouse:
        drawn = timeline(warehouse, measure("loops"), days, company="nvidia")
        together = loops_over(warehouse, [Clocks.on(day) for day in days])
        alone = [loops(warehouse, Clocks.on(day)) for day in days]
    assert drawn.summary["series"]["round_trip"] == [None, 40 * 10**9, 50 * 10**9]
    assert drawn.summary["series"]["circulation"] == [0, 120 * 10**9, 150 * 10**9]
    assert [row["events"] for row in drawn.rows][1:] == [[later["key"]]]
    assert together == alone
