"""Turns runs of recorded lines into everything a bundle says about them, on as many processors as are given.

Export writes what comes out; verification makes it again and compares. Both go through this one place.
"""

from __future__ import annotations

import gc
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import accumulate
from typing import Any, NamedTuple

import orjson

from events.envelope import Feed
from ledger.bundle.facts import facts_line
from ledger.bundle.forms import EventForms
from ledger.bundle.prov import REPEATED
from ledger.pauses import no_collection
from ledger.proof.merkle import leaf_hashes

__all__ = ["CHUNK", "BadLine", "Chunk", "Line", "as_stored", "chunks", "derive", "key_in", "key_mark", "processes_for"]

CHUNK = 1_000
"""Lines that are worked on at a time."""

Line = tuple[int, bytes]
"""A position and the recorded line, without its line end."""

# The vocabulary has no floats: a number with a point or exponent stands directly behind a colon or a bracket.
_FLOAT = re.compile(rb'":-?[0-9]+[.eE]')
_NUMBER_IN_LIST = re.compile(rb"\[-?[0-9]")
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z\Z")
_PARTS = len(("event", "recorded_at", "recorder", "schema_version"))
_NO_LEAF = (AttributeError, KeyError, TypeError, ValueError, UnicodeError)


class BadLine(NamedTuple):
    """The first line of a run that is not as it must be."""

    position: int
    key: str
    what: str


class Chunk(NamedTuple):
    """What a run of lines amounts to, up to its first bad one.

    `hashes` are those of *all* lines, good or bad; `marks` stand for the keys.
    """

    hashes: list[bytes]
    first_at: str
    last_at: str
    marks: list[int]
    facts: bytes
    cloud: bytes
    prov: dict[str, list[bytes]]
    documents: list[tuple[str, int]]
    problem: BadLine | None


def as_stored(feed: Feed) -> Iterator[list[Line]]:
    """Yield a ledger's leaves as lines, also where somebody's hand put something else than bytes into the store."""
    for batch in feed:
        if all(leaf.__class__ is bytes for _, leaf in batch):
            yield batch
        else:
            yield [(position, leaf if isinstance(leaf, bytes) else str(leaf).encode()) for position, leaf in batch]


def key_mark(key: str) -> int:
    """Return a short number that stands for a key, the same in every process."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest())


class _BadLineError(Exception):
    """A line is not as it must be; the message says how."""


def derive(lines: list[Line], origin: str | None) -> Chunk:
    """Check a run of lines one by one and make all that is said of them.

    Without the `origin` (the log's name) only what the log itself consists of is checked, not what others read.
    """
    leaves = [leaf for _, leaf in lines]
    hashes = leaf_hashes(leaves)
    # Numbers are looked for in all lines at once: most logs have none that could be a float.
    whole = b"\n".join(leaves)
    doubtful = bool(_FLOAT.search(whole) or _NUMBER_IN_LIST.search(whole))
    facts: list[str] = []
    marks: list[int] = []
    documents: list[tuple[str, int]] = []
    forms = EventForms(origin or "")
    problem, first_at, at = None, "", ""
    with no_collection():
        # All that is made of one line is made before the next is looked at, while it is in the processor's cache.
        for (position, leaf), hashed in zip(lines, hashes, strict=True):
            parts: Any = None
            try:
                parts = _parts(leaf, at, doubtful=doubtful)
                if origin is not None:
                    digest = hashed.hex()
                    facts.append(facts_line(position, digest, parts))
                    forms.add(position, leaf, digest, parts)
            except _BadLineError as error:
                problem = BadLine(position, key_in(leaf), str(error))
                break
            except _NO_LEAF as error:
                problem = BadLine(position, key_in(leaf), f"a field is of the wrong kind ({error})")
                break
            event = parts["event"]
            at = parts["recorded_at"]
            first_at = first_at or at
            marks.append(key_mark(event["key"]))
            if event["type"] == "document_attached":
                documents += _document(event)
    streams = {
        name: entries if name in REPEATED else [b",\n".join(entries)] for name, entries in forms.prov.items() if entries
    }
    return Chunk(
        hashes, first_at, at, marks, "".join(facts).encode(), b"".join(forms.cloud), streams, documents, problem
    )


def _document(event: dict[str, Any]) -> list[tuple[str, int]]:
    """Return digest and size of the document that an event attaches."""
    digest, size = event.get("sha256"), event.get("bytes")
    return [(digest, size)] if isinstance(digest, str) and isinstance(size, int) else []


def _parts(leaf: bytes, before: str, *, doubtful: bool) -> dict[str, Any]:
    """Parse a line behind one that was recorded at `before`. Raises _BadLineError where it is not as it must be."""
    try:
        parts: dict[str, Any] = orjson.loads(leaf)
        if orjson.dumps(parts, option=_CANONICAL) != leaf:
            raise _BadLineError("the line is not canonical JSON (RFC 8785)")
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
        raise _BadLineError(f"the line is not JSON as the log has it: {error}") from None
    if not _is_leaf(parts):
        raise _BadLineError("the line is not {event, recorded_at, recorder, schema_version}")
    if doubtful and _any_float(parts):
        raise _BadLineError("has a float, which canonical events never do")
    at = parts["recorded_at"]
    if at != before:
        if not _INSTANT.match(at):
            raise _BadLineError("recorded_at is not an instant in UTC")
        if at < before:
            raise _BadLineError(f"was recorded at {at}, before the event in front of it ({before})")
    return parts


def _key_of(parts: object) -> str:
    event = parts.get("event") if isinstance(parts, dict) else None
    return str(event.get("key", "")) if isinstance(event, dict) else ""


def key_in(leaf: bytes) -> str:
    """Return the key that a line says its event has, or nothing where it is no such line."""
    try:
        return _key_of(orjson.loads(leaf))
    except orjson.JSONDecodeError:
        return ""


def _is_leaf(parts: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Say whether a parsed line has the parts of a leaf, and they the kinds that everything else relies on."""
    try:
        event = parts["event"]
        return bool(
            len(parts) == _PARTS
            and event["key"].__class__ is str
            and event["type"].__class__ is str
            and parts["recorded_at"].__class__ is str
            and parts["recorder"].__class__ is str
            and parts["schema_version"].__class__ is int
        )
    except _NO_LEAF:
        return False


def _any_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_any_float, value.values()))
    return any(map(_any_float, value)) if isinstance(value, list) else isinstance(value, float)


def chunks(runs: Iterable[list[Line]], origin: str | None, *, processes: int = 1) -> Iterator[tuple[list[Line], Chunk]]:
    """Yield runs of lines with what they amount to, in order; with several processes they are worked on side by side."""
    if processes <= 1:
        for run in runs:
            yield run, derive(run, origin)
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    # What the processes make has no reference cycles, so that looking for them would be in vain.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=gc.disable) as pool:
        waiting: deque[tuple[list[Line], Future[Chunk]]] = deque()
        try:
            for run in runs:
                waiting.append((run, pool.submit(_derive_packed, *_packed(run), origin)))
                if len(waiting) > 2 * processes:  # enough that none is ever idle, few enough to stay small
                    done, future = waiting.popleft()
                    yield done, future.result()
            while waiting:
                done, future = waiting.popleft()
                yield done, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def _packed(run: list[Line]) -> tuple[list[int], list[int], bytes]:
    """Put the lines of a run into one piece, which travels between processes at a tenth of the cost."""
    return [position for position, _ in run], [len(leaf) for _, leaf in run], b"".join([leaf for _, leaf in run])


def _derive_packed(positions: list[int], lengths: list[int], whole: bytes, origin: str | None) -> Chunk:
    """Take a run apart again and work on it."""
    ends = accumulate(lengths)
    leaves = [whole[end - length : end] for end, length in zip(ends, lengths, strict=True)]
    return derive(list(zip(positions, leaves, strict=True)), origin)


_WORTH_SHARING = 50_000


def processes_for(events: int) -> int:
    """Say on how many processors to work: starting others takes longer than a small log."""
    return max(os.cpu_count() or 1, 1) if events >= _WORTH_SHARING else 1
