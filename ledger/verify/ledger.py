"""Verifies a live ledger: reads every event once and holds the index, the tree, the head and the memory against it."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from ledger.bundle.chunks import CHUNK, BadLine, Chunk, Line, as_stored, chunks
from ledger.memory.errors import EmptyLogError, MemoryDamagedError
from ledger.memory.folder import Remembered, audit_folder
from ledger.proof.checkpoint import open_checkpoint
from ledger.proof.errors import VerificationError
from ledger.proof.keys import VerifierKey, parse_vkey
from ledger.proof.merkle import Frontier
from ledger.store.errors import DocumentNotFoundError
from ledger.verify.report import Report

if TYPE_CHECKING:
    from ledger.reader import LedgerReader

__all__ = ["verify_ledger"]

_NOT_CHECKED = (
    "when events were really typed in: recorded_at is the word of the ledger's own clock",
    "whether what the events say is true",
)
_NO_MEMORY = (
    "whether the log was rolled back: no checkpoint of it is remembered beside it and none was given; "
    "`deals audit checkpoint` makes one, and whoever else keeps a copy is a witness"
)
_ONLY_OWN = (
    "whether the log was rolled back together with the checkpoints remembered beside it: only a checkpoint that "
    "somebody else kept (--checkpoint), a witness or a time stamp can tell"
)


def verify_ledger(
    reader: LedgerReader,
    *,
    remembered: bytes | None = None,
    vkey: str | None = None,
    processes: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Check a ledger from its first event to its last; nothing is changed.

    `remembered` is a signed checkpoint that someone kept, `vkey` the key under which it is to be read. What does not
    hold is in the report. Raises EmptyLogError, and MalformedKeyError for the key given.
    """
    given = parse_vkey(vkey) if vkey else None
    report = Report(what=str(reader.path))
    head = reader.head()
    if head.size == 0 and next(iter(reader.feed(upto=1)), None) is None:
        raise EmptyLogError("the ledger is empty: there is nothing to verify", advice="record something first")
    report.size, report.root = head.size, head.root
    memory = _memory(reader, report, remembered, given)
    reading = _LogWalk(reader, report, {head.size, *(size for size, _, _ in memory)})
    # Past the head, too: an event that the head does not count must not go unseen.
    feed = reader.feed(upto=max(head.size, 1) + CHUNK, batch=CHUNK)
    for run, chunk in chunks(as_stored(feed), None, processes=processes):
        reading.take(run, chunk)
        if progress:
            progress(len(run))
    report.events = reading.frontier.size
    reading.end()
    _check_memory(reading, memory, report)
    _check_documents(reader, reading.documents, report)
    if not memory:
        report.not_checked.append(_NO_MEMORY)
    elif remembered is None:
        report.not_checked.append(_ONLY_OWN)
    report.not_checked += _NOT_CHECKED
    return report


_Kept = tuple[int, str, str]
"""Size, root and description of a checkpoint that the log must extend."""


def _memory(reader: LedgerReader, report: Report, remembered: bytes | None, given: VerifierKey | None) -> list[_Kept]:
    """Collect the checkpoints that the log must extend, each with its signature checked."""
    folder = audit_folder(reader.path)
    kept: list[_Kept] = []
    try:
        keys = folder.known_keys()
        for one in folder.checkpoints():
            kept += _opened(one, report)
        report.origin = folder.verifier().name if folder.has_key() else ""
    except MemoryDamagedError as error:
        report.failed("memory", error.message)
        return kept
    if remembered is not None:
        try:
            checkpoint = open_checkpoint(remembered, [given] if given else keys)
            kept.append((checkpoint.size, checkpoint.root.hex(), "the checkpoint given"))
        except VerificationError as error:
            report.failed("remembered checkpoint", error.message)
    return kept


def _opened(one: Remembered, report: Report) -> list[_Kept]:
    """Check that a remembered checkpoint is one, and says what was noted beside it."""
    try:
        checkpoint = open_checkpoint(one.note, [parse_vkey(one.vkey)])
    except VerificationError as error:
        report.failed("memory", f"the checkpoint remembered on {one.at} does not hold: {error.message}")
        return []
    if (checkpoint.size, checkpoint.root.hex()) != (one.size, one.root):
        report.failed("memory", f"the checkpoint remembered on {one.at} says something else than is noted beside it")
    return [(checkpoint.size, checkpoint.root.hex(), f"the checkpoint of {one.at} ({one.kind})")]


class _LogWalk:
    """One reading of the log beside its index."""

    def __init__(self, reader: LedgerReader, report: Report, sizes: set[int]) -> None:
        self._reader = reader
        self._report = report
        self._sizes = sizes
        self._last_at = ""
        self._keys: set[int] = set()
        self._problem: BadLine | None = None
        self._index_problem: BadLine | None = None
        self._node_problem: BadLine | None = None
        self.roots: dict[int, str] = {}
        self.documents: dict[str, int] = {}
        self.frontier = Frontier()

    def take(self, run: list[Line], chunk: Chunk) -> None:
        """Take one run of events."""
        start = self.frontier.size
        self._look_at_order(run, chunk, start)
        self._problem = self._problem or chunk.problem
        self._look_at_index(run, chunk, start)
        self._grow(chunk.hashes, start)
        self.documents.update(chunk.documents)
        self._last_at = chunk.last_at or self._last_at

    def _look_at_order(self, run: list[Line], chunk: Chunk, start: int) -> None:
        if self._problem is not None:
            return
        missing = next((n for n, (position, _) in enumerate(run, start + 1) if position != n), None)
        if missing is not None:
            self._problem = BadLine(missing, self._key(missing), "is missing")
        elif chunk.first_at and chunk.first_at < self._last_at:
            self._problem = BadLine(run[0][0], "", f"was recorded at {chunk.first_at}, before the one in front of it")
        before = len(self._keys)
        self._keys.update(chunk.marks)
        if self._problem is None and len(self._keys) != before + len(chunk.marks):
            self._problem = BadLine(run[0][0], "", "a key of this or one of the next events was there before")

    def _look_at_index(self, run: list[Line], chunk: Chunk, start: int) -> None:
        """Compare the stored hashes, which the tree is made of, with those of the events."""
        stored = self._reader.leaf_hashes(start, start + len(run))
        if stored != chunk.hashes and self._index_problem is None:
            place = next((n for n, (a, b) in enumerate(zip(stored, chunk.hashes, strict=False)) if a != b), len(stored))
            position = start + place + 1
            what = "the event does not have the leaf hash it was recorded with"
            self._index_problem = BadLine(position, self._key(position), what)

    def _key(self, position: int) -> str:
        """Return the key that the index has for a position."""
        entry = next(self._reader.entries(after=position - 1, upto=position), None)
        return entry.key if entry else ""

    def _grow(self, hashes: list[bytes], start: int) -> None:
        """Grow the tree, look at its root at every remembered size, and at the nodes that are stored of it."""
        cuts = sorted(size - start for size in self._sizes if start < size <= start + len(hashes))
        done = 0
        for cut in [*cuts, len(hashes)]:
            for level, place, node in self.frontier.extend(hashes[done:cut]):
                stored = self._reader.stored_nodes(level, place, place + 1)
                if stored != [node] and self._node_problem is None:
                    position = (place << level) + 1
                    self._node_problem = BadLine(
                        position, "", f"a stored node over {1 << level} events from it is wrong"
                    )
            done = cut
            if self.frontier.size in self._sizes:
                self.roots[self.frontier.size] = self.frontier.root().hex()

    def end(self) -> None:
        """Note how it went."""
        report, count = self._report, self.frontier.size
        if self._problem is not None:
            key = f" ({self._problem.key})" if self._problem.key else ""
            report.failed("events", f"event {self._problem.position}{key}: {self._problem.what}", line=self._problem)
        else:
            said = f"{count:,} events are canonical JSON, in order and without gaps, and recorded_at never decreases"
            report.ok("events", said)
        for name, problem in (("leaf hashes", self._index_problem), ("tree", self._node_problem)):
            if problem is None:
                report.ok(name, "what is stored is what the events amount to")
            else:
                report.failed(name, f"event {problem.position}: {problem.what}", line=problem)
        head = self._reader.head()
        root = self.roots.get(report.size)
        if count < report.size or root != report.root:
            said = f"{count:,} events with the root {root}, but the ledger says {report.size:,} and {report.root}"
            report.failed("root", said)
        elif count > report.size and head.size == report.size:
            report.failed("root", f"there are {count:,} events, but the ledger counts only {report.size:,}")
        else:
            report.ok("root", f"recomputed from every event, it is that of the ledger: {root}")


def _check_memory(reading: _LogWalk, memory: list[_Kept], report: Report) -> None:
    """Hold the log against every remembered checkpoint."""
    name = "remembered checkpoints"
    wrong = [
        f"{said} vouches for {size:,} events, but there are {reading.frontier.size:,}: the log was rolled back"
        if size > reading.frontier.size
        else f"{said} vouches for {size:,} events with the root {root}, but they have {reading.roots.get(size)}: "
        "the log was rewritten"
        for size, root, said in memory
        if reading.roots.get(size) != root
    ]
    if wrong:
        report.failed(name, wrong[0] + (f"; and {len(wrong) - 1} more" if len(wrong) > 1 else ""))
    elif memory:
        report.ok(name, f"the log extends each of {len(memory)}")
    else:
        report.absent(name, "there are none")


def _check_documents(reader: LedgerReader, documents: dict[str, int], report: Report) -> None:
    absent: list[str] = []
    altered: list[str] = []
    for digest in sorted(documents):
        try:
            place = reader.document(digest)
        except DocumentNotFoundError:
            absent.append(digest)
            continue
        found = sha256()
        with place.open("rb") as file:
            while block := file.read(1 << 20):
                found.update(block)
        if found.hexdigest() != digest:
            altered.append(digest)
    if altered:
        report.failed("documents", f"{altered[0]} was altered after it was stored")
    elif len(documents) > len(absent):
        report.ok("documents", f"{len(documents) - len(absent):,} have the SHA-256 under which they were recorded")
    if absent:
        report.absent("documents", f"{len(absent):,} of {len(documents):,} are not there any more, {absent[0]} first")
