"""What must hold of any history: no answer looks ahead, nothing recorded later disturbs the past, and ways agree."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.envelope import Recorded
from projections.clocks import Clocks
from projections.queries.over_time.diff import apply_diff, diff
from projections.queries.over_time.timeline import dates, timeline
from projections.queries.registry import MEASURES, Measure, measure
from projections.warehouse import Warehouse
from tests.effort import examples, first_of
from tests.oracle.generate import random_clocks, random_ledger, random_what_if
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import as_leaves, read_side_clocks, warehouse_of
from tests.projections.lent import lend

SEEDS = st.integers(min_value=0, max_value=10**9)
ABOUT = {"commitments": {"company": "alpha"}, "dilution": {"issuer": "alpha"}}
ASKED = ("exposure", "legs", "commitments", "dilution", "status")


def values(warehouse: Warehouse, asked: Measure, clocks: Sequence[Clocks], about: dict[str, Any]) -> list[Any]:
    """Return the keys and values of a measure's rows at each point, without what names positions of the log."""
    return [
        [{name: row[name] for name in (*asked.keys, *asked.values)} for row in sorted(result.rows, key=str)]
        for result in asked.over(warehouse, clocks, **about)
    ]


def answers(warehouse: Warehouse, clocks: Sequence[Clocks]) -> dict[str, list[Any]]:
    return {name: values(warehouse, measure(name), clocks, ABOUT.get(name, {})) for name in ASKED}


def renumbered(entries: Sequence[Recorded]) -> list[tuple[int, bytes]]:
    return [(position, entry.leaf) for position, entry in enumerate(entries, 1)]


@given(SEEDS)
@examples(6)  # each builds two ledgers' tables and asks ten questions
def test_later_recordings_do_not_change_an_earlier_recorded_by(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng, 30)
    cut = rng.randrange(1, len(ledger.entries) + 1)
    triples = [read_side_clocks(triple) for triple in random_clocks(rng, ledger, 4)]
    then = [Clocks(t.as_of, t.known_by, cut) for t in triples]
    with warehouse_of(ledger.entries) as whole, warehouse_of(ledger.entries[:cut]) as prefix:
        assert answers(whole, then) == answers(prefix, then)


@given(SEEDS)
@examples(6)  # each builds two ledgers' tables and asks ten questions
def test_later_announcements_do_not_change_an_earlier_known_by(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng, 30)
    triple = read_side_clocks(random_clocks(rng, ledger, 1)[0])
    asked = [Clocks(triple.as_of, triple.known_by)]
    heads: dict[str, str] = {}
    public: set[str] = set()
    for entry in ledger.entries:
        head = heads[entry.key] = heads.get(str(entry.raw.get("corrects")), entry.key)
        told = entry.raw.get("replacement", entry.raw)
        if told["announced_on"] <= str(triple.known_by) or entry.type == "company_registered":
            public.add(head)
    known = [entry for entry in ledger.entries if heads[entry.key] in public]
    with warehouse_of(ledger.entries) as whole, lend([renumbered(known)]) as only_known:
        assert answers(whole, asked) == answers(only_known, asked)


@given(SEEDS)
@examples(6)  # each builds two ledgers' tables and asks ten questions
def test_a_correction_equals_having_recorded_it_right(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng, 30)
    triples = [Clocks(t.as_of, t.known_by) for t in random_clocks(rng, ledger, 4)]
    heads: dict[str, str] = {}
    standing: dict[str, dict[str, Any] | None] = {}
    for entry in ledger.entries:
        head = heads[entry.key] = heads.get(str(entry.raw.get("corrects")), entry.key)
        standing[head] = None if entry.type == "event_retracted" else entry.raw.get("replacement", entry.raw)
    right = recorded([raw for raw in standing.values() if raw is not None])
    with warehouse_of(ledger.entries) as corrected, warehouse_of(right) as written_right:
        assert answers(corrected, triples) == answers(written_right, triples)


@given(SEEDS)
@examples(6)  # each builds two ledgers' tables and asks ten questions
def test_a_what_if_equals_recording_into_a_copy(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng, 30)
    what_if = random_what_if(rng, ledger)
    triples = [Clocks(t.as_of, t.known_by) for t in random_clocks(rng, ledger, 4)]
    copy = [(entry.position, entry.leaf) for entry in ledger.entries]
    copy += list(enumerate(as_leaves(what_if), len(copy) + 1))
    with warehouse_of(ledger.entries, what_if) as overlaid, lend([copy]) as really:
        assert answers(overlaid, triples) == answers(really, triples)


@pytest.mark.parametrize("seed", first_of(range(3)))
def test_catching_up_equals_rebuilding_at_every_prefix(seed: int) -> None:
    entries = random_ledger(random.Random(seed), 25).entries
    with lend([]) as growing:
        for count, entry in enumerate(entries, 1):
            growing.catch_up([[(entry.position, entry.leaf)]])
            if count % 5 == 0 or count == len(entries):
                with warehouse_of(entries[:count]) as rebuilt:
                    assert growing.fingerprint() == rebuilt.fingerprint()


@pytest.fixture(scope="module")
def catalogue() -> Warehouse:
    return warehouse_of(recorded(catalogue_raws()))


REAL: dict[str, dict[str, Any]] = {"commitments": {"company": "openai"}, "dilution": {"issuer": "amd"}}


@pytest.mark.parametrize("name", first_of(ASKED, 2))
def test_a_timeline_equals_the_plain_query_at_each_date(catalogue: Warehouse, name: str) -> None:
    asked, about = measure(name), REAL.get(name, {})
    days = dates(catalogue, dt.date(2025, 8, 1), dt.date(2026, 4, 1), "month")
    course = timeline(catalogue, asked, days, **about)
    seen: dict[tuple[Any, ...], set[str]] = {}
    for day in days:
        (plain,) = asked.over(catalogue, [Clocks.on(day)], **about)
        at_day = [
            {k: v for k, v in row.items() if k not in {"date", "events"}} for row in course.rows if row["date"] == day
        ]
        assert at_day == [{k: v for k, v in row.items() if k != "events"} for row in plain.rows]
        for row in plain.rows:
            seen.setdefault(tuple(row[key] for key in asked.keys), set()).update(row["events"])
    for row in course.rows:
        assert set(row["events"]) <= seen[tuple(row[key] for key in asked.keys)]


@given(st.data())
@examples(8)  # each asks four questions of the whole catalogue
def test_a_diff_applied_to_the_answer_before_gives_the_answer_after(catalogue: Warehouse, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(ASKED))
    days = st.dates(dt.date(2025, 1, 1), dt.date(2026, 8, 1))
    before, after = Clocks.on(data.draw(days)), Clocks.on(data.draw(days))
    asked, about = measure(name), REAL.get(name, {})
    changes = diff(catalogue, asked, before, after, **about)
    (was,), (now,) = asked.over(catalogue, [before], **about), asked.over(catalogue, [after], **about)
    assert apply_diff(was.rows, changes.rows, asked) == apply_diff(now.rows, [], asked)


def test_every_change_on_the_catalogue_has_its_cause(catalogue: Warehouse) -> None:
    """Only the calendar changes without an event, and it only ends or ages legs."""
    changes = diff(catalogue, measure("legs"), Clocks.on(dt.date(2025, 9, 1)), Clocks.on(dt.date(2026, 3, 5)))
    assert changes.rows
    for row in changes.rows:
        calendar_only = row["changed"] in (["overdue"], ["status"], ["overdue", "status"])
        assert row["events"] or calendar_only, row


def test_no_column_of_any_measure_is_a_binary_float(catalogue: Warehouse) -> None:
    for asked in MEASURES.values():
        if asked.name in {"exposure", "legs", "commitments", "dilution", "status"}:
            (result,) = asked.over(catalogue, [Clocks.on(dt.date(2026, 3, 5))], **REAL.get(asked.name, {}))
            floats = [name for row in result.rows for name, value in row.items() if isinstance(value, float)]
            assert not floats, (asked.name, set(floats))
