"""A ledger kept in one SQLite file: connections, transactions and the statements that read and append."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, NotSupportedError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteFactory
from eventsourcing.utils import Environment

from ledger.interrupts import becoming_true
from ledger.proof.merkle import EMPTY_ROOT, Frontier
from ledger.store.company_names import OLDER_NAMES, NameRow, older_names
from ledger.store.errors import LedgerDamagedError, LedgerExistsError
from ledger.store.recorder import LEDGER_ID, Appending, EntryRow, IndexRow, LedgerRecorder, StoredHead
from ledger.store.sqlite_connections import LedgerDatastore
from ledger.store.sqlite_failures import as_ledger_errors
from ledger.store.sqlite_schema import APPLICATION_ID, LAYOUT_VERSION, LEDGER_STREAM, STATEMENTS
from ledger.store.sqlite_statements import (
    CORRECTIONS,
    ENTRIES_AT,
    ENTRIES_BY_KEY,
    INSERT_INDEX,
    LEAVES,
    NAMES,
    OF_TYPE,
    REGISTRATIONS,
    TERMS,
    portions,
)

__all__ = ["SQLiteLedgerFactory", "SQLiteLedgerRecorder", "SQLiteTransaction"]


def _pair(row: tuple[Any, ...]) -> tuple[int, bytes]:
    position, leaf = row
    return position, leaf


def _name_row(row: tuple[Any, ...]) -> NameRow:
    *texts, stand_in = row
    return NameRow._make((*texts, bool(stand_in)))


class SQLiteTransaction(Appending):
    """One transaction on the ledger's tables."""

    def __init__(self, cursor: SQLiteCursor, recorder: SQLiteLedgerRecorder) -> None:
        self._cursor = cursor
        self._recorder = recorder
        self.appended = False

    def _rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        self._cursor.execute(statement, parameters)
        return [tuple(row) for row in self._cursor.fetchall()]

    def head(self) -> StoredHead:
        """Return the head of the log."""
        return StoredHead(*self._rows("SELECT size, at, frontier FROM log_head")[0])

    def entries(self, keys: Iterable[str]) -> Iterator[EntryRow]:
        """Yield the entries with these keys."""
        for portion in portions(keys):
            yield from map(EntryRow._make, self._rows(ENTRIES_BY_KEY, portion))

    def entries_at(self, positions: Iterable[int]) -> Iterator[EntryRow]:
        """Yield the entries at these positions."""
        for portion in portions(positions):
            yield from map(EntryRow._make, self._rows(ENTRIES_AT, portion))

    def terms(self, legs: Iterable[tuple[str, str]]) -> Iterator[EntryRow]:
        """Yield all terms ever recorded on these legs."""
        for portion in portions(legs):
            yield from map(EntryRow._make, self._rows(TERMS, portion))

    def legs(self, deal: str) -> list[str]:
        """Return the legs of a deal that ever had terms."""
        rows = self._rows("SELECT DISTINCT leg FROM entry WHERE deal = ? AND family = 'terms' ORDER BY leg", deal)
        return [row[0] for row in rows]

    def corrections(self, slots: Iterable[int]) -> Iterator[EntryRow]:
        """Yield the corrections and retractions of the events at these positions, in the order of recording."""
        for portion in portions(slots):
            yield from map(EntryRow._make, self._rows(CORRECTIONS, portion))

    def leaves(self, positions: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Yield the leaves at these positions."""
        for portion in portions(positions):
            yield from map(_pair, self._rows(LEAVES, portion, LEDGER_STREAM))

    def names(self, folded: Iterable[str]) -> Iterator[NameRow]:
        """Yield who goes by these names."""
        for portion in portions(folded):
            yield from map(_name_row, self._rows(NAMES, portion))

    def older_names(self) -> Iterator[NameRow]:
        """Return the names that are stored in another compared form than today's, brought to it."""
        return older_names(self._rows(OLDER_NAMES))

    def every_name(self) -> Iterator[NameRow]:
        """Return every name that a standing registration gives, in the form it is stored in."""
        return map(_name_row, self._rows("SELECT * FROM company_name ORDER BY slot"))

    def registrations(self) -> Iterator[tuple[int, bytes]]:
        """Return the slots of the standing registrations, each with the leaf of the last of its chain."""
        return map(_pair, self._rows(REGISTRATIONS, LEDGER_STREAM))

    def of_type(self, type_name: str) -> list[EntryRow]:
        """Return all events of a type, corrected and retracted ones too, in the order of recording."""
        return [EntryRow._make(row) for row in self._rows(OF_TYPE, type_name)]

    def names_like(self, start: str, limit: int) -> list[NameRow]:
        """Return some names that begin alike."""
        statement = "SELECT * FROM company_name WHERE folded >= ? AND folded < ? LIMIT ?"
        return [_name_row(row) for row in self._rows(statement, start, start + "\U0010ffff", limit)]

    def deals_like(self, start: str, limit: int) -> list[str]:
        """Return some deals that begin alike."""
        statement = "SELECT DISTINCT deal FROM entry WHERE deal >= ? AND deal < ? AND family = 'terms' LIMIT ?"
        return [row[0] for row in self._rows(statement, start, start + "\U0010ffff", limit)]

    def keys_like(self, start: str, limit: int) -> list[str]:
        """Return some keys that begin alike."""
        statement = "SELECT key FROM entry WHERE key >= ? AND key < ? LIMIT ?"
        return [row[0] for row in self._rows(statement, start, start + "\U0010ffff", limit)]

    def append(self, events: Sequence[StoredEvent], rows: Sequence[IndexRow]) -> None:
        """Insert events of the ledger's stream with their index rows."""
        self.appended = True
        self._recorder.insert_with_index(self._cursor, events, rows)

    def keep_nodes(self, nodes: Iterable[tuple[int, int, bytes]]) -> None:
        """Insert roots of complete subtrees."""
        self._cursor.executemany("INSERT INTO tree_node VALUES (?, ?, ?)", nodes)

    def replace_names(self, slot: int, rows: Sequence[NameRow]) -> None:
        """Put these names in the place of all that the registration in this slot gave."""
        self._cursor.execute("DELETE FROM company_name WHERE slot = ?", (slot,))
        self._cursor.executemany("INSERT INTO company_name VALUES (?, ?, ?, ?, ?, ?)", rows)

    def move_head(self, head: StoredHead, root: bytes) -> None:
        """Store the new head of the log."""
        statement = "UPDATE log_head SET size = ?, at = ?, frontier = ?, root = ?"
        self._cursor.execute(statement, (head.size, head.at, head.frontier, root))

    def lock(self) -> None:
        """Take the write lock by writing; reading first would let another process write in between."""
        self._cursor.execute("UPDATE log_head SET size = size")
        size = self.head().size
        last = self._rows(
            "SELECT originator_version FROM stored_events WHERE originator_id = ? "
            "ORDER BY originator_version DESC LIMIT 1",
            LEDGER_STREAM,
        )
        if size != (last[0][0] if last else 0):
            raise LedgerDamagedError(
                f"the ledger says that it holds {size} events, but the last one stored is number "
                f"{last[0][0] if last else 0}",
                advice="verify it with `deals audit verify` and restore a copy that verifies",
            )


class SQLiteLedgerRecorder(SQLiteApplicationRecorder, LedgerRecorder):
    """The library's recorder with the ledger's index beside its table."""

    datastore: LedgerDatastore

    def construct_create_table_statements(self) -> list[str]:
        """Return the library's table and the ledger's own."""
        return [*super().construct_create_table_statements(), *STATEMENTS]

    def create_ledger(self) -> None:
        """Make the tables of an empty ledger. Raises LedgerExistsError where there is one already."""
        with as_ledger_errors(), becoming_true() as hold, self.datastore.transaction(commit=True) as cursor:
            # A write before any read: two programs that create the same ledger take turns from here on.
            cursor.execute(f"PRAGMA user_version = {LAYOUT_VERSION}")
            cursor.execute("SELECT count(*) FROM sqlite_master")
            if cursor.fetchone()[0]:
                raise LedgerExistsError(
                    "there is a database already", advice="open it as it is, or choose another place for a new one"
                )
            cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._create_table(cursor)
            head = (1, 0, "", EMPTY_ROOT, Frontier().to_bytes())
            cursor.execute("INSERT INTO log_head VALUES (?, ?, ?, ?, ?)", head)
            hold()

    @contextmanager
    def reading(self) -> Iterator[SQLiteTransaction]:
        """Open a consistent view."""
        with as_ledger_errors(), self.datastore.transaction(commit=False) as cursor:
            yield SQLiteTransaction(cursor, self)

    @contextmanager
    def appending(self) -> Iterator[SQLiteTransaction]:
        """Take the write lock, and commit at the end or roll everything back."""
        with as_ledger_errors(), becoming_true() as hold, self.datastore.transaction(commit=True) as cursor:
            transaction = SQLiteTransaction(cursor, self)
            transaction.lock()
            yield transaction
            if transaction.appended:
                hold()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:  # noqa: ANN401 - the library's signature
        """Insert events of other streams than the ledger's, which only `appending` may extend.

        Raises the library's NotSupportedError otherwise: an event without index row and tree would be lost to readers.
        """
        if any(event.originator_id == LEDGER_ID for event in stored_events):
            raise NotSupportedError("events enter the ledger's stream through Ledger.record, which checks and indexes")
        return super().insert_events(stored_events, **kwargs)

    def insert_with_index(
        self, cursor: SQLiteCursor, events: Sequence[StoredEvent], rows: Sequence[IndexRow]
    ) -> Sequence[int]:
        """Insert events and their index rows in the transaction of the cursor; gives the notification ids."""
        ids = self._insert_events(cursor, events)
        cursor.executemany(INSERT_INDEX, rows)
        return ids

    def _insert_events(self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:  # noqa: ANN401 - the library's signature
        """Insert many events with one call, twice as fast as the library's one call each."""
        c.executemany(
            self.insert_events_statement,
            [
                (
                    LEDGER_STREAM if event.originator_id is LEDGER_ID else _stream_name(event.originator_id),
                    event.originator_version,
                    event.topic,
                    event.state,
                )
                for event in stored_events
            ],
        )
        c.execute("SELECT last_insert_rowid()")
        last = c.fetchone()[0]
        # Within one transaction, which nobody else writes into, SQLite counts row ids up by one.
        return list(range(last - len(stored_events) + 1, last + 1))


def _stream_name(originator_id: UUID | str) -> str:
    return originator_id if isinstance(originator_id, str) else originator_id.hex


class SQLiteLedgerFactory(SQLiteFactory):
    """Builds the recorder of a ledger file."""

    application_recorder_class = SQLiteLedgerRecorder

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self.datastore.close()
        self.datastore = LedgerDatastore(
            str(env.get(self.SQLITE_DBNAME)), lock_timeout=int(env.get(self.SQLITE_LOCK_TIMEOUT) or 30)
        )

    def application_recorder(self) -> ApplicationRecorder:
        """Build the recorder; making tables is `create_ledger`'s, so that opening never changes a file."""
        return SQLiteLedgerRecorder(datastore=self.datastore)
