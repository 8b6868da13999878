"""Reads the files of `--what-if`: events that are checked like any other and laid over the ledger, never recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.base import Event

__all__ = ["hypothetical_leaves", "leaves_of"]


def hypothetical_leaves(db: str, files: Sequence[str], *, as_of: dt.date, known_by: dt.date) -> list[bytes]:
    """Return the leaves of hypothetical events; dates that a file leaves out are the question's own, unless one follows from the other.

    Raises BadInputError with every bad row, and what opening the ledger raises.
    """
    from cli.printing.output import say
    from ledger.application import Ledger
    from ledger.intake.rows import InputDefaults
    from ledger.intake.sources import read_rows

    reading = InputDefaults(defaults={"announced_on": known_by.isoformat(), "effective_on": as_of.isoformat()})
    with Ledger.open(db, read_only=True) as ledger:
        return leaves_of(ledger.check_located(read_rows(files, reading, tell=say), hypothetical=True))


def leaves_of(events: Iterable[Event]) -> list[bytes]:
    """Return events as the leaves they would be, recorded now by nobody."""
    from events.codec import encode
    from events.envelope import instant_text, leaf_bytes
    from ledger.clock import SystemClock

    at = instant_text(SystemClock().now())
    return [
        leaf_bytes(encode(event), recorded_at=at, recorder="what-if", schema_version=event.SCHEMA_VERSION)
        for event in events
    ]
