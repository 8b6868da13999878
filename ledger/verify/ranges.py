"""The fast way through a long honest bundle: several processes read it in place and compare a range of lines each.

Nothing is reported from here. Where anything at all is not as it must be, the answer is only that it is not, and the
bundle is read again in the ordinary way, which names what is wrong.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ledger.bundle.chunks import CHUNK, Chunk, Line, derive
from ledger.bundle.facts import facts_header
from ledger.bundle.package import Package

__all__ = ["Place", "ranges_of", "read_in_place"]


class Place(NamedTuple):
    """A run of bytes of a file."""

    path: Path
    start: int
    stop: int

    def read(self) -> bytes:
        """Read it."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(self.stop - self.start)


class _Cuts(NamedTuple):
    """A file cut at every so many lines; the last cut is its end."""

    lines: int
    places: list[Place]


def ranges_of(package: Package) -> list[tuple[Place, ...]] | None:
    """Cut the three files that have one line for each event into runs of as many lines.

    None where that cannot be done: a file is missing or packed, or they do not have the same number of lines.
    """
    header = facts_header()
    cuts = [
        _cut(package, "data/events.jsonl", b""),
        _cut(package, "data/facts.csv", header),
        _cut(package, "data/cloudevents.jsonl", b""),
    ]
    found = [cut for cut in cuts if cut is not None]
    if len(found) < len(cuts) or len({cut.lines for cut in found}) > 1:
        return None
    return list(zip(*(cut.places for cut in found), strict=True))


def _cut(package: Package, name: str, header: bytes) -> _Cuts | None:
    """Cut a file behind its header at every `CHUNK` lines; None where it has another header, or no end to a line."""
    span = package.span(name)
    if span is None:
        return None
    path, offset = span
    offsets, lines, passed = [len(header)], 0, 0
    last = b""
    for number, whole in enumerate(package.blocks(name)):
        if number == 0 and not whole.startswith(header):
            return None
        block = whole.removeprefix(header) if number == 0 else whole
        begin = passed + len(whole) - len(block)
        count = block.count(b"\n")
        while lines // CHUNK < (lines + count) // CHUNK:
            wanted = CHUNK - lines % CHUNK
            rest = block.split(b"\n", wanted)[-1]
            begin += len(block) - len(rest)
            offsets.append(begin)
            block, lines, count = rest, lines + wanted, count - wanted
        lines += count
        passed += len(whole)
        last = whole[-1:]
    if last != b"\n":
        return None
    if offsets[-1] != passed:
        offsets.append(passed)
    return _Cuts(lines, [Place(path, offset + start, offset + stop) for start, stop in pairwise(offsets)])


def _check(places: tuple[Place, ...], first: int, origin: str) -> tuple[int, Chunk | None]:
    """Work on one range; gives how many lines it has, and None where anything in it is wrong."""
    lines, facts, cloud = (place.read() for place in places)
    run: list[Line] = list(enumerate(lines.split(b"\n")[:-1], first))
    chunk = derive(run, origin)
    if chunk.problem is not None or (chunk.facts, chunk.cloud) != (facts, cloud):
        return len(run), None
    return len(run), chunk._replace(facts=b"", cloud=b"")


def read_in_place(
    ranges: list[tuple[Place, ...]], origin: str, *, processes: int
) -> Iterator[tuple[int, int, Chunk | None]]:
    """Yield the position at which each range begins, its lines, and what they amount to or None, in order."""
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=gc.disable) as pool:
        waiting: deque[tuple[int, Future[tuple[int, Chunk | None]]]] = deque()
        try:
            for number, places in enumerate(ranges):
                first = number * CHUNK + 1
                waiting.append((first, pool.submit(_check, places, first, origin)))
                if len(waiting) > 2 * processes:
                    begin, future = waiting.popleft()
                    yield begin, *future.result()
            while waiting:
                begin, future = waiting.popleft()
                yield begin, *future.result()
        finally:
            for _, future in waiting:
                future.cancel()
