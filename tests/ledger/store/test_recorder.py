"""The recorder keeps the promises that the event-sourcing library asks of every recorder, by the library's own tests."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import ApplicationRecorder, NotSupportedError, StoredEvent
from eventsourcing.tests.persistence import ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase

from ledger.proof.merkle import leaf_hash
from ledger.store.errors import LedgerDamagedError
from ledger.store.mapper import LedgerEntry
from ledger.store.recorder import LEDGER_ID
from ledger.store.sqlite import SQLiteLedgerRecorder
from tests.ledger.scenes import ledger_with, new_ledger, purchase, warrant


class _WithLedger:
    """Gives each of the library's tests an empty ledger of its own."""

    def create_recorder(self) -> ApplicationRecorder:
        self.others = set(threading.enumerate())
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = new_ledger(Path(self.folder.name))
        return self.ledger.recorder

    def tearDown(self) -> None:
        # The library's tests tell their readers to stop and do not wait; closing a connection that one of them is still
        # using would end the whole process.
        for thread in set(threading.enumerate()) - self.others:
            thread.join(timeout=20)
        self.ledger.close()
        self.folder.cleanup()


class TestApplicationRecorder(_WithLedger, ApplicationRecorderTestCase[Any]):
    """Inserting, selecting and notifying, by one thread and by many."""

    # It prints a number and judges nothing.
    test_performance = None  # type: ignore[assignment]  # unittest's way of leaving a base class's test out


class TestNotificationIds(_WithLedger, NonInterleavingNotificationIDsBaseCase):
    """Batches of two writers do not mix."""


del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase  # bases, which must not be collected themselves


def test_the_log_is_a_notification_log_of_leaves(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase(), warrant()]) as ledger:
        section = ledger.notification_log["1,10"]
        assert [(item.id, item.originator_version, item.topic) for item in section.items] == [
            (1, 1, "deals.company_registered"),
            (2, 2, "deals.company_registered"),
            (3, 3, "deals.purchase_committed"),
            (4, 4, "deals.warrant_granted"),
        ]
        entries = list(ledger.events.get(LEDGER_ID, gt=2))
        assert all(isinstance(entry, LedgerEntry) for entry in entries)
        assert [entry.event for entry in entries if isinstance(entry, LedgerEntry)] == [purchase(), warrant()]
        again = [ledger.mapper.to_stored_event(entry) for entry in entries]
        assert again == ledger.recorder.select_events(LEDGER_ID, gt=2)


def test_nobody_writes_into_the_stream_past_the_rules(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger:
        forged = StoredEvent(LEDGER_ID, 3, "deals.purchase_committed", b"{}")
        with pytest.raises(NotSupportedError, match=r"Ledger\.record"):
            ledger.recorder.insert_events([forged])
        [entry] = ledger.events.get(LEDGER_ID, lte=1)
        with pytest.raises(NotSupportedError):
            ledger.events.put([entry])
        ledger.recorder.insert_events([StoredEvent(uuid4(), 1, "of another application", b"{}")])
        assert ledger.record([purchase()]).size == 3


def test_a_users_environment_does_not_change_what_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPRESSOR_TOPIC", "zlib")
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.popo")
    monkeypatch.setenv("DEALS_SQLITE_DBNAME", str(tmp_path / "elsewhere.db"))
    with ledger_with(tmp_path) as ledger:
        assert isinstance(ledger.recorder, SQLiteLedgerRecorder)
        assert ledger.recorder.select_events(LEDGER_ID)[0].state.startswith(b'{"event":{')
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_log_that_contradicts_its_head_is_not_continued(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase()]) as ledger:
        with ledger.recorder.datastore.transaction(commit=True) as cursor:
            cursor.execute("DROP TRIGGER stored_events_no_delete")
            cursor.execute("DELETE FROM stored_events WHERE originator_version = 3")
        with pytest.raises(LedgerDamagedError, match="holds 3 events, but the last one stored is number 2"):
            ledger.record([warrant()])


@pytest.mark.parametrize("table", ["stored_events", "entry"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid + 100"])
def test_what_is_recorded_is_not_changed_by_accident(tmp_path: Path, table: str, statement: str) -> None:
    with ledger_with(tmp_path, [purchase()]) as ledger:
        with (
            pytest.raises(Exception, match="only ever added to"),
            ledger.recorder.datastore.transaction(commit=True) as cursor,
        ):
            cursor.execute(statement.format(table))
        leaves = [event.state for event in ledger.recorder.select_events(LEDGER_ID)]
        assert ledger.record([]).size == len(leaves)
        with ledger.recorder.reading() as reading:
            assert [leaf_hash(leaf) for _, leaf in reading.leaves([1, 2, 3])] == [leaf_hash(leaf) for leaf in leaves]


def test_every_lookup_uses_an_index(tmp_path: Path) -> None:
    """A single append to a ledger of a million events looks at a few of them: no statement scans a table."""
    statements: set[str] = set()
    with ledger_with(tmp_path, [purchase(), warrant()]) as ledger:
        connection = ledger.recorder.datastore.pool.get_connection()
        raw = connection._sqlite_conn  # noqa: SLF001 - the library offers no way to listen to its statements
        raw.set_trace_callback(statements.add)
        ledger.recorder.datastore.pool.put_connection(connection)
        ledger.correct("one/supply/2025-10-06", purchase(note="x"), reason="x")
        ledger.record([purchase(announced_on="2025-12-01", amends="one/supply/2025-10-06")])
        ledger.retract("company/amd", reason="x")
        raw.set_trace_callback(None)
        plans = {
            statement: [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}")]
            for statement in statements
            if statement.startswith("SELECT") and "log_head" not in statement
        }
    assert len(plans) >= 6
    for statement, plan in plans.items():
        assert not [step for step in plan if step.startswith(("SCAN e", "SCAN s"))], statement
