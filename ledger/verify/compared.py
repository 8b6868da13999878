"""A file of a bundle held against what it must be: line by line as it is read along, or by its digest at the end."""

from __future__ import annotations

from hashlib import sha256
from typing import IO, TYPE_CHECKING

from ledger.bundle.chunks import BadLine, Line, key_in

if TYPE_CHECKING:
    from ledger.verify.report import Report

__all__ = ["Compared", "Hashing"]


class Hashing:
    """A sink that keeps a digest and a length of what it is given."""

    def __init__(self) -> None:
        self.digest = sha256()
        self.size = 0

    def write(self, content: bytes) -> None:
        """Take more bytes."""
        self.digest.update(content)
        self.size += len(content)


class Compared:
    """A file of the bundle that is read along and must have the bytes that the events amount to."""

    def __init__(self, name: str, file: IO[bytes] | None) -> None:
        self.name = name
        self._file = file
        self.problem: BadLine | None = None
        self.different = ""

    def begin(self, header: bytes) -> None:
        """Compare the header, if the file is there."""
        if self._file is not None and self._file.read(len(header)) != header:
            self.different = "the first line does not name the columns of this version"

    def compare(self, expected: bytes, run: list[Line]) -> None:
        """Compare the lines of one run."""
        if self._file is None or self.different:
            return
        found = self._file.read(len(expected))
        if found == expected:
            return
        pairs = zip(expected.split(b"\n"), found.split(b"\n"), strict=False)
        same = next((n for n, (one, other) in enumerate(pairs) if one != other), found.count(b"\n"))
        position, leaf = run[min(same, len(run) - 1)]
        self.different = f"the line of event {position} is not what events.jsonl says"
        self.problem = BadLine(position, key_in(leaf), f"{self.name} and events.jsonl disagree")

    def end(self, report: Report, *, events: int, bad: BadLine | None) -> None:
        """Note how the comparison went."""
        name = f"{self.name} = events.jsonl"
        if self._file is None:
            report.failed(name, f"{self.name} is not there")
        elif bad is not None and not self.different:
            report.absent(name, f"could be compared only up to event {bad.position}, which is not as it must be")
        elif not self.different and self._file.read(1):
            report.failed(name, "there is more in it than events.jsonl says")
        elif self.different:
            line = self.problem
            report.failed(name, self.different, line=line)
        else:
            report.ok(name, f"says the same as each of {events:,} events")
