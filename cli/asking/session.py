"""How a query opens what it asks: the ledger for reading, its tables, and the three clocks as the tables take them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cli.asking.tables import damage_of, fresh_tables
from cli.input.options import Question
from cli.printing.output import emit, say
from cli.printing.progress import watched
from ledger.reader import LedgerReader
from ledger.store.entries import Head

if TYPE_CHECKING:
    from projections.clocks import Clocks
    from projections.result import Result
    from projections.warehouse import Warehouse

__all__ = ["Opened", "open_query"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A ledger opened for one question."""

    question: Question
    reader: LedgerReader
    warehouse: Warehouse
    clocks: Clocks
    head: Head
    hypothetical: bool
    notes: list[str] = field(default_factory=list)

    def company(self, name: str) -> str:
        """Return a company's slug by any of its names. Raises NotFoundError with the nearest name."""
        from projections.queries.asked import resolve, unregistered

        slug = resolve(self.warehouse, self.clocks, name)
        self.notes.extend(unregistered(self.warehouse, self.clocks, slug))
        return slug

    def company_or_none(self, name: str | None) -> str | None:
        """Return a company's slug, or None where no company was asked for."""
        return None if name is None else self.company(name)

    def position(self, asked: int | dt.datetime | None) -> int:
        """Settle a point of the recorded-by clock as a position that the log has."""
        return _position(asked, self.reader, self.head)

    def without_what_if(self) -> Warehouse:
        """Open the same tables without the hypothetical events; the caller closes them."""
        return _warehouse(self.question.db, self.reader, self.head, [])

    def answer(self, result: Result) -> None:
        """Print an answer in the form asked for."""
        emit(
            dataclasses.replace(result, notes=(*self.notes, *result.notes)),
            self.question.target,
            position=self.head.size,
            root=self.head.root,
            hypothetical=self.hypothetical,
        )


@contextmanager
def open_query(question: Question) -> Iterator[Opened]:
    """Open the ledger and the tables of a question, and close them after it.

    Raises what opening a ledger raises, what reading what-if files raises, and KeptTablesDamagedError.
    """
    from projections.clocks import Clocks

    with LedgerReader(question.db) as reader:
        head = reader.head()
        position = _position(question.recorded_by, reader, head)
        leaves = _leaves(question)
        clocks = Clocks(as_of=question.as_of, known_by=question.known_by, recorded_by=position)
        with _warehouse(question.db, reader, head, leaves) as warehouse, _damage_told(question.db):
            yield Opened(question, reader, warehouse, clocks, head, hypothetical=bool(leaves))


@contextmanager
def _damage_told(db: str) -> Iterator[None]:
    """Tell the damage of a kept file from a fault of the software."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        damage = damage_of(db, error)
        if damage is None:
            raise
        raise damage from error


def _position(asked: int | dt.datetime | None, reader: LedgerReader, head: Head) -> int:
    """Settle `--recorded-by` as a position that the log has."""
    if asked is None:
        return head.size
    if not isinstance(asked, int):
        return min(reader.position_at(asked), head.size)
    if asked > head.size:
        say(f"note: --recorded-by {asked}: the log ends at position {head.size}, which was used")
    return min(asked, head.size)


def _leaves(question: Question) -> list[bytes]:
    if not question.what_if:
        return []
    from cli.asking.what_if import hypothetical_leaves

    return hypothetical_leaves(question.db, question.what_if, as_of=question.as_of, known_by=question.known_by)


def _warehouse(db: str, reader: LedgerReader, head: Head, leaves: list[bytes]) -> Warehouse:
    from projections.warehouse import Warehouse

    if leaves:
        feed = watched(reader.feed(upto=head.size), "reading", head.size)
        return Warehouse.in_memory(feed, root=head.root, hypothetical=leaves)
    return fresh_tables(db, reader, head)
