"""The head of a table: which character parts its cells, and which field each column stands for.

What is wrong with a column is said once for the table and not for each row of it.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from io import StringIO

from events.base import Event
from events.errors import Finding, suggestion
from events.registry import TYPES
from events.spelling import field_path, field_paths, plain_spelling, required_fields
from events.type_names import short_type, type_advice
from ledger.intake.rows import InputDefaults, shown

__all__ = ["DELIMITERS", "Header", "delimiter_of"]

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

# Looking for a likely spelling takes time; a table with more wrong columns than these is of another kind altogether.
_NAMED_MAX = 20
_LOOKED_AT = 50
_COLUMNS_MAX = 2_000
_SEP_LINE = re.compile(r"\ufeff?sep=(.)\r?\n")


def delimiter_of(text: str, default: str) -> tuple[str, int]:
    """Return what parts the cells of a table, and how many lines before its head say so (`sep=;` of a spreadsheet).

    The character that makes most fields of the first line counts, and of equal ones the one that makes most cells.
    """
    said = _SEP_LINE.match(text)
    if said:
        return said[1], 1
    line = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    marks = [default, *(mark for mark in DELIMITERS if mark != default)]
    return max(marks, key=lambda mark: _fit(line, mark)), 0


def _fit(line: str, delimiter: str) -> tuple[int, int]:
    try:
        cells = next(csv.reader(StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        return 0, 0
    return sum(map(_known_anywhere, cells[:_LOOKED_AT])), len(cells)


@lru_cache(maxsize=4_096)
def _path(type_name: str, written: str) -> str | None:
    return field_path(TYPES[type_name], written)


def _known_anywhere(written: str) -> bool:
    return bool(written.strip()) and any(_path(name, written) for name in TYPES)


class Header:
    """The columns of one table; `fatal` where no row can be read by them."""

    def __init__(self, file: str, line: int, cells: list[str], delimiter: str, reading: InputDefaults) -> None:
        self.file = file
        self.line = line
        self.cells = [cell.strip().strip("\ufeff").strip() for cell in cells]
        self.delimiter = delimiter
        self._reading = reading
        self._type_at = next((at for at, cell in enumerate(self.cells) if plain_spelling(cell[:20]) == "type"), None)
        self._columns: dict[str, dict[int, str | None]] = {}
        self._missing: dict[str, list[str]] = {}
        self._wrong: dict[str, str] = {}
        self._fatal = list(self._unreadable())

    @property
    def fatal(self) -> bool:
        """Whether no row can be read."""
        return bool(self._fatal)

    def type_in(self, filled: Mapping[int, str]) -> str | None:
        """Return the type that a row names, as it is written."""
        return filled.get(self._type_at) if self._type_at is not None else None

    def texts(self, type_name: str | None, filled: Mapping[int, str]) -> dict[str, str | list[str]]:
        """Return the cells of a row by field; cells under headers that are none of its type are remembered as wrong."""
        if type_name is None:  # of which nothing is known but what all types have
            common = ((field_path(Event, self.cells[at]), text) for at, text in filled.items())
            return {path: text for path, text in common if path is not None}
        columns = self._columns_of(type_name)
        texts: dict[str, str | list[str]] = {}
        for at, text in filled.items():
            path = columns[at]
            if path is None:
                self._wrong.setdefault(self.cells[at], type_name)
            else:
                texts[path] = text
        return texts

    def explains(self, type_name: str | None, found: Finding) -> bool:
        """Tell whether a row's finding follows from a column that is not there, which is said of the head."""
        return found.what == "is required" and found.field in self._missing.get(str(type_name), ())

    def findings(self) -> list[Finding]:
        """Return what is wrong with the head, as far as the rows that were read show it."""
        if self._fatal:
            return self._fatal
        wrong = list(self._wrong.items())
        found = [self._unknown(cell, name) for cell, name in wrong[:_NAMED_MAX]]
        if len(wrong) > _NAMED_MAX:
            found.append(self._finding("header", f"has {len(wrong) - _NAMED_MAX} more columns that are no fields"))
        meant = {(name, _meant(cell, name)) for cell, name in wrong[:_NAMED_MAX]}
        for name, fields in self._missing.items():
            lacking = [field for field in fields if (name, field) not in meant]
            if lacking:
                found.append(
                    self._finding("header", f"has no column for {', '.join(lacking)}, which {_one(name)} needs")
                )
        if found:
            names = sorted({name for _, name in wrong} | {name for name, fields in self._missing.items() if fields})
            advice = "\n    ".join(filter(None, (found[-1].advice, *map(_expected, names[:3]))))
            found[-1] = replace(found[-1], advice=advice)
        return found

    def _columns_of(self, type_name: str) -> dict[int, str | None]:
        if type_name not in self._columns:
            columns = {at: _path(type_name, cell) for at, cell in enumerate(self.cells)}
            given = (
                {path.partition(".")[0] for path in columns.values() if path} | set(self._reading.defaults) | {"type"}
            )
            self._columns[type_name] = columns
            self._missing[type_name] = [name for name in required_fields(TYPES[type_name]) if name not in given]
        return self._columns[type_name]

    def _unreadable(self) -> Iterator[Finding]:
        if len(self.cells) > _COLUMNS_MAX:
            yield self._finding("header", f"has {len(self.cells)} columns, far more than any event has fields")
            return
        if not any(map(_known_anywhere, self.cells)):
            parted = DELIMITERS.get(self.delimiter, repr(self.delimiter))
            shown_cells = ", ".join(shown(cell) for cell in self.cells[:10]) + (", …" if len(self.cells) > 10 else "")  # noqa: PLR2004 - enough to recognise it
            what = f"none of the columns is a field of an event; found {len(self.cells)}, parted by {parted}: {shown_cells}"
            wanted = _expected(self._reading.type_name) if self._reading.type_name else _EXAMPLE
            yield self._finding("header", what, wanted)
            return
        counts = Counter(plain_spelling(cell) for cell in self.cells if cell)
        twice = {cell for cell in self.cells if cell and counts[plain_spelling(cell)] > 1}
        if twice:
            yield self._finding(", ".join(sorted(twice)), "heads two columns", "rename one of them")
        if self._type_at is None and self._reading.type_name is None:
            advice = f"add one, or name the type of all rows with --type; {type_advice('')}"
            yield self._finding("type", "is required, and no column is headed so", advice)
            for cell in [cell for cell in self.cells if cell and not _known_anywhere(cell)][:_NAMED_MAX]:
                yield self._unknown(cell, None)

    def _unknown(self, cell: str, type_name: str | None) -> Finding:
        """Say that a header is no field, and which was probably meant."""
        what = f"is no field of {_one(type_name)}" if type_name else "is no field of any event"
        return self._finding(shown(cell), what, self._advice(cell, type_name))

    def _advice(self, cell: str, type_name: str | None) -> str:
        meant = _meant(cell, type_name)
        whole, _, part = (meant or "").rpartition(".")
        columns = self._columns.get(str(type_name), {}).values()
        if part == "currency" and whole in columns:
            return f"write both in one cell of {whole}, as 100 EUR, or in the columns {whole}.value and {meant}"
        return f"did you mean '{meant}'?" if meant else ""

    def _finding(self, field: str, what: str, advice: str = "") -> Finding:
        return Finding(self.file, self.line, field, what, "", "UnknownFieldError", advice)


_EXAMPLE = "the first line names the fields, such as: type,announced_on,deal,leg,amount; see `deals schema TYPE`"


def _one(type_name: str) -> str:
    return f"the type {short_type(type_name)}"


@lru_cache(maxsize=512)
def _meant(cell: str, type_name: str | None) -> str | None:
    """Return the field that was probably meant: one of that very name within a group, or one that is spelled like it."""
    types = [type_name] if type_name else list(TYPES)
    plain: dict[str, str] = {}
    for path in (path for name in types for path in field_paths(TYPES[name])):
        plain.setdefault(plain_spelling(path), path)
    wanted = plain_spelling(cell[:80])
    parts = [path for path in plain.values() if plain_spelling(path.rpartition(".")[2]) == wanted]
    whole = [path for path in parts if not any(part.isdigit() for part in path.split("."))]
    near = re.search("'(.*)'", suggestion(wanted, plain))
    return next(iter(whole), None) or (plain[near[1]] if near else next(iter(parts), None))


def _expected(type_name: str) -> str:
    fields = [name for name in TYPES[type_name].model_fields if name != "type"]
    return f"columns of {_one(type_name)}: type, {', '.join(fields)}"
