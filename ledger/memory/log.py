"""What a ledger's memory asks of a ledger opened for reading, so that it need not know how one is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from events.envelope import Recorded
    from ledger.store.entries import Entry, Head

__all__ = ["Log"]


class Log(Protocol):
    """A ledger opened for reading; `ledger.reader.LedgerReader` is one."""

    @property
    def path(self) -> Path:
        """The ledger's file."""
        ...

    def head(self) -> Head:
        """Return size, root and latest instant."""
        ...

    def leaf_hashes(self, start: int, stop: int) -> list[bytes]:
        """Return the leaf hashes at `[start, stop)`, counted from 0."""
        ...

    def stored_nodes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Return the stored nodes `[start, stop)` of a level of the tree."""
        ...

    def find(self, key: str) -> Entry | None:
        """Return the index entry of an event, or None."""
        ...

    def keys(self, prefix: str = "") -> list[str]:
        """Return some keys that begin with a prefix."""
        ...

    def recorded(self, position: int) -> Recorded:
        """Return the event at a position as it was recorded."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Return every entry, by position."""
        ...
