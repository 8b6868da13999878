"""What the ledger stores with an event, and the feed by which stored events travel from room to room.

A *leaf* is the canonical JSON of `{event, recorded_at, recorder, schema_version}`; a *feed* is an iterable of batches
of `(position, leaf)`. Both are plain bytes and numbers, so that whoever reads them needs neither the store nor pydantic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from events.base import Event

__all__ = ["Batch", "Feed", "Recorded", "instant_text", "leaf_bytes", "read_feed", "read_leaf"]

Batch = list[tuple[int, bytes]]
Feed = Iterable[Batch]


def instant_text(at: dt.datetime) -> str:
    """Write an instant as UTC with microseconds, e.g. `2026-01-31T09:30:00.000000Z`."""
    # Not strftime: it writes the year 999 with three digits, and such texts are compared.
    return at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def leaf_bytes(event: bytes, *, recorded_at: str, recorder: str, schema_version: int) -> bytes:
    """Compose a leaf from an event's canonical bytes; the four names are already in canonical order.

    `recorded_at` is the text of `instant_text`.
    """
    import orjson

    return b'{"event":%b,"recorded_at":"%b","recorder":%b,"schema_version":%d}' % (
        event,
        recorded_at.encode(),
        orjson.dumps(recorder),
        schema_version,
    )


@dataclass(frozen=True, slots=True)
class Recorded:
    """One stored event as it was recorded: its place, the leaf, and the leaf's parts.

    `raw` is the event as stored, not upcast; `event` validates and upcasts it.
    """

    position: int
    leaf: bytes
    recorded_at: str
    recorder: str
    schema_version: int
    raw: dict[str, Any]

    @property
    def key(self) -> str:
        """The event's key."""
        return str(self.raw["key"])

    @property
    def type(self) -> str:
        """The event's type."""
        return str(self.raw["type"])

    @property
    def event(self) -> Event:
        """The event as a model of the current schema version."""
        from events.codec import decode

        return decode(self.raw, self.schema_version)


def read_leaf(position: int, leaf: bytes) -> Recorded:
    """Take a leaf apart. Raises orjson.JSONDecodeError or KeyError where the bytes are not a leaf."""
    import orjson

    parts = orjson.loads(leaf)
    return Recorded(
        position=position,
        leaf=leaf,
        recorded_at=parts["recorded_at"],
        recorder=parts["recorder"],
        schema_version=parts["schema_version"],
        raw=parts["event"],
    )


def read_feed(feed: Feed) -> Iterator[Recorded]:
    """Take every leaf of a feed apart, in order."""
    for batch in feed:
        for position, leaf in batch:
            yield read_leaf(position, leaf)
