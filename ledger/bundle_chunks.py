"""Turns runs of recorded lines into everything a bundle says about them, on as many processors as are given.

Export writes what comes out; verification makes it again and compares. Both go through this one place.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from events.envelope import Feed
from ledger.bundle_forms import EventForms
from ledger.bundle_prov import REPEATED
from ledger.bundle_rows import facts_line
from ledger.merkle import leaf_hashes
from ledger.pauses import no_collection

__all__ = ["CHUNK", "Chunk", "Line", "Problem", "as_stored", "chunks", "derive", "key_in", "key_mark"]

CHUNK = 2_000
"""Lines that are worked on at a time."""

Line = tuple[int, bytes]
"""A position and the recorded line, without its line end."""

# The vocabulary has no floats: a number with a point or exponent stands directly behind a colon or a bracket.
_FLOAT = re.compile(rb'":-?[0-9]+[.eE]')
_NUMBER_IN_LIST = re.compile(rb"\[-?[0-9]")
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z\Z")
_PARTS = {"event", "recorded_at", "recorder", "schema_version"}
_NO_LEAF = (AttributeError, KeyError, TypeError, ValueError, UnicodeError)


class Problem(NamedTuple):
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
    problem: Problem | None


def as_stored(feed: Feed) -> Iterator[list[Line]]:
    """Give a ledger's leaves as lines, also where somebody's hand put something else than bytes into the store."""
    for batch in feed:
        if all(leaf.__class__ is bytes for _, leaf in batch):
            yield batch
        else:
            yield [(position, leaf if isinstance(leaf, bytes) else str(leaf).encode()) for position, leaf in batch]


def key_mark(key: str) -> int:
    """Give a short number that stands for a key, the same in every process."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest())


def derive(lines: list[Line], origin: str | None) -> Chunk:
    """Check a run of lines one by one and make all that is said of them.

    Without the `origin` (the log's name) only what the log itself consists of is checked, not what others read.
    """
    with no_collection():
        hashes = leaf_hashes([leaf for _, leaf in lines])
        parsed, problem = _parsed(lines)
        facts: list[str] = []
        forms = EventForms(origin or "")
        if origin is not None:
            try:
                for (position, leaf), hashed, parts in zip(lines, hashes, parsed, strict=False):
                    digest = hashed.hex()
                    facts.append(facts_line(position, digest, parts))
                    forms.add(position, leaf, digest, parts)
            except _NO_LEAF as error:
                place = min(len(facts), len(parsed) - 1)  # the one that could not be written
                what = f"a field is of the wrong kind ({error})"
                problem = Problem(lines[place][0], _key_of(parsed[place]), what)
        return Chunk(
            hashes,
            parsed[0]["recorded_at"] if parsed else "",
            parsed[-1]["recorded_at"] if parsed else "",
            [key_mark(parts["event"]["key"]) for parts in parsed],
            "".join(facts).encode(),
            b"".join(forms.cloud),
            {
                name: entries if name in REPEATED else [b",\n".join(entries)]
                for name, entries in forms.prov.items()
                if entries
            },
            [item for parts in parsed if (item := _document(parts["event"]))],
            problem,
        )


def _document(event: dict[str, Any]) -> tuple[str, int] | None:
    """Give digest and size of the document that an event attaches."""
    if event["type"] != "document_attached":
        return None
    digest, size = event.get("sha256"), event.get("bytes")
    return (digest, size) if isinstance(digest, str) and isinstance(size, int) else None


def _parsed(lines: list[Line]) -> tuple[list[dict[str, Any]], Problem | None]:
    """Parse lines up to the first that is not canonical or not a leaf."""
    found: list[dict[str, Any]] = []
    # Numbers are looked for in all lines at once: most logs have none that could be a float.
    whole = b"\n".join([leaf for _, leaf in lines])
    doubtful = _FLOAT.search(whole) or _NUMBER_IN_LIST.search(whole)
    at = ""
    for position, leaf in lines:
        try:
            parts = orjson.loads(leaf)
            if orjson.dumps(parts, option=_CANONICAL) != leaf:
                return found, Problem(position, _key_of(parts), "the line is not canonical JSON (RFC 8785)")
        except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
            return found, Problem(position, "", f"the line is not JSON as the log has it: {error}")
        what = _not_a_leaf(parts)
        if not what and doubtful and _any_float(parts):
            what = "has a float, which canonical events never do"
        if not what and parts["recorded_at"] != at:
            what = _out_of_order(at, parts["recorded_at"])
            at = parts["recorded_at"]
        if what:
            return found, Problem(position, _key_of(parts), what)
        found.append(parts)
    return found, None


def _out_of_order(before: str, at: str) -> str:
    """Say what is wrong with an instant behind another, or nothing."""
    if not _INSTANT.match(at):
        return "recorded_at is not an instant in UTC"
    return "" if at >= before else f"was recorded at {at}, before the event in front of it ({before})"


def _key_of(parts: object) -> str:
    event = parts.get("event") if isinstance(parts, dict) else None
    return str(event.get("key", "")) if isinstance(event, dict) else ""


def key_in(leaf: bytes) -> str:
    """Give the key that a line says its event has, or nothing where it is no such line."""
    try:
        return _key_of(orjson.loads(leaf))
    except orjson.JSONDecodeError:
        return ""


def _not_a_leaf(parts: Any) -> str:  # noqa: ANN401 - any JSON value
    """Say what a line lacks to be a leaf, or nothing."""
    try:
        event = parts["event"]
        whole = (
            parts.keys() == _PARTS
            and event["key"].__class__ is str
            and event["type"].__class__ is str
            and event["effective_on"].__class__ is str
            and event["announced_on"].__class__ is str
            and parts["recorded_at"].__class__ is str
            and parts["recorder"].__class__ is str
            and parts["schema_version"].__class__ is int
        )
    except _NO_LEAF:
        whole = False
    return "" if whole else "the line is not {event, recorded_at, recorder, schema_version}"


def _any_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_any_float, value.values()))
    return any(map(_any_float, value)) if isinstance(value, list) else isinstance(value, float)


def chunks(runs: Iterable[list[Line]], origin: str | None, *, processes: int = 1) -> Iterator[tuple[list[Line], Chunk]]:
    """Give runs of lines with what they amount to, in order; with several processes they are worked on side by side."""
    if processes <= 1:
        for run in runs:
            yield run, derive(run, origin)
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[tuple[list[Line], Future[Chunk]]] = deque()
        try:
            for run in runs:
                waiting.append((run, pool.submit(derive, run, origin)))
                if len(waiting) > 2 * processes:  # enough that none is ever idle, few enough to stay small
                    done, future = waiting.popleft()
                    yield done, future.result()
            while waiting:
                done, future = waiting.popleft()
                yield done, future.result()
        finally:
            for _, future in waiting:
                future.cancel()
