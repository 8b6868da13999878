"""Any legal history, recorded in whatever portions, is read back as it was, with the same index and a true root."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from events.base import Event
from events.codec import encode
from events.envelope import Recorded, read_feed
from events.errors import DealsError
from ledger.application import Ledger
from ledger.clock import TickingClock
from ledger.intake.located import Located
from ledger.proof.merkle import leaf_hash
from ledger.reader import LedgerReader
from ledger.store.entries import Entry
from tests.effort import examples
from tests.ledger.naive_tree import tree_head
from tests.oracle.generate import GeneratedLedger, ledgers

# No announcement of a generated history lies in the future then.
AFTER_ALL = dt.datetime(2150, 1, 1, tzinfo=dt.UTC)

# Each example makes files and waits for the disk.
FEWER = examples(10)


@contextmanager
def empty_ledger() -> Iterator[Ledger]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Ledger.create(Path(folder) / "deals.db", clock=TickingClock(AFTER_ALL), recorder_name="tester") as ledger,
    ):
        yield ledger


def portions(events: Sequence[Event], cuts: Sequence[int]) -> list[list[Event]]:
    places = [0, *sorted({cut % (len(events) + 1) for cut in cuts}), len(events)]
    return [list(events[start:stop]) for start, stop in pairwise(places)]


def index(ledger: Ledger) -> list[Entry]:
    """Read the index without what differs from one recording to the next."""
    with LedgerReader(ledger.path) as reader:
        return [entry._replace(recorded_at="", leaf_hash=b"") for entry in reader.entries()]


def naive_chain(history: Sequence[Recorded], key: str) -> list[str]:
    """Follow the corrections of an event by looking at every event for each step."""
    chain = [key]
    while found := [one.key for one in history if one.raw.get("corrects") == chain[-1]]:
        chain += found
    return chain


@FEWER
@given(ledgers(), st.lists(st.integers(0, 10**6), max_size=5))
def test_a_history_is_read_back_as_it_was_recorded(history: GeneratedLedger, cuts: list[int]) -> None:
    events = [entry.event for entry in history.entries]
    with empty_ledger() as ledger:
        for portion in portions(events, cuts):
            ledger.record(portion)
        with LedgerReader(ledger.path) as reader:
            recorded = list(read_feed(reader.feed(batch=7)))
            assert [one.raw for one in recorded] == [one.raw for one in history.entries]
            assert reader.head().root == tree_head([leaf_hash(one.leaf) for one in recorded]).hex()
            assert reader.leaf_hashes(0, len(recorded)) == [leaf_hash(one.leaf) for one in recorded]
            for one in recorded:
                if "corrects" not in one.raw:
                    chain = naive_chain(recorded, one.key)
                    assert {tuple(entry.key for entry in reader.chain(key)) for key in chain} == {tuple(chain)}


@FEWER
@given(ledgers(), st.lists(st.integers(0, 10**6), max_size=5))
def test_portions_make_no_difference(history: GeneratedLedger, cuts: list[int]) -> None:
    events = [entry.event for entry in history.entries]
    rows = [Located("f", line, event) for line, event in enumerate(events, 1)]
    with empty_ledger() as whole, empty_ledger() as cut:
        checked = whole.check_located(rows)
        receipt = whole.record_located(rows)
        for portion in portions(events, cuts):
            cut.record(portion)
        assert index(whole) == index(cut)
        assert [encode(event) for event in checked] == [encode(event) for event in events]
        assert list(receipt.keys) == [event.key for event in events]
        # What is known is recognised, corrected or not, in any portion and in any order.
        for portion in portions(events[::-1], cuts):
            again = whole.record(portion)
            assert (again.keys, sorted(again.already_known)) == ((), sorted(event.key for event in portion))
        assert (again.size, again.root) == (receipt.size, receipt.root)


@FEWER
@given(ledgers(), st.integers(0, 10**6))
def test_an_import_takes_what_its_events_one_by_one_would_be_taken(history: GeneratedLedger, seed: int) -> None:
    """With one event left out others are refused; an import may only be milder, as it may point forward."""
    events = [entry.event for entry in history.entries]
    del events[seed % len(events)]
    with empty_ledger() as whole, empty_ledger() as single:
        assert accepted(whole, [events]) or not accepted(single, [[event] for event in events])


def accepted(ledger: Ledger, batches: list[list[Event]]) -> bool:
    try:
        for batch in batches:
            ledger.record(batch)
    except DealsError:
        return False
    return True
