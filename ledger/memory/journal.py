"""Who did what and when: recordings, corrections and retractions from the log, the rest from the operations journal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ledger.memory.folder import Deed, audit_folder

if TYPE_CHECKING:
    from ledger.memory.log import Log
    from ledger.store.entries import Entry

__all__ = ["deeds"]

_OF_THEIR_OWN = {"event_corrected": "corrected", "event_retracted": "retracted", "document_attached": "attached"}


def deeds(reader: Log) -> list[Deed]:
    """Return every deed in the order of time; a batch recorded at once is one, a correction is always one of its own.

    Raises MemoryDamagedError.
    """
    recorded = list(_recorded(reader))
    return sorted([*recorded, *audit_folder(reader.path).journal()], key=lambda deed: deed.at)


def _recorded(reader: Log) -> Iterator[Deed]:
    for (at, recorder, what), batch in groupby(reader.entries(), key=_kind):
        if what == "recorded":
            yield _batch(at, recorder, batch)
        else:
            yield from (_own(entry, what, reader) for entry in batch)


def _kind(entry: Entry) -> tuple[str, str, str]:
    return entry.recorded_at, entry.recorder, _OF_THEIR_OWN.get(entry.type, "recorded")


def _batch(at: str, recorder: str, batch: Iterator[Entry]) -> Deed:
    first = last = next(batch)
    for last in batch:  # noqa: B007 - the last one is what is wanted
        pass
    events = last.position - first.position + 1
    said = {"events": events, "from": first.position, "to": last.position}
    return Deed(at, recorder, "recorded", said | ({"key": first.key} if events == 1 else {}))


def _own(entry: Entry, what: str, reader: Log) -> Deed:
    """Return a correction, retraction or attachment with its reason or document."""
    raw = reader.recorded(entry.position).raw
    about = raw.get("corrects") or raw.get("about")
    more: dict[str, Any] = {name: raw[name] for name in ("reason", "sha256") if name in raw}
    return Deed(entry.recorded_at, entry.recorder, what, {"from": entry.position, "key": about, **more})
