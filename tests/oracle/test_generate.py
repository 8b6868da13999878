"""The random ledgers obey the rules and reach every corner; the fold obeys the laws that need no second opinion."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.codec import as_raw, decode, encode
from events.registry import TYPES
from tests.oracle.drafts import STATUSES
from tests.oracle.exposure import COLUMNS
from tests.oracle.fold import (
    Clocks,
    LegState,
    Raw,
    Row,
    commitments_of,
    dilution_of,
    exposure_of,
    folded,
    legs,
    lines,
)
from tests.oracle.generate import GeneratedLedger, ledgers, ledgers_with_clocks, random_clocks, random_ledger
from tests.oracle.recording import recorded

# A history draws hundreds of small choices, which is what it is for.
bounded = settings(suppress_health_check=[HealthCheck.too_slow])
TERMS = {name for name in TYPES if name.endswith(("_committed", "_granted", "_arranged", "_given", "_agreed"))}


def everything(entries: Any, clocks: Clocks, ledger: GeneratedLedger, what_if: tuple[Raw, ...] = ()) -> list[Any]:  # noqa: ANN401 - entries of any form
    """Return every answer at the clocks, without the mark of a hypothesis."""
    history = folded(entries, clocks, what_if)
    states = {key: replace(state, hypothetical=False, performance=()) for key, state in history.states.items()}
    tables = [exposure_of(history, by=by) for by in ("pair", "company", "kind", "leg")]
    by_company = [(dilution_of(history, name), commitments_of(history, name)) for name in ledger.cast.everyone]
    return [states, tables, by_company]


@bounded
@given(ledgers())
def test_a_history_is_legal(ledger: GeneratedLedger) -> None:
    instants = [entry.recorded_at for entry in ledger.entries]
    assert instants == sorted(instants)
    assert [entry.position for entry in ledger.entries] == list(range(1, len(ledger.entries) + 1))
    assert len({entry.key for entry in ledger.entries}) == len(ledger.entries)
    told: dict[str, Raw] = {}
    tails: dict[str, str] = {}
    for entry in ledger.entries:
        raw = entry.raw
        assert encode(decode(raw, entry.schema_version)) == encode(entry.event)
        assert as_raw(entry.event) == raw
        assert raw["announced_on"] <= entry.recorded_at[:10]
        if raw["type"] in {"event_corrected", "event_retracted"}:
            assert raw["corrects"] in tails.values()
            root = next(root for root, tail in tails.items() if tail == raw["corrects"])
            tails[root] = raw["key"]
            if "replacement" in raw:
                same = ("key", "type", "deal", "leg")
                assert [raw["replacement"].get(name) for name in same] == [told[root].get(name) for name in same]
        else:
            _check_references(raw, told)
            told[raw["key"]] = raw
            tails[raw["key"]] = raw["key"]


def _check_references(raw: Raw, told: dict[str, Raw]) -> None:
    """Check what an event says of earlier ones: legs exist, amendments name one of their leg, tranches are known."""
    terms = [old for old in told.values() if old["type"] in TERMS]
    known = {f"{old['deal']}/{old['leg']}" for old in terms}
    own = [old for old in terms if (old["deal"], old["leg"]) == (raw.get("deal"), raw.get("leg"))]
    if raw["type"] in TERMS:
        if "amends" in raw:
            assert raw["amends"] in {old["key"] for old in own}
        else:
            assert all(raw["effective_on"] < old["effective_on"] for old in own)
        assert all(old["type"] == raw["type"] for old in own)
    elif raw["type"] == "status_changed":
        assert any(old["deal"] == raw["deal"] and raw.get("leg") in (None, old["leg"]) for old in terms)
    elif "leg" in raw:
        assert own
        assert raw.get("tranche") is None or any(
            raw["tranche"] == part["tranche"] for old in own for part in old.get("tranches", ())
        )
    references = [raw.get("covers"), raw.get("superseded_by"), raw.get("part_of"), *raw.get("relies_on", ())]
    references += [c.get("leg") for part in raw.get("tranches", ()) for c in part["conditions"]]
    assert {reference for reference in references if reference is not None} <= known


def test_seeded_histories_reach_every_corner() -> None:
    reached: Counter[str] = Counter()
    for seed in range(60):
        rng = random.Random(seed)
        ledger = random_ledger(rng, 60)
        reached.update(entry.type for entry in ledger.entries)
        for clocks in random_clocks(rng, ledger, 4):
            history = folded(ledger.entries, clocks)
            states = history.states
            reached.update(state.status for state in states.values())
            reached.update("pending" for state in states.values() if state.pending)
            reached.update("overdue" for state in states.values() if state.overdue)
            reached.update("undisclosed" if state.undisclosed else "disclosed" for state in states.values())
            for name in ledger.cast.measured:
                sales = commitments_of(history, name).summary["revenue"]
                reached[sales["method"] if sales else "no revenue"] += 1
                rows = dilution_of(history, name).rows
                reached.update("met" for row in rows if row["shares_conditions_met"])
                reached.update("owned" for row in rows if row["post_issue"])
    corners = {"pending", "overdue", "undisclosed", "disclosed", "met", "owned", "no revenue"}
    methods = {"twelve_months", "four_quarters", "annualised_quarter", "run_rate"}
    missed = (set(TYPES) - {"document_attached"} | set(STATUSES) | corners | methods) - set(reached)
    assert not missed, f"tests/oracle/scribe.py never draws {', '.join(sorted(missed))}"


def test_one_seed_gives_one_history() -> None:
    one, other = (random_ledger(random.Random(7)).feed for _ in range(2))
    assert one == other


@bounded
@given(ledgers_with_clocks())
def test_later_recordings_change_no_earlier_answer(drawn: tuple[GeneratedLedger, list[Clocks], list[Raw]]) -> None:
    ledger, triples, _ = drawn
    for clocks in triples:
        prefix = ledger.entries[: clocks.recorded_by]
        assert everything(prefix, clocks, ledger) == everything(ledger.entries, clocks, ledger)


@bounded
@given(ledgers_with_clocks())
def test_a_what_if_answers_as_if_it_were_recorded_last(
    drawn: tuple[GeneratedLedger, list[Clocks], list[Raw]],
) -> None:
    ledger, triples, what_if = drawn
    for clocks in triples:
        seen = ledger.entries[: clocks.recorded_by]
        told = recorded([*(entry.raw for entry in seen), *what_if])
        after = replace(clocks, recorded_by=len(told))
        supposed = everything(ledger.entries, clocks, ledger, tuple(what_if))
        assert supposed == everything(told, after, ledger)


@bounded
@given(ledgers_with_clocks(), st.randoms())
def test_an_answer_does_not_depend_on_the_order_of_the_entries(
    drawn: tuple[GeneratedLedger, list[Clocks], list[Raw]], rng: random.Random
) -> None:
    ledger, triples, _ = drawn
    shuffled = rng.sample(ledger.entries, len(ledger.entries))
    for clocks in triples:
        assert everything(shuffled, clocks, ledger) == everything(ledger.entries, clocks, ledger)


@bounded
@given(ledgers_with_clocks())
def test_rows_of_any_grouping_add_up_to_the_same(drawn: tuple[GeneratedLedger, list[Clocks], list[Raw]]) -> None:
    ledger, triples, _ = drawn
    for clocks in triples:
        history = folded(ledger.entries, clocks)
        sums = [
            _sums(exposure_of(history, by=by, include_ended=True).rows) for by in ("leg", "pair", "company", "kind")
        ]
        assert sums == [sums[0]] * 4


def _sums(rows: list[Row]) -> Row:
    """Add every column up over all currencies, which only a check may do."""
    known = {name: sum((row[name] for row in rows if row[name] is not None), Decimal(0)) for name in COLUMNS}
    return known | {"undisclosed": sum(row["undisclosed"] for row in rows)}


@bounded
@given(ledgers_with_clocks())
def test_the_lenders_share_all_of_a_loan_and_no_more(drawn: tuple[GeneratedLedger, list[Clocks], list[Raw]]) -> None:
    ledger, triples, _ = drawn
    for clocks in triples:
        for state in legs(ledger.entries, clocks).values():
            if state.type == "loan_arranged":
                _check_split(state)


def _check_split(state: LegState) -> None:
    parts = lines(state)
    for name, whole in (("binding", state.binding), ("performed", state.performed), ("remaining", state.remaining)):
        known = [value for part in parts if (value := part.amounts[name]) is not None]
        assert (sum(known) if known else None) == whole
        assert min(known, default=Decimal(0)) >= 0
