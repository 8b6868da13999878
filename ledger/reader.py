"""Reads a ledger file with nothing but the standard library, so that queries and completion start at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from events.names import folded
from ledger.memory.guard import guard
from ledger.store.company_names import OLDER_NAMES, older_names
from ledger.store.entries import Company, Entry, Head, rank
from ledger.store.errors import DocumentNotFoundError, KeyNotFoundError
from ledger.store.sqlite_failures import unreadable
from ledger.store.sqlite_files import ledger_path, open_read_only
from ledger.store.sqlite_schema import LEDGER_STREAM, documents_folder

if TYPE_CHECKING:
    import datetime as dt

    from events.envelope import Batch, Feed, Recorded

__all__ = ["LedgerReader", "guard_file"]


_COLUMNS = ", ".join(Entry._fields)
_COMPANIES = Entry._fields.index("companies")


class LedgerReader:
    """A read-only view of a ledger file; every call sees what is recorded by then.

    Raises LedgerNotFoundError, NotALedgerError, NewerLedgerError or BusyError on opening, and as
    `ledger.memory.guard.check_extends` does where the log does not extend its last remembered checkpoint, unless `guarded` is
    false, which is for those who are to find out what differs.
    """

    def __init__(self, place: str | Path, *, guarded: bool = True) -> None:
        self.path = ledger_path(place)
        self._connection = open_read_only(self.path)
        if guarded:
            try:
                guard(self, for_reading=True)
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def head(self) -> Head:
        """Return the size, root and latest instant of the log."""
        size, root, at = self._one("SELECT size, hex(root), at FROM log_head")
        return Head(size, root.lower(), at)

    def feed(self, after: int = 0, upto: int | None = None, batch: int = 10_000) -> Feed:
        """Return the leaves at the positions in `(after, upto]` in order, in batches of `(position, leaf bytes)`.

        Without `upto` all that is recorded when the feed begins.
        """
        return self._batches(after, self.head().size if upto is None else upto, batch)

    def _batches(self, after: int, upto: int, batch: int) -> Iterator[Batch]:
        statement = (
            "SELECT originator_version, state FROM stored_events WHERE originator_id = ? "
            "AND originator_version > ? AND originator_version <= ? ORDER BY originator_version"
        )
        # A statement of its own for each batch: an open one would hold an old view and keep the log from shrinking.
        while rows := list(self._rows(f"{statement} LIMIT ?", LEDGER_STREAM, after, upto, batch)):
            yield rows
            after = rows[-1][0]

    def find(self, key: str) -> Entry | None:
        """Return the index entry of an event, or None."""
        return next(self._entries("WHERE key = ?", (key,)), None)

    def recorded(self, position: int) -> Recorded:
        """Return the event at a position as it was recorded. Raises KeyNotFoundError beyond the log."""
        from events.envelope import read_leaf

        for batch in self._batches(position - 1, position, 1):
            return read_leaf(*batch[0])
        raise KeyNotFoundError(f"the ledger has no event number {position}", advice="`deals log` lists what it has")

    def chain(self, key: str) -> list[Entry]:
        """Return an event and all its corrections and retractions in the order of recording, from any member's key.

        Raises KeyNotFoundError.
        """
        entry = self.find(key)
        if entry is None:
            raise KeyNotFoundError.of(key, self.keys)
        root = self._entries("WHERE position = ?", (entry.slot,))
        later = self._entries("WHERE slot = ? AND corrects IS NOT NULL ORDER BY position", (entry.slot,))
        return [*root, *later]

    def entries(
        self,
        *,
        deal: str | None = None,
        leg: str | None = None,
        company: str | None = None,
        type_name: str | None = None,
        after: int = 0,
        upto: int | None = None,
    ) -> Iterator[Entry]:
        """Return the entries that fit every filter, by position; `company` is a slug, and finds parties of any role."""
        wanted: list[tuple[str, str | int]] = [("position > ?", after)]
        wanted += [("position <= ?", upto)] if upto is not None else []
        wanted += [("deal = ?", deal)] if deal is not None else []
        wanted += [("leg = ?", leg)] if leg is not None else []
        wanted += [("type = ?", type_name)] if type_name is not None else []
        wanted += [("instr(companies, ?)", f" {company} ")] if company is not None else []
        where = " AND ".join(condition for condition, _ in wanted)
        return self._entries(f"WHERE {where} ORDER BY position", tuple(value for _, value in wanted))

    def _entries(self, where: str, parameters: tuple[str | int, ...]) -> Iterator[Entry]:
        for row in self._rows(f"SELECT {_COLUMNS} FROM entry {where}", *parameters):  # noqa: S608 - values are bound
            yield Entry._make((*row[:_COMPANIES], tuple(str(row[_COMPANIES]).split()), *row[_COMPANIES + 1 :]))

    def standing_terms(self, deal: str, leg: str | None = None) -> list[Entry]:
        """Return the terms of a deal (or of one leg of it) that were not retracted, the one in effect last at the end.

        The dates are those of the last correction, by which terms rank; everything else is the entry's own.
        """
        terms = (entry for entry in self.entries(deal=deal, leg=leg) if entry.family == "terms")
        standing = (self._as_it_stands(entry) for entry in terms)
        return sorted((entry for entry in standing if entry is not None), key=rank)

    def _as_it_stands(self, entry: Entry) -> Entry | None:
        """Return an entry with the dates of its last correction; None where it was retracted."""
        last = self.chain(entry.key)[-1]
        if last.type == "event_retracted":
            return None
        if last.position == entry.position:
            return entry
        said = self.recorded(last.position).raw["replacement"]
        return entry._replace(effective_on=said["effective_on"], announced_on=said["announced_on"])

    def position_at(self, instant: dt.datetime | str) -> int:
        """Return the greatest position recorded at or before an instant (0 where there is none).

        An instant as text has the form of `events.envelope.instant_text`.
        """
        if not isinstance(instant, str):
            from events.envelope import instant_text

            instant = instant_text(instant)
        low, high = 0, self.head().size
        while low < high:  # recorded_at never decreases, so halving finds the place in twenty steps
            middle = (low + high + 1) // 2
            (at,) = self._one("SELECT recorded_at FROM entry WHERE position = ?", middle)
            low, high = (middle, high) if at <= instant else (low, middle - 1)
        return low

    def keys(self, prefix: str = "", limit: int = 1000) -> list[str]:
        """Return at most `limit` keys that begin with a prefix, in order."""
        statement = "SELECT key FROM entry WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"
        return [row[0] for row in self._rows(statement, prefix, prefix + "\U0010ffff", limit)]

    def deals(self) -> list[str]:
        """Return every deal that an event was ever recorded of, in order."""
        return [row[0] for row in self._rows("SELECT DISTINCT deal FROM entry WHERE deal IS NOT NULL ORDER BY deal")]

    def companies(self) -> list[Company]:
        """Return every registered company, by slug, with the names that its registrations as they stand give it."""
        found: dict[str, list[tuple[str, str, int]]] = {}
        statement = "SELECT company, kind, written, stand_in FROM company_name ORDER BY company, slot, folded"
        for company, kind, written, stand_in in self._rows(statement):
            found.setdefault(company, []).append((kind, written, stand_in))
        return [
            Company(
                slug,
                next((written for kind, written, _ in reversed(rows) if kind == "name"), slug),  # the latest counts
                tuple(dict.fromkeys([slug, *(written for _, written, _ in rows)])),
                stand_in=bool(rows[-1][2]),
            )
            for slug, rows in found.items()
        ]

    def company(self, name: str) -> str | None:
        """Return the slug of the company that goes by a slug, name, ticker or alias in any spelling, or None."""
        wanted = folded(name)
        if not wanted:  # it shows nothing
            return None
        rows = [*self._rows("SELECT company, slot FROM company_name WHERE folded = ?", wanted)]
        rows += [(row.company, row.slot) for row in older_names(self._rows(OLDER_NAMES)) if row.folded == wanted]
        return min(rows, key=lambda row: (row[0] != wanted, row[1]))[0] if rows else None

    def document(self, sha256: str) -> Path:
        """Return the file of an attached document. Raises DocumentNotFoundError."""
        path = documents_folder(self.path) / sha256[:2] / sha256
        if not path.is_file():
            raise DocumentNotFoundError(f"no document {sha256} lies beside the ledger", advice="attach it again")
        return path

    def leaf_hashes(self, start: int, stop: int) -> list[bytes]:
        """Return the leaf hashes at the indexes `[start, stop)`, counted from 0, as `ledger.proof.tiles` asks for them."""
        statement = "SELECT leaf_hash FROM entry WHERE position > ? AND position <= ? ORDER BY position"
        return [row[0] for row in self._rows(statement, start, stop)]

    def stored_nodes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Return the roots of the complete subtrees `[start, stop)` of a stored level."""
        statement = "SELECT hash FROM tree_node WHERE level = ? AND place >= ? AND place < ? ORDER BY place"
        return [row[0] for row in self._rows(statement, level, start, stop)]

    def _rows(self, statement: str, *parameters: str | int) -> Iterator[tuple[Any, ...]]:
        """Run a statement; what SQLite finds wrong with the file becomes LedgerDamagedError."""
        try:
            yield from self._connection.execute(statement, parameters)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise unreadable(error) from error

    def _one(self, statement: str, *parameters: str | int) -> tuple[Any, ...]:
        """Return the one row that a ledger must have. Raises LedgerDamagedError where it is not there."""
        row = next(self._rows(statement, *parameters), None)
        if row is None or None in row:
            raise unreadable("a row that every ledger has is missing")
        return row


def guard_file(path: Path, *, for_reading: bool) -> None:
    """Look at a ledger file before it is opened in another way; raises as opening it for reading and `guard` do."""
    with LedgerReader(path, guarded=False) as reader:
        guard(reader, for_reading=for_reading)
