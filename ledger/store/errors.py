"""Why a ledger cannot be opened, read or written, one name for each reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from events.errors import DealsError, NotFoundError, suggestion

__all__ = [
    "BusyError",
    "CannotWriteError",
    "DocumentDamagedError",
    "DocumentNotFoundError",
    "KeyNotFoundError",
    "LedgerDamagedError",
    "LedgerExistsError",
    "LedgerNotFoundError",
    "NewerLedgerError",
    "NotALedgerError",
    "RecorderNameError",
    "UnsupportedStoreError",
]


class LedgerNotFoundError(NotFoundError):
    """There is no ledger at the place named."""


class KeyNotFoundError(NotFoundError):
    """No recorded event has this key."""

    @classmethod
    def of(cls, key: str, keys_like: Callable[[str], list[str]]) -> Self:
        """Return the error for a key, with the nearest of the recorded ones; `keys_like` gives some with one beginning."""
        starts = dict.fromkeys(key[: len(key) * part // 4] for part in (3, 2, 1))
        near = next((found for start in starts if (found := keys_like(start))), [])
        advice = suggestion(key, near) or "check the key; `deals log` lists the recorded ones"
        return cls(f"{key}: no recorded event has this key", advice=advice)


class DocumentNotFoundError(NotFoundError):
    """No document with this SHA-256 lies beside the ledger."""


class DocumentDamagedError(DealsError):
    """A stored document no longer has the bytes that its name promises."""

    exit_code = 4


class NotALedgerError(DealsError):
    """The file is something else than a ledger."""


class NewerLedgerError(DealsError):
    """The ledger was written by a newer version of this software."""


class LedgerDamagedError(DealsError):
    """The stored ledger contradicts itself."""

    exit_code = 4


class LedgerExistsError(DealsError):
    """There is a ledger already where a new one was to be made."""

    exit_code = 73


class CannotWriteError(DealsError):
    """The ledger or its folder cannot be written."""

    exit_code = 73


class BusyError(DealsError):
    """Another process holds the ledger for longer than this one was willing to wait; nothing was recorded."""

    exit_code = 75


class UnsupportedStoreError(DealsError):
    """The address names a kind of store that this version does not have."""

    exit_code = 2


class RecorderNameError(DealsError):
    """The name of who records is empty, too long or not plain text."""
