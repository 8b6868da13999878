"""What SQLite reports, as the ledger's own errors: busy, cannot write, damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from events.errors import DealsError
from ledger.store.errors import BusyError, CannotWriteError, LedgerDamagedError, NotALedgerError

__all__ = ["as_ledger_errors", "explain_failure", "unreadable"]

_RESTORE = "verify it with `deals audit verify` and restore a copy that verifies"

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNWRITABLE = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}
# SQLite keeps the kind of a result in its lowest eight bits and the details above them.
_KIND = 0xFF


def explain_failure(error: sqlite3.Error) -> DealsError:
    """Return the ledger's error for one of SQLite's that stopped a transaction."""
    kind = getattr(error, "sqlite_errorcode", -1) & _KIND
    if kind in _BUSY:
        return BusyError("the ledger is in use by another process", advice="try again; nothing was recorded")
    if kind in _UNWRITABLE:
        return CannotWriteError(
            f"the ledger cannot be written: {error}",
            advice="check that the file and its folder may be written and that the disk has room; nothing was recorded",
        )
    if kind == sqlite3.SQLITE_NOTADB:
        return NotALedgerError("the file is not a ledger", advice="give the path of a ledger made by `deals init`")
    if kind in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_ERROR}:
        return LedgerDamagedError(f"the ledger contradicts itself: {error}", advice=_RESTORE)
    return unreadable(error)


def unreadable(error: Exception | str) -> DealsError:
    """Return the ledger's error for what goes wrong while a ledger is read."""
    kind = getattr(error, "sqlite_errorcode", -1) & _KIND
    if kind in _BUSY:
        return BusyError("the ledger is in use by another process", advice="try again")
    return LedgerDamagedError(f"the ledger cannot be read: {error}", advice=_RESTORE)


@contextmanager
def as_ledger_errors() -> Iterator[None]:
    """Turn the failures of SQLite and of the store around it into the ledger's own errors."""
    from eventsourcing.persistence import ConnectionUnavailableError, PersistenceError

    try:
        yield
    except ConnectionUnavailableError as error:
        raise BusyError("the ledger is in use", advice="try again; nothing was recorded") from error
    except UnicodeDecodeError as error:  # from a damaged name in one of SQLite's messages
        raise unreadable(str(error)) from error
    except (PersistenceError, sqlite3.Error) as error:
        cause = error.__cause__ if isinstance(error, PersistenceError) else error
        if not isinstance(cause, sqlite3.Error):
            raise
        raise explain_failure(cause) from error
