"""Reads a JSON document: one event, several one after the other, or a list of them, laid out over lines at will."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import NoReturn

from ledger.intake.json_lines import field_group, stands_twice
from ledger.intake.located import Rejected, Row, rejected
from ledger.intake.rows import NO_NUMBER, InputDefaults, row_of, shown, shown_at

__all__ = ["json_document_rows"]

_BLANK = " \t\r\n"


def json_document_rows(file: str, text: str, reading: InputDefaults) -> Iterator[Row]:
    """Yield a row for each event; after what is not JSON nothing more can be read."""
    twice: list[str] = []
    decoder = json.JSONDecoder(object_pairs_hook=partial(field_group, twice), parse_constant=_refuse_constant)
    place, line, counted = _skip(text, 0, _BLANK), 1, 0
    listed = text[place : place + 1] == "["
    separators = _BLANK + "," if listed else _BLANK
    place = _skip(text, place + listed, separators)
    while place < len(text):
        line, counted = line + text.count("\n", counted, place), place
        if listed and text[place] == "]":
            break
        try:
            raw, place = decoder.raw_decode(text, place)
        except (RecursionError, ValueError) as error:
            yield _not_json(file, line, text, place, error)
            return
        yield _row(file, line, raw, twice, reading)
        twice.clear()
        place = _skip(text, place, separators)
    rest = text[place + listed :].strip()
    if listed and (rest or place >= len(text)):
        what = "stands after the end of the list" if rest else "is a list without its closing bracket"
        yield rejected(file, line, what, got=shown(rest))


class _NoNumberError(ValueError):
    """The document holds NaN or an infinity."""


def _refuse_constant(name: str) -> NoReturn:
    raise _NoNumberError(name)


def _row(file: str, line: int, raw: object, twice: list[str], reading: InputDefaults) -> Row:
    if not isinstance(raw, dict):
        return rejected(file, line, "is not an event: a JSON object in braces", got=shown(str(raw)))
    if twice:
        return stands_twice(file, line, raw, twice)
    return row_of(file, line, raw, reading)


def _skip(text: str, place: int, what: str) -> int:
    while place < len(text) and text[place] in what:
        place += 1
    return place


def _not_json(file: str, line: int, text: str, place: int, error: Exception) -> Rejected:
    start = text[place : place + 200]
    if isinstance(error, _NoNumberError):
        return rejected(file, line, "holds what is no number", got=str(error), advice=NO_NUMBER)
    if isinstance(error, json.JSONDecodeError):
        return rejected(
            file,
            error.lineno,
            f"is not JSON: {error.msg} at column {error.colno}",
            got=shown_at(text[place:], error.pos - place),
        )
    what = "is nested too deeply" if isinstance(error, RecursionError) else "holds a number of thousands of digits"
    return rejected(file, line, what, got=shown(start))
