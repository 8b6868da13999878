"""Reads JSON lines: one event on each line. This is the fast way in, for imports of a million rows."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import orjson
from pydantic import ValidationError

from events.keys import nth_of
from events.registry import TYPES, explain_invalid, validate_json
from events.stored_form import stored_form
from ledger.intake.located import Located, Rejected, Row, rejected
from ledger.intake.rows import NO_NUMBER, InputDefaults, row_of, shown, shown_at

__all__ = ["duplicate_fields", "field_group", "json_line_rows", "stands_twice"]

_NAMED_MAX = 20
_NOT_OF_JSON = re.compile("-?(?:NaN|Infinity)")  # some programs write them all the same
_BOM = b"\xef\xbb\xbf"


def json_line_rows(file: str, lines: Iterable[bytes], reading: InputDefaults) -> Iterator[Row]:
    """Yield a row for each line that is not blank."""
    plain = reading.plain
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix(_BOM)  # noqa: PLW2901 - spreadsheets put a mark before the first line
        if line.isspace() or not line:
            continue
        try:
            raw = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield _not_json(file, number, line, error)
            continue
        if type(raw) is not dict:
            yield rejected(file, number, "is not an event: a JSON object in braces", got=shown(_text(line)))
            continue
        # A field given twice loses one of its values on reading, and with it quotation marks.
        if (b"\\" in line or line.count(b'"') != orjson.dumps(raw).count(b'"')) and (twice := duplicate_fields(line)):
            yield stands_twice(file, number, raw, twice)
            continue
        name = raw.get("type")
        if plain and not nth_of(raw.get("key")) and type(name) is str and name in TYPES:
            try:
                yield Located(file, number, validate_json(name, line))
            except ValidationError as error:
                mended, unread = stored_form(raw)
                if unread or mended != raw:  # written as people write amounts
                    yield row_of(file, number, raw, reading)
                else:
                    yield Rejected(file, number, raw, tuple(explain_invalid(raw, error, file=file, line=number)))
        else:
            yield row_of(file, number, raw, reading)


def _text(line: bytes) -> str:
    return line[:200].decode(errors="replace")


def _not_json(file: str, number: int, line: bytes, error: orjson.JSONDecodeError) -> Rejected:
    try:
        line.decode()
    except UnicodeDecodeError as bad:
        return rejected(file, number, f"is not UTF-8 text at byte {bad.start + 1}", got=shown(_text(line)))
    if found := _NOT_OF_JSON.match(error.doc, error.pos):
        return rejected(file, number, "holds what is no number", got=found[0], advice=NO_NUMBER)
    advice = "write each event as one JSON object on one line"
    return rejected(
        file,
        number,
        f"is not JSON: {error.msg} at column {error.colno}",
        got=shown_at(error.doc, error.pos),
        advice=advice,
    )


def duplicate_fields(text: str | bytes) -> list[str]:
    """Name the fields that stand twice in one group of a JSON text."""
    twice: list[str] = []
    # The fast reader accepted the text; what only this one minds (deep nesting, a long number) is said by the event's
    # own validation.
    with suppress(RecursionError, ValueError):
        json.loads(text, object_pairs_hook=partial(field_group, twice))
    return twice


def field_group(twice: list[str], items: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a group of its fields, and note those that stand twice in it."""
    group = dict(items)
    if len(group) != len(items):
        counts = Counter(name for name, _ in items)
        twice.extend(name for name in group if counts[name] > 1)
    return group


def stands_twice(file: str, line: int, raw: dict[str, Any], names: list[str]) -> Rejected:
    """Reject a row in which fields stand twice."""
    said = ", ".join(list(dict.fromkeys(names))[:_NAMED_MAX])
    return rejected(file, line, "stands twice in one group of fields", field=said, raw=raw, advice="leave one of them")
