"""Connections to a ledger file, and transactions on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.persistence import PersistenceError
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteCursor, SQLiteDatastore

__all__ = ["LedgerDatastore"]

# A long import fills its pages in memory instead of spilling them one by one into the write-ahead log.
_CACHE_KIB = 65_536


class LedgerConnectionPool(SQLiteConnectionPool):
    """Connections that check references, write through to the disk, and know how long to wait."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        return connection


class LedgerDatastore(SQLiteDatastore):
    """A datastore whose connections are those of the pool above."""

    def __init__(self, db_name: str, *, lock_timeout: int) -> None:
        super().__init__(db_name, lock_timeout=lock_timeout)
        self.pool.close()
        self.pool = LedgerConnectionPool(
            db_name=db_name, lock_timeout=lock_timeout, pool_timeout=float(lock_timeout), pool_size=5, max_overflow=10
        )

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """Run a transaction; where the commit itself fails, nothing of it stays open on the connection."""
        with self.get_connection(commit=commit) as connection:
            try:
                with connection.transaction(commit=commit) as cursor:
                    yield cursor
            except PersistenceError:
                connection.rollback()
                raise
