"""One reading of a bundle's events: the root, the order, and whether everything else in the bundle says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count, islice

from ledger.bundle.chunks import CHUNK, BadLine, Chunk, Line, chunks, key_in
from ledger.bundle.facts import facts_header
from ledger.bundle.package import Package
from ledger.bundle.prov import STREAMS, ProvStreams, layout
from ledger.bundle.texts import PROOF_DIGITS
from ledger.memory.errors import BundleUnreadableError
from ledger.proof.checkpoint import Checkpoint, parse_receipt
from ledger.proof.errors import VerificationError
from ledger.proof.merkle import Frontier, verify_inclusion
from ledger.verify.compared import Compared, Hashing
from ledger.verify.ranges import ranges_of, read_in_place
from ledger.verify.report import Report

__all__ = ["Expected", "LinesRead", "read_lines"]

LINE_BYTES_MAX = 1 << 22
_RECEIPT_BYTES_MAX = 1 << 16


@dataclass(frozen=True)
class Expected:
    """What the lines are held against: the checkpoint, the positions of a part (None: the whole log), an older size."""

    checkpoint: Checkpoint
    note: bytes
    positions: list[int] | None
    older_size: int | None = None


@dataclass
class LinesRead:
    """What one reading of the events yielded; `root` is over all lines, `older_root` over those of the older size."""

    count: int = 0
    root: bytes = b""
    older_root: bytes | None = None
    marks: set[int] = field(default_factory=set)
    documents: dict[str, int] = field(default_factory=dict)
    problem: BadLine | None = None


def _line_runs(package: Package, positions: Iterator[int]) -> Iterator[list[Line]]:
    """Yield the lines of `events.jsonl` in runs. Raises BundleUnreadableError for a line without an end."""
    rest = b""
    lines: list[bytes] = []
    for block in package.blocks("data/events.jsonl"):
        *whole, rest = (rest + block).split(b"\n")
        lines += whole
        if len(rest) > LINE_BYTES_MAX:
            raise BundleUnreadableError("events.jsonl: a line is longer than any event", advice="get the bundle anew")
        while len(lines) >= CHUNK:
            yield list(zip(islice(positions, CHUNK), lines[:CHUNK], strict=True))
            del lines[:CHUNK]
    if lines:
        yield list(zip(islice(positions, len(lines)), lines, strict=True))
    if rest:
        raise BundleUnreadableError("events.jsonl is cut off: its last line has no end", advice="get the bundle anew")


def _positions(expected: Expected) -> Iterator[int]:
    """Yield a position for each line: as the scope says, past its end by counting on; the count is judged by itself."""
    given = expected.positions or []
    yield from given
    yield from count(given[-1] + 1 if given else 1)


def read_lines(
    package: Package,
    expected: Expected,
    report: Report,
    *,
    processes: int = 1,
    progress: Callable[[int], None] | None = None,
) -> LinesRead:
    """Read the events once and note every check on them in the report.

    A long whole log that is as it must be is read the fast way; any other, and any bundle that is found wanting there,
    line by line.
    """
    if processes > 1 and expected.positions is None:
        fast = _read_fast(package, expected, report, processes, progress)
        if fast is not None:
            return fast
    read = LinesRead()
    reading = _LinesWalk(package, expected, report, read)
    try:
        with ExitStack() as stack:
            reading.open(stack)
            runs = _line_runs(package, _positions(expected))
            for run, chunk in chunks(runs, expected.checkpoint.origin, processes=processes):
                reading.take(run, chunk)
                if progress:
                    progress(len(run))
            read.root = reading.frontier.root()
            reading.end()
    except BundleUnreadableError as error:
        report.failed("lines", error.message)
        read.problem = read.problem or BadLine(read.count + 1, "", error.message)
    return read


def _read_fast(
    package: Package, expected: Expected, report: Report, processes: int, progress: Callable[[int], None] | None
) -> LinesRead | None:
    """Read the events in place; None, with nothing noted, where anything is not as it must be."""
    ranges = ranges_of(package)
    if ranges is None:
        return None
    trial, read = Report(report.what), LinesRead()
    reading = _LinesWalk(package, expected, trial, read)
    for first, lines, chunk in read_in_place(ranges, expected.checkpoint.origin, processes=processes):
        if chunk is None:
            return None
        reading.take([(first, b"")] * lines, chunk)
        if progress:
            progress(lines)
    read.root = reading.frontier.root()
    reading.end()
    if trial.failures:
        return None
    report.checks += trial.checks
    return read


class _LinesWalk:
    """The state of one reading."""

    def __init__(self, package: Package, expected: Expected, report: Report, read: LinesRead) -> None:
        self._package = package
        self._expected = expected
        self._report = report
        self._read = read
        self._hashing = {stream: Hashing() for stream in STREAMS}
        self._prov = ProvStreams(self._hashing)
        self._last_at = ""
        self._proof_problem: BadLine | None = None
        self._twice: BadLine | None = None
        self.frontier = Frontier()
        # Without `open` these two were compared elsewhere, and there is nothing more of them to come.
        self._facts = Compared("facts.csv", BytesIO())
        self._cloud = Compared("cloudevents.jsonl", BytesIO())

    def open(self, stack: ExitStack) -> None:
        """Open what is read along."""
        files = {
            name: stack.enter_context(self._package.open(f"data/{name}")) if f"data/{name}" in self._package else None
            for name in ("facts.csv", "cloudevents.jsonl")
        }
        self._facts = Compared("facts.csv", files["facts.csv"])
        self._cloud = Compared("cloudevents.jsonl", files["cloudevents.jsonl"])
        self._facts.begin(facts_header())

    def take(self, run: list[Line], chunk: Chunk) -> None:
        """Take one run of lines."""
        read = self._read
        if self._expected.positions is None:
            self._hash(chunk.hashes)
        else:
            self._check_proofs(run, chunk.hashes)
        if read.problem is None and chunk.first_at and chunk.first_at < self._last_at:
            read.problem = BadLine(
                run[0][0],
                key_in(run[0][1]),
                f"was recorded at {chunk.first_at}, before the event in front of it ({self._last_at})",
            )
        if read.problem is None:
            self._compare(run, chunk)
            read.problem = chunk.problem
        self._last_at = chunk.last_at or self._last_at
        read.count += len(run)
        read.documents.update(chunk.documents)
        before = len(read.marks)
        read.marks.update(chunk.marks)
        if len(read.marks) != before + len(chunk.marks) and self._twice is None:
            self._twice = BadLine(run[0][0], "", "a key of this or one of the next lines was there before")

    def _compare(self, run: list[Line], chunk: Chunk) -> None:
        self._facts.compare(chunk.facts, run)
        self._cloud.compare(chunk.cloud, run)
        self._prov.add(chunk.prov)

    def _hash(self, hashes: list[bytes]) -> None:
        """Grow the tree, stopping at the older size to look at the root there."""
        older = self._expected.older_size
        until = older - self.frontier.size if older is not None else -1
        if 0 <= until <= len(hashes) and self._read.older_root is None:
            self.frontier.extend(hashes[:until])
            self._read.older_root = self.frontier.root()
            hashes = hashes[until:]
        self.frontier.extend(hashes)

    def _check_proofs(self, run: list[Line], hashes: list[bytes]) -> None:
        for (position, line), leaf in zip(run, hashes, strict=True):
            what = self._proof_fault(position, leaf)
            if what and self._proof_problem is None:
                self._proof_problem = BadLine(position, key_in(line), what)

    def _proof_fault(self, position: int, leaf: bytes) -> str:
        """Say what is wrong with the proof of one line, or nothing."""
        name = f"data/proofs/{position:0{PROOF_DIGITS}d}.tlog-proof"
        if name not in self._package:
            return "has no proof"
        try:
            receipt = parse_receipt(self._package.read(name, most=_RECEIPT_BYTES_MAX))
            if receipt.checkpoint != self._expected.note:
                return "its proof is for another checkpoint"
            if receipt.index != position - 1:
                return f"its proof is for index {receipt.index}"
            checkpoint = self._expected.checkpoint
            verify_inclusion(
                leaf=leaf, index=receipt.index, size=checkpoint.size, proof=receipt.proof, root=checkpoint.root
            )
        except VerificationError as error:
            return error.message
        return ""

    def end(self) -> None:
        """Note how it went, the lines first, then what was read along."""
        report, read = self._report, self._read
        if read.problem is not None:
            where = f"event {read.problem.position}" + (f" ({read.problem.key})" if read.problem.key else "")
            report.failed("lines", f"{where}: {read.problem.what}", line=read.problem)
        else:
            report.ok("lines", f"{read.count:,} lines are canonical JSON, and recorded_at never decreases")
        if self._twice is not None:
            report.failed("keys", self._twice.what, line=self._twice)
        self._end_proofs()
        self._facts.end(report, events=read.count, bad=read.problem)
        self._cloud.end(report, events=read.count, bad=read.problem)
        self._end_prov()

    def _end_proofs(self) -> None:
        positions = self._expected.positions
        if positions is None:
            return
        strays = len(self._package.names("data/proofs/")) - self._read.count
        if self._proof_problem is not None:
            bad = self._proof_problem
            self._report.failed("inclusion proofs", f"event {bad.position}: {bad.what}", line=bad)
        elif self._read.count != len(positions) or strays:
            said = (
                f"{self._read.count:,} lines and {self._read.count + strays:,} proofs for {len(positions):,} positions"
            )
            self._report.failed("inclusion proofs", said)
        else:
            self._report.ok("inclusion proofs", f"each of {self._read.count:,} lines stands in the log at its position")

    def _end_prov(self) -> None:
        name = "prov.json = events.jsonl"
        if "data/prov.json" not in self._package:
            self._report.failed(name, "prov.json is not there")
        elif self._read.problem is not None:
            self._report.absent(name, "could not be compared, because a line is not as it must be")
        else:
            different = self._prov_difference()
            if different:
                self._report.failed(name, f"its part {different!r} is not what events.jsonl says")
            else:
                self._report.ok(name, f"says the same as each of {self._read.count:,} events")

    def _prov_difference(self) -> str:
        """Read `prov.json` along its layout; gives the name of the first part that differs, or nothing."""
        with self._package.open("data/prov.json") as file:
            section = "prefix"
            for piece in layout(self._expected.checkpoint.origin, self._prov.begun):
                if isinstance(piece, bytes):
                    if file.read(len(piece)) != piece:
                        return section
                    continue
                section, wanted, found = piece, self._hashing[piece], Hashing()
                while found.size < wanted.size and (block := file.read(min(1 << 20, wanted.size - found.size))):
                    found.write(block)
                if found.digest.digest() != wanted.digest.digest():
                    return section
            return "end" if file.read(1) else ""
