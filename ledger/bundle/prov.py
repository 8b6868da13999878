"""How `prov.json` is put together: streams of entries that are collected while the log is read, and their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from ledger.bundle.forms import prov_head

__all__ = ["REPEATED", "STREAMS", "ProvStreams", "Sink", "layout"]

_SECTIONS: dict[str, tuple[str, ...]] = {
    "agent": ("agent",),
    "activity": ("activity",),
    "entity": ("entity", "document"),
    "wasGeneratedBy": ("wasGeneratedBy",),
    "wasAssociatedWith": ("wasAssociatedWith",),
    "wasDerivedFrom": ("wasDerivedFrom",),
    "wasInvalidatedBy": ("wasInvalidatedBy",),
}
STREAMS = tuple(stream for streams in _SECTIONS.values() for stream in streams)
"""The streams of entries, in the order in which the file has them."""

REPEATED = frozenset({"agent", "activity", "wasAssociatedWith", "document"})
"""Streams in which the same entry comes again and again, and is kept once."""

_SEPARATOR = b",\n"


class Sink(Protocol):
    """Something that takes bytes."""

    def write(self, content: bytes, /) -> object:
        """Take more bytes."""
        ...


class ProvStreams:
    """Passes entries on to a sink for each stream, separated, and each repeated one once."""

    def __init__(self, sinks: Mapping[str, Sink]) -> None:
        self._sinks = sinks
        self._seen: set[int] = set()
        self.begun: set[str] = set()

    def add(self, prov: Mapping[str, list[bytes]]) -> None:
        """Take the entries of one run of events."""
        for stream, entries in prov.items():
            for entry in entries:
                if stream in REPEATED:
                    # A number stands for the entry: a million recordings fit into memory that way.
                    mark = hash((stream, entry))
                    if mark in self._seen:
                        continue
                    self._seen.add(mark)
                if stream in self.begun:
                    self._sinks[stream].write(_SEPARATOR)
                self.begun.add(stream)
                self._sinks[stream].write(entry)


def layout(origin: str, begun: set[str]) -> Iterator[bytes | str]:
    """Yield the file from its beginning to its end: bytes as they are, and the names of streams where these belong."""
    yield prov_head(origin)
    for section, streams in _SECTIONS.items():
        present = [stream for stream in streams if stream in begun]
        yield b',"%b":{' % section.encode()
        for place, stream in enumerate(present):
            yield _SEPARATOR if place else b"\n"
            yield stream
        yield b"\n}" if present else b"}"
    yield b"}\n"
