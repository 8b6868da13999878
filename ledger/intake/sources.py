"""Finds and reads the inputs of an import: files, folders and standard input, each in its format."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from events.errors import BadInputError
from ledger.intake.csv_table import csv_rows
from ledger.intake.input_errors import InputNotFoundError, NoEventsError, UnknownFormatError
from ledger.intake.json_document import json_document_rows
from ledger.intake.json_lines import json_line_rows
from ledger.intake.located import Located, Rejected, Row, rejected
from ledger.intake.rows import Reading

__all__ = ["FORMATS", "read", "read_rows"]

FORMATS = ("jsonl", "json", "yaml", "csv", "tsv")

_BY_SUFFIX = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".tsv": "tsv",
}
_SNIFFED = 65_536


def read(
    sources: Iterable[str | Path], reading: Reading | None = None, *, format_name: str | None = None
) -> list[Located]:
    """Read every event of the sources into memory. Raises BadInputError with every row that is not one."""
    rows = list(read_rows(sources, reading, format_name=format_name))
    findings = [finding for row in rows if isinstance(row, Rejected) for finding in row.findings]
    if findings:
        raise BadInputError(findings)
    return [row for row in rows if isinstance(row, Located)]


def read_rows(
    sources: Iterable[str | Path],
    reading: Reading | None = None,
    *,
    format_name: str | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Row]:
    """Give the rows of the sources one by one: of files, of all files of a known format in folders, or `-` for stdin.

    `format_name` is one of FORMATS; without it the name of a file or the beginning of the input decides.
    Raises InputNotFoundError, NoEventsError or UnknownFormatError.
    """
    if format_name is not None and format_name not in FORMATS:
        raise UnknownFormatError(f"unknown format {format_name!r}", advice=f"formats: {', '.join(FORMATS)}")
    for source in sources:
        if str(source) == "-":
            yield from _rows("stdin", stdin or sys.stdin.buffer, format_name, reading or Reading())
            continue
        for path in _files(Path(source)):
            try:
                with path.open("rb") as handle:
                    yield from _rows(
                        str(path), handle, format_name or _BY_SUFFIX.get(path.suffix.lower()), reading or Reading()
                    )
            except OSError as error:
                raise InputNotFoundError(f"{path} cannot be read: {error.strerror}", advice="check the path") from None


def _files(source: Path) -> list[Path]:
    """Give a file, or the files of known formats anywhere in a folder, by name."""
    if not source.is_dir():
        return [source]
    found = sorted(path for path in source.rglob("*") if path.suffix.lower() in _BY_SUFFIX and path.is_file())
    if not found:
        raise NoEventsError(
            f"{source} holds no file of events", advice=f"events are in files named *{', *'.join(_BY_SUFFIX)}"
        )
    return found


def _rows(file: str, handle: BinaryIO, format_name: str | None, reading: Reading) -> Iterator[Row]:
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
    """Give the lines of what was read already and of the rest."""
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
    if b"\t" in line and b":" not in line:
        return "tsv"
    return "csv" if b"," in line and b":" not in line else "yaml"
