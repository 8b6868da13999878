"""Finds and reads the inputs of an import: files, folders and standard input, each in its format."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from events.errors import BadInputError
from ledger.intake.csv_header import DELIMITERS
from ledger.intake.csv_table import csv_rows
from ledger.intake.folders import SUFFIXES, files_in
from ledger.intake.input_errors import InputNotFoundError, NoEventsError, UnknownFormatError
from ledger.intake.json_document import json_document_rows
from ledger.intake.json_lines import json_line_rows
from ledger.intake.located import Located, Rejected, Row, rejected
from ledger.intake.rows import InputDefaults

__all__ = ["FORMATS", "or_nothing", "read", "read_rows"]

FORMATS = ("jsonl", "json", "yaml", "csv", "tsv")

_SNIFFED = 65_536


def read(
    sources: Iterable[str | Path], reading: InputDefaults | None = None, *, format_name: str | None = None
) -> list[Located]:
    """Read every event of the sources into memory. Raises BadInputError with every row that is not one."""
    rows = list(read_rows(sources, reading, format_name=format_name))
    rejected = [row for row in rows if isinstance(row, Rejected)]
    if rejected:
        findings = [finding for row in rejected for finding in row.findings]
        raise BadInputError(findings, rows=sum(bool(row.findings) for row in rejected))
    return [row for row in rows if isinstance(row, Located)]


def read_rows(
    sources: Iterable[str | Path],
    reading: InputDefaults | None = None,
    *,
    format_name: str | None = None,
    stdin: BinaryIO | None = None,
    tell: Callable[[str], None] | None = None,
) -> Iterator[Row]:
    """Yield the rows of the sources one by one: of files, of all files of a known format in folders, or `-` for stdin.

    `format_name` is one of FORMATS; without it the name of a file or the beginning of the input decides. A source with
    nothing in it gives one bad row that says so; `tell` is told in a sentence what a folder holds that is passed by.
    Raises InputNotFoundError, NoEventsError or UnknownFormatError.
    """
    if format_name is not None and format_name not in FORMATS:
        raise UnknownFormatError(f"unknown format {format_name!r}", advice=f"formats: {', '.join(FORMATS)}")
    how = reading or InputDefaults()
    for source in sources:
        if str(source) == "-":
            yield from or_nothing("stdin", _rows("stdin", stdin or sys.stdin.buffer, format_name, how))
        elif Path(source).is_dir():
            yield from _folder_rows(Path(source), format_name, how, tell or (lambda _: None))
        else:
            yield from or_nothing(str(source), _file_rows(Path(source), format_name, how))


def _folder_rows(
    folder: Path, format_name: str | None, reading: InputDefaults, tell: Callable[[str], None]
) -> Iterator[Row]:
    """Yield the rows of all files in a folder; files that hold none are told of, a folder that holds none is refused."""
    found = files_in(folder)
    some = False
    for path in found.files:
        any_here = False
        for row in _file_rows(path, format_name, reading):
            some = any_here = True
            yield row
        if not any_here:
            found.passed_by.insert(0, (path, "holds no event"))
    if found.passed_by:
        tell(found.passed_by_text())
    if not some:
        raise NoEventsError(
            f"{folder} holds no event: nothing was read",
            advice=f"events are in files named *{', *'.join(SUFFIXES)}; others are read where they are named one by one",
        )


def _file_rows(path: Path, format_name: str | None, reading: InputDefaults) -> Iterator[Row]:
    try:
        if path.is_char_device() or path.is_block_device():
            raise InputNotFoundError(f"{path} is a device and no file", advice="`-` reads standard input")
        with path.open("rb") as handle:
            yield from _rows(str(path), handle, format_name or SUFFIXES.get(path.suffix.lower()), reading)
    except (OSError, ValueError) as error:  # a name with a NUL in it is no name for the system
        said = error.strerror if isinstance(error, OSError) else "it has a character that no name may have"
        raise InputNotFoundError(f"{path} cannot be read: {said}", advice="check the path") from None


def or_nothing(file: str, rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows, or one that says that there are none."""
    first = next(rows, None)
    if first is None:
        what = "holds no event: it is empty, or has only a header, a comment or an empty list; nothing was read"
        yield rejected(file, 1, what, field="file", advice="check that it is the file you mean, and whole")
        return
    yield first
    yield from rows


def _rows(file: str, handle: BinaryIO, format_name: str | None, reading: InputDefaults) -> Iterator[Row]:
    first = b""
    if format_name is None:
        first = handle.read(_SNIFFED)
        format_name = _sniffed(first)
    if format_name == "jsonl":
        yield from json_line_rows(file, _lines(first, handle), reading)
        return
    data = first + handle.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield rejected(file, line, f"is not UTF-8 text at byte {error.start + 1}", advice="save the file as UTF-8")
        return
    if format_name == "json":
        yield from json_document_rows(file, text, reading)
    elif format_name == "yaml":
        from ledger.intake.yaml_documents import yaml_rows

        yield from yaml_rows(file, text, reading)
    else:
        yield from csv_rows(file, text, reading, delimiter="\t" if format_name == "tsv" else ",")


def _lines(first: bytes, rest: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of what was read already and of the rest."""
    if first:
        *whole, begun = first.split(b"\n")
        yield from (line + b"\n" for line in whole)
        yield begun + rest.readline()
    yield from rest


def _sniffed(first: bytes) -> str:
    """Tell the format by the first bytes."""
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    line = start.split(b"\n", 1)[0].rstrip()
    if start.startswith(b"{"):
        return "jsonl" if line.endswith(b"}") else "json"
    if start.startswith(b"["):
        return "json"
    if b":" in line and not line.startswith(b"sep="):
        return "yaml"
    if b"\t" in line:
        return "tsv"
    return "csv" if any(mark.encode() in line for mark in DELIMITERS) or line.startswith(b"sep=") else "yaml"
