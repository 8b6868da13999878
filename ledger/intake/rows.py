"""Plain values or texts with their place in an input become events, or all that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from events.base import Event
from events.errors import Finding, UnknownTypeError
from events.keys import derived_key, nth_of
from events.registry import TYPES, explain_invalid, validate_raw, validate_texts
from events.spelling import plain_spelling
from events.stored_form import Problem, stored_form
from events.type_names import full_type, near_type, type_advice
from ledger.intake.located import Located, Rejected, Row
from ledger.intake.texts import plain_values

__all__ = ["NO_NUMBER", "InputDefaults", "row_of", "row_of_texts", "shown", "shown_at", "with_unread"]

_SHOWN_MAX = 60
_READ = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")  # a number in its stored form
NO_NUMBER = "leave the field out where the number is not known; it is never taken as 0"
"""The advice where a file says NaN or Infinity."""


def shown_at(text: str, place: int) -> str:
    """Show a row that could not be read: the beginning of a short one, else what stands around the place of the mistake."""
    start = max(0, place - _SHOWN_MAX // 2)
    return (
        shown(text)
        if place < _SHOWN_MAX
        else ascii(f"… {text[start : start + _SHOWN_MAX].strip()} …").replace("\\u2026", "…")
    )


@dataclass(frozen=True)
class InputDefaults:
    """How an input is to be read: the type of rows that name none, and values of fields that rows leave out.

    A row that gives the day it was announced leaves `effective_on` to that day, as any input does, whatever is usual.
    """

    type_name: str | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)

    def filled(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row with what it leaves out filled in."""
        announced = raw.get("announced_on") is not None
        usual = {name: text for name, text in self.defaults.items() if not (announced and name == "effective_on")}
        return {**usual, **raw}

    @property
    def plain(self) -> bool:
        """Whether rows are taken as they are."""
        return self.type_name is None and not self.defaults


def shown(text: str) -> str:
    """Show the beginning of a row that could not be read."""
    line = text.strip()
    return ascii(line if len(line) <= _SHOWN_MAX else line[:_SHOWN_MAX] + " …")


def row_of(
    file: str,
    line: int,
    raw: dict[str, Any],
    reading: InputDefaults,
    *,
    lines: Mapping[str, int] | None = None,
    texts: bool = False,
) -> Row:
    """Make an event of plain values; `lines` gives the line of each field, `texts` says that numbers are still text.

    A row of no known type is looked at as one of the type that is nearest, so that all its mistakes are said at once.
    """
    given = raw
    raw = reading.filled(raw)
    wrong, guess = _settle_type(file, line, raw, reading)
    raw, unread = (raw, []) if texts else _in_stored_form(raw, guess if wrong else raw.get("type"))
    nth = nth_of(raw.get("key"))
    findings = [] if wrong is None else [wrong]
    try:
        if wrong is None:
            if nth:
                raw["key"] = _derived(raw, nth)
            event = validate_texts(raw) if texts else validate_raw(raw)
            if not unread:
                return Located(file, line, event, nth)
        else:
            _look_at(raw, guess, texts=texts)
    except ValidationError as error:
        findings += _explained(file, line, raw, guess if wrong else raw["type"], error, guessed=wrong is not None)
    except UnknownTypeError as error:  # of a replacement
        findings.append(_finding(file, line, error.message, advice=error.advice))
    if nth:
        # A derived key is bad only where what it was derived from is, which is the thing to say.
        findings = [finding for finding in findings if finding.field != "key"] or findings
    findings = [_as_typed(finding, given) for finding in with_unread(file, line, unread, findings)]
    if lines:
        findings = [replace(finding, line=_line_of(finding.field, lines) or line) for finding in findings]
    return Rejected(file, line, raw, tuple(findings))


def row_of_texts(file: str, line: int, texts: Mapping[str, str | list[str]], reading: InputDefaults) -> Row:
    """Make an event of texts by dotted field; a text that cannot be read and everything else wrong are said at once."""
    typed = texts.get("type") or reading.type_name
    known = full_type(typed) or near_type(typed) if typed else None
    if known is None:  # what all types have can be looked at all the same
        texts = {path: text for path, text in texts.items() if path.partition(".")[0] in Event.model_fields}
    raw, problems = plain_values(known or next(iter(TYPES)), texts)
    del raw["type"]
    row = row_of(file, line, raw | ({"type": typed} if typed else {}), reading, texts=True)
    if not problems:
        return (
            row
            if isinstance(row, Located)
            else row._replace(findings=tuple(_as_typed(one, texts) for one in row.findings))
        )
    others = [_as_typed(found, texts) for found in row.findings] if isinstance(row, Rejected) else ()
    return Rejected(file, line, raw, tuple(with_unread(file, line, problems, others)))


def _as_typed(finding: Finding, given: Mapping[str, Any]) -> Finding:
    """Show a value as it was typed, where what is wrong with it was found in its stored form (110% is 1.1)."""
    value: Any = given.get(finding.field, given)
    for part in finding.field.split(".") if value is given else ():
        value = value.get(part) if isinstance(value, Mapping) else None
    is_typed = isinstance(value, str) and finding.got and _READ.match(finding.got.strip("\"'"))
    return replace(finding, got=shown(value)) if is_typed and value.strip() != finding.got.strip("\"'") else finding


def _look_at(raw: Mapping[str, Any], guess: str | None, *, texts: bool) -> None:
    """Look for mistakes in a row whose type is wrong. Raises pydantic's ValidationError."""
    if guess is not None:
        with_type = {**raw, "type": guess, "key": "any"}
        _ = validate_texts(with_type) if texts else validate_raw(with_type)
        return
    common = {name: value for name, value in raw.items() if name in Event.model_fields}
    Event.model_validate({**common, "type": "any", "key": "any"}, strict=False)


def _explained(
    file: str, line: int, raw: dict[str, Any], type_name: str | None, error: ValidationError, *, guessed: bool
) -> list[Finding]:
    """Say what is wrong; what a row of a type that was only guessed leaves out is not held against it."""
    found = explain_invalid({**raw, "type": type_name}, error, file=file, line=line)
    return [
        one
        for one in found
        if not guessed or one.what != "is required" or one.field.partition(".")[0] in Event.model_fields
    ]


def with_unread(file: str, line: int, unread: Iterable[Problem], others: Iterable[Finding]) -> list[Finding]:
    """Put texts that could not be read before what else is wrong; they were left out, so nothing else is said of them."""
    first = [Finding(file, line, path, what, repr(got), "BadValueError", advice) for path, what, got, advice in unread]
    fields = {finding.field for finding in first}
    wholes = {field.partition(".")[0] for field in fields}
    return first + [
        found
        for found in others
        if found.field not in fields and not (found.field in wholes and found.what == "is required")
    ]


def _in_stored_form(raw: dict[str, Any], type_name: object) -> tuple[dict[str, Any], list[Problem]]:
    """Read the quantities of a row as those of a type, which it may only seem to be of."""
    read, unread = stored_form({**raw, "type": type_name})
    return ({**read, "type": raw["type"]} if "type" in raw else {k: v for k, v in read.items() if k != "type"}), unread


def _derived(raw: dict[str, Any], nth: int) -> str:
    try:
        return derived_key(raw, nth)
    except UnicodeEncodeError:  # half a character, which the field that holds it will be refused for
        return "undecodable"


def _settle_type(
    file: str, line: int, raw: dict[str, Any], reading: InputDefaults
) -> tuple[Finding, str | None] | tuple[None, None]:
    """Fill in the type, in full, where the row names none or its short name.

    Gives what is wrong with it, if anything, and the type that was probably meant.
    """
    typed = raw.get("type")
    if typed is None and reading.type_name is None:
        written = next((name for name in raw if plain_spelling(name[:20]) == "type"), None)
        advice = f"write it as 'type', not {written!r}" if written else "give each row a type, or all one with --type"
        return _finding(file, line, "is required", advice=f"{advice}; {type_advice('')}"), None
    known = full_type(typed) if typed is not None else reading.type_name
    if known is None:
        what = "unknown event type"
        return _finding(file, line, what, shown(str(typed)), type_advice(typed), name="UnknownTypeError"), near_type(
            typed
        )
    raw["type"] = known
    replacement = raw.get("replacement")
    if isinstance(replacement, dict) and full_type(replacement.get("type")):
        raw["replacement"] = {**replacement, "type": full_type(replacement["type"])}
    if reading.type_name and known != reading.type_name:
        what = f"is another than the {reading.type_name} that was asked for"
        return _finding(file, line, what, shown(str(typed))), known
    return None, None


def _finding(file: str, line: int, what: str, got: str = "", advice: str = "", name: str = "BadValueError") -> Finding:
    return Finding(file, line, "type", what, got, name, advice)


def _line_of(path: str, lines: Mapping[str, int]) -> int | None:
    """Find the line of a field, or of the nearest group of fields around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path.rpartition(".")[0]
    return None
