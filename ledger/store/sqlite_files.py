"""Opening a ledger file for reading, also where its folder cannot be written; nothing here changes the file."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from ledger.store.errors import (
    BusyError,
    CannotWriteError,
    LedgerNotFoundError,
    NewerLedgerError,
    NotALedgerError,
    UnsupportedStoreError,
)
from ledger.store.sqlite_schema import APPLICATION_ID, LAYOUT_VERSION, file_uri

__all__ = ["is_unmade", "ledger_path", "open_read_only", "read_only_uri"]

# What SQLite reports where it may not create the file that connections share, or where there is no room for it.
_NO_SHARED_MEMORY = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
_OF_THE_SYSTEM = _NO_SHARED_MEMORY | {sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM}
_INIT = "make one with `deals init`, or name another place with --db or DEALS_DB"


def ledger_path(place: str | Path) -> Path:
    """Return the file that a path names.

    Raises UnsupportedStoreError for a device, what can only be a folder, the address of a database server, and a name
    that is no text in UTF-8, which the tables that are kept beside a ledger could not be opened by.
    """
    if "://" in str(place):
        scheme = str(place).partition("://")[0]
        raise UnsupportedStoreError(
            f"--db: this version keeps ledgers in files, not in {scheme}",
            advice="give the path of a file",
        )
    try:
        str(place).encode()
    except UnicodeEncodeError:
        raise UnsupportedStoreError(
            f"--db: the name of the file is no text in UTF-8 (got {str(place)!r})",
            advice="give the ledger another name",
        ) from None
    path = Path(place)
    if path.name in {"", ".."} or str(place).endswith(("/", os.sep)):
        raise UnsupportedStoreError(
            f"--db: {place} is a folder, and a ledger is a file",
            advice=f"name a file in it, such as {path / 'deals.db'}",
        )
    if path.exists() and not path.is_file() and not path.is_dir():
        raise UnsupportedStoreError(f"--db: {place} is a device or a pipe, and a ledger is a file", advice=_INIT)
    return path


def _connect(uri: str) -> sqlite3.Connection:
    """Open a connection and make it read the file's header, so that what is wrong shows here."""
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _pending(path: Path) -> bool:
    """Say whether a write-ahead log holds something that is not in the file itself yet."""
    with contextlib.suppress(OSError):
        return path.with_name(path.name + "-wal").stat().st_size > 0
    return False


def _open(path: Path) -> tuple[sqlite3.Connection, str]:
    """Open a file for reading in the first way that works."""
    if not path.exists():
        raise LedgerNotFoundError(f"there is no ledger at {path}", advice=_INIT)
    uri = file_uri(path, "ro")
    try:
        try:
            return _connect(uri), uri
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _NO_SHARED_MEMORY or _pending(path):
                raise
            return _connect(uri + "&immutable=1"), uri + "&immutable=1"
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter from a damaged name in a message
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if kind == sqlite3.SQLITE_BUSY:
            raise BusyError(f"{path} is in use by another process", advice="try again") from None
        if kind in _OF_THE_SYSTEM and path.is_file():
            raise CannotWriteError(
                f"{path} cannot be opened: {error}",
                advice="check that the file and its folder may be used and that the disk has room",
            ) from None
        raise NotALedgerError(
            f"{path} cannot be read as a ledger: {error}", advice="give the path of a ledger made by `deals init`"
        ) from None


def is_unmade(path: Path) -> bool:
    """Say whether a file is one in which a ledger may still be made: an empty one, or a database with nothing in it.

    Making a ledger is one transaction; before its commit there is no more than that.
    """
    if path.stat().st_size == 0:
        return True
    try:
        connection, _ = _open(path)
    except (NotALedgerError, BusyError):
        return False
    with contextlib.closing(connection):
        marks = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return (*marks, tables) == (0, 0, 0)


def read_only_uri(path: Path) -> str:
    """Return the address under which a ledger can be read, having tried it.

    Where the folder cannot be written SQLite has no place for its shared memory; then the file is read as one that
    nobody changes, which is sound as long as no write-ahead log waits beside it.
    Raises LedgerNotFoundError, NotALedgerError, BusyError, or CannotWriteError where the system refuses.
    """
    connection, uri = _open(path)
    connection.close()
    return uri


def open_read_only(path: Path) -> sqlite3.Connection:
    """Open a ledger for reading.

    Raises as `read_only_uri` does, and NewerLedgerError where a later version wrote it.
    """
    connection, _ = _open(path)
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    layout = connection.execute("PRAGMA user_version").fetchone()[0]
    if found == APPLICATION_ID and layout == LAYOUT_VERSION:
        return connection
    connection.close()
    if found == APPLICATION_ID:
        raise NewerLedgerError(
            f"{path} has layout {layout}, but this software knows only {LAYOUT_VERSION}",
            advice="update the deals package and try again",
        )
    if path.stat().st_size == 0:
        raise LedgerNotFoundError(f"{path} is empty", advice=_INIT)
    if found == layout == 0 and is_unmade(path):
        raise LedgerNotFoundError(
            f"{path} is no ledger yet: making it was interrupted", advice="`deals init` goes on where it ended"
        )
    raise NotALedgerError(f"{path} is a database, but not a ledger", advice=_INIT)
