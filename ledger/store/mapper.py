"""Leaves as the domain events of `eventsourcing`, brought up to date on reading and never rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from events.envelope import Recorded, read_leaf
from ledger.store.recorder import LEDGER_ID

if TYPE_CHECKING:
    from events.base import Event

__all__ = ["LeafMapper", "LedgerEntry"]


@dataclass(frozen=True)
class LedgerEntry:
    """A recorded event as `eventsourcing` passes it around: a stream, a version in it (the position), and the leaf."""

    originator_id: UUID
    originator_version: int
    recorded: Recorded

    @property
    def event(self) -> Event:
        """The event as a model of the current schema version."""
        return self.recorded.event


class LeafMapper(Mapper[UUID]):
    """Gives leaves to readers of `eventsourcing` (projections, notification logs); writing is the ledger's alone."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Return an entry as it is stored, byte for byte."""
        assert isinstance(domain_event, LedgerEntry)  # noqa: S101 - no other domain event exists in this application
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=f"deals.{domain_event.recorded.type}",
            state=domain_event.recorded.leaf,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> LedgerEntry:
        """Take a stored event's leaf apart."""
        return LedgerEntry(
            originator_id=LEDGER_ID,
            originator_version=stored_event.originator_version,
            recorded=read_leaf(stored_event.originator_version, stored_event.state),
        )
