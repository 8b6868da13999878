"""What the ledger asks of a store, whichever database it is: transactions that read the index and append to the log."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, StoredEvent

from ledger.store.company_names import NameRow
from ledger.store.sqlite_schema import LEDGER_STREAM

__all__ = ["LEDGER_ID", "Appending", "EntryRow", "IndexRow", "IndexView", "LedgerRecorder", "StoredHead"]

LEDGER_ID = UUID(LEDGER_STREAM)
"""The one stream of a ledger; an event's version in it is its position."""


class StoredHead(NamedTuple):
    """The log's size, the greatest recorded instant (empty before the first), and the right edge of its tree."""

    size: int
    at: str
    frontier: bytes


class EntryRow(NamedTuple):
    """What the rules need to know of a recorded event; `tranches` are between spaces."""

    position: int
    key: str
    type: str
    family: str
    deal: str | None
    leg: str | None
    companies: str
    effective_on: str
    announced_on: str
    slot: int
    tranches: str


class IndexRow(NamedTuple):
    """A recorded event as its index row is written."""

    position: int
    key: str
    type: str
    family: str
    deal: str | None
    leg: str | None
    companies: str
    effective_on: str
    announced_on: str
    recorded_at: str
    recorder: str
    slot: int
    corrects: str | None
    amends: str | None
    about: str | None
    tranches: str | None
    leaf_hash: bytes


class IndexView:
    """One consistent view of the index."""

    @abstractmethod
    def head(self) -> StoredHead:
        """Return the head of the log."""

    @abstractmethod
    def entries(self, keys: Iterable[str]) -> Iterator[EntryRow]:
        """Return the entries with these keys, in no particular order."""

    @abstractmethod
    def entries_at(self, positions: Iterable[int]) -> Iterator[EntryRow]:
        """Return the entries at these positions, in no particular order."""

    @abstractmethod
    def terms(self, legs: Iterable[tuple[str, str]]) -> Iterator[EntryRow]:
        """Return all terms ever recorded on these legs, corrected and retracted ones too."""

    @abstractmethod
    def legs(self, deal: str) -> list[str]:
        """Return the legs of a deal that ever had terms, in order."""

    @abstractmethod
    def corrections(self, slots: Iterable[int]) -> Iterator[EntryRow]:
        """Return the corrections and retractions of the events at these positions, in the order of recording."""

    @abstractmethod
    def leaves(self, positions: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Return the leaves at these positions."""

    @abstractmethod
    def names(self, folded: Iterable[str]) -> Iterator[NameRow]:
        """Return who goes by these names."""

    @abstractmethod
    def older_names(self) -> Iterator[NameRow]:
        """Return the names that are stored in another compared form than today's, brought to it."""

    @abstractmethod
    def every_name(self) -> Iterator[NameRow]:
        """Return every name that a standing registration gives, in the form it is stored in."""

    @abstractmethod
    def registrations(self) -> Iterator[tuple[int, bytes]]:
        """Return the slots of the standing registrations, each with the leaf of the last of its chain."""

    @abstractmethod
    def of_type(self, type_name: str) -> list[EntryRow]:
        """Return all events of a type, corrected and retracted ones too, in the order of recording."""

    @abstractmethod
    def names_like(self, start: str, limit: int) -> list[NameRow]:
        """Return at most `limit` names whose compared form begins with `start`; for hints."""

    @abstractmethod
    def deals_like(self, start: str, limit: int) -> list[str]:
        """Return at most `limit` deals whose slug begins with `start`; for hints."""

    @abstractmethod
    def keys_like(self, start: str, limit: int) -> list[str]:
        """Return at most `limit` keys that begin with `start`; for hints."""


class Appending(IndexView):
    """The one transaction that may append: it holds the write lock from its first statement to its end."""

    @abstractmethod
    def append(self, events: Sequence[StoredEvent], rows: Sequence[IndexRow]) -> None:
        """Insert events of the ledger's stream with their index rows."""

    @abstractmethod
    def keep_nodes(self, nodes: Iterable[tuple[int, int, bytes]]) -> None:
        """Insert roots of complete subtrees as `(level, place, hash)`."""

    @abstractmethod
    def replace_names(self, slot: int, rows: Sequence[NameRow]) -> None:
        """Put these names in the place of all that the registration in this slot gave."""

    @abstractmethod
    def move_head(self, head: StoredHead, root: bytes) -> None:
        """Store the new head of the log."""


class LedgerRecorder(ApplicationRecorder):
    """A store of `eventsourcing` that also keeps the ledger's index, in the same transactions."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[IndexView]:
        """Open a consistent view."""

    @abstractmethod
    def appending(self) -> AbstractContextManager[Appending]:
        """Take the write lock, and commit at the end; any error rolls everything back.

        Raises BusyError, CannotWriteError or LedgerDamagedError.
        """
