"""Loops against a naive fold: the same edges at random clocks, every cut, every ring, and what a leg less may do."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.queries.loops.loops import loops, loops_over
from projections.result import Result
from tests.effort import examples, first_of
from tests.oracle.generate import GeneratedLedger, random_clocks, random_ledger
from tests.oracle.recording import recorded
from tests.projections.case_parts import Raw, usd
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import read_side_clocks, warehouse_of
from tests.projections.flow_oracle import Naive, drawn
from tests.projections.flow_parts import LATER, buys, invests, lends, opened

WEIGHTS = {"letter_of_intent": Decimal("0.25"), "announced": Decimal("0.5"), "completed": Decimal("0.9")}
BASES: tuple[dict[str, Any], ...] = (
    {"basis": "headline"},
    {"basis": "binding"},
    {"basis": "performed"},
    {"basis": "expected", "weights": WEIGHTS},
)


def assert_same(result: Result, naive: Naive) -> None:
    told = {
        row["company"]: (row["outlay"], row["receipts"], row["round_trip"], row["round_trip_is_floor"])
        for row in result.rows
    }
    found = {}
    for name in naive.names:
        trip = naive.round_trip(name)
        floor = None if trip is None else naive.hidden_on_the_way(name)
        found[name] = (naive.outlay(name), naive.receipts(name), trip, floor)
    assert told == found
    assert result.summary["circulation"] == naive.circulation()
    names = ("at_least", "at_most", "bottleneck", "since", "undisclosed")
    rings = {tuple(ring["companies"]): {name: ring[name] for name in names} for ring in result.summary["loops"]}
    assert rings == naive.rings()


@pytest.mark.parametrize("seed", first_of(range(4)))
@pytest.mark.parametrize("options", BASES, ids=lambda options: str(options["basis"]))
def test_generated_histories(seed: int, options: dict[str, Any]) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng, 60)
    triples = random_clocks(rng, ledger, 4)
    at = [read_side_clocks(triple) for triple in triples]
    with warehouse_of(ledger.entries) as warehouse:
        for currency in ("USD", "EUR"):
            results = loops_over(warehouse, at, currency=currency, limit=10_000, **options)
            for result, triple in zip(results, triples, strict=True):
                assert_same(result, Naive(drawn(ledger.entries, triple, currency=currency, **options)))


NAMES = ("alpha", "beta", "gamma", "delta", "epsilon")
AMOUNT = st.one_of(st.none(), st.decimals(min_value="0.000001", max_value=500, places=6).map(str))


@st.composite
def legs(draw: st.DrawFn) -> list[Raw]:
    """Return legs between few companies, a deal each, some of them undisclosed, some that bind nobody."""
    found = []
    for number in range(draw(st.integers(2, 9))):
        payer, payee = draw(st.permutations(NAMES))[:2]
        figure = draw(AMOUNT)
        money = None if figure is None else usd(figure)
        fields = {"deal": f"deal-{number}", "status": draw(st.sampled_from(("definitive", "letter_of_intent")))}
        kind = draw(st.integers(0, 2))
        if kind == 0:
            found.append(buys(payer, payee, money, **fields))
        elif kind == 1:
            found.append(invests(payer, payee, money, **fields))
        else:
            found.append(lends([(payer, None)], payee, figure, **fields))
    return found


def known(value: Decimal | None) -> Decimal:
    return Decimal(0) if value is None else value


@given(legs(), st.data())
@examples(10)  # each builds tables and asks for all rings
def test_a_leg_less_never_raises_round_trip_or_circulation(events: Sequence[Raw], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(events) - 1))
    basis = data.draw(st.sampled_from(("headline", "binding")))
    with opened(*events) as warehouse:
        whole = loops(warehouse, LATER, basis=basis)
    with opened(*(event for number, event in enumerate(events) if number != gone)) as warehouse:
        fewer = loops(warehouse, LATER, basis=basis)
    assert known(fewer.summary["circulation"]) <= known(whole.summary["circulation"])
    before = {row["company"]: known(row["round_trip"]) for row in whole.rows}
    assert all(known(row["round_trip"]) <= before[row["company"]] for row in fewer.rows)
    names = [{ring["name"] for ring in result.summary["loops"]} for result in (fewer, whole)]
    assert names[0] <= names[1]


@given(legs())
@examples(10)  # each builds tables and asks for all rings
def test_what_holds_for_every_graph(events: Sequence[Raw]) -> None:
    with opened(*events) as warehouse:
        headline, binding = (loops(warehouse, LATER, basis=basis) for basis in ("headline", "binding"))
    assert known(binding.summary["circulation"]) <= known(headline.summary["circulation"])
    lost = {ring["name"] for ring in binding.summary["loops_broken"]}
    assert {ring["name"] for ring in headline.summary["loops"]} == {
        ring["name"] for ring in binding.summary["loops"]
    } | lost
    keys = {event["key"] for event in events}
    for row in headline.rows:
        assert set(row["events"]) <= keys
        assert row["events"]
        trip = known(row["round_trip"])
        assert 0 <= trip <= min(known(row["outlay"]), known(row["receipts"]))
        # Money back at a company has crossed at least two legs of one circulation.
        assert 2 * trip <= known(headline.summary["circulation"])
        if row["loop_gain"] is not None:
            assert 0 <= row["loop_gain_low"] <= row["loop_gain_high"] == trip


@pytest.mark.parametrize("options", BASES, ids=lambda options: str(options["basis"]))
def test_the_catalogue(options: dict[str, Any]) -> None:
    """The real announcements have too many companies to try every cut: what each pays and takes, and who pays back."""
    entries = recorded(catalogue_raws())
    triples = random_clocks(random.Random(7), GeneratedLedger(entries, cast=None, scribe=None), 4)  # type: ignore[arg-type]  # days and positions only
    with warehouse_of(entries) as warehouse:
        results = loops_over(
            warehouse, [read_side_clocks(triple) for triple in triples], currency="USD", length_max=2, **options
        )
    for result, triple in zip(results, triples, strict=True):
        naive = Naive(drawn(entries, triple, currency="USD", **options))
        told = {row["company"]: (row["outlay"], row["receipts"]) for row in result.rows}
        assert told == {name: (naive.outlay(name), naive.receipts(name)) for name in naive.names}
        pairs = {tuple(ring["companies"]): (ring["bottleneck"], ring["since"]) for ring in result.summary["loops"]}
        found = naive.rings(longest=2)
        assert pairs == {ring: (figures["bottleneck"], figures["since"]) for ring, figures in found.items()}
