"""Plain values with their place in an input become events, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from events.codec import derived_key
from events.errors import Finding, UnknownTypeError
from events.registry import TYPES, explain_invalid, validate_raw, validate_texts
from events.stored_form import Problem, stored_form
from ledger.intake.located import Located, Rejected, Row, rejected

__all__ = ["Reading", "row_of", "shown", "with_unread"]

_SHOWN_MAX = 60


@dataclass(frozen=True)
class Reading:
    """How an input is to be read: the type of rows that name none, and values of fields that rows leave out."""

    type_name: str | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)

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
    reading: Reading,
    *,
    lines: Mapping[str, int] | None = None,
    texts: bool = False,
) -> Row:
    """Make an event of plain values; `lines` gives the line of each field, `texts` says that numbers are still text."""
    raw = {**reading.defaults, **raw}
    refusal = _settle_type(file, line, raw, reading)
    if refusal:
        return refusal
    raw, unread = (raw, []) if texts else stored_form(raw)
    derived = raw.get("key") is None
    if derived:
        raw["key"] = _derived(raw)
    findings: list[Finding] = []
    try:
        event = validate_texts(raw) if texts else validate_raw(raw)
    except ValidationError as error:
        findings = explain_invalid(raw, error, file=file, line=line)
    except UnknownTypeError as error:
        finding = Finding(
            file, line, "type", "unknown event type", shown(str(raw["type"])), "UnknownTypeError", error.advice
        )
        return Rejected(file, line, raw, (finding,))
    else:
        if not unread:
            return Located(file, line, event, derived)
    if derived:
        # A derived key is bad only where what it was derived from is, which is the thing to say.
        findings = [finding for finding in findings if finding.field != "key"] or findings
    findings = with_unread(file, line, unread, findings)
    if lines:
        findings = [replace(finding, line=_line_of(finding.field, lines) or line) for finding in findings]
    return Rejected(file, line, raw, tuple(findings))


def with_unread(file: str, line: int, unread: Iterable[Problem], others: Iterable[Finding]) -> list[Finding]:
    """Put texts that could not be read before what else is wrong; they were left out, so nothing else is said of them."""
    first = [Finding(file, line, path, what, repr(got), "BadValueError", advice) for path, what, got, advice in unread]
    fields = {finding.field for finding in first}
    return first + [finding for finding in others if finding.field not in fields]


def _derived(raw: dict[str, Any]) -> str:
    try:
        return derived_key(raw)
    except UnicodeEncodeError:  # half a character, which the field that holds it will be refused for
        return "undecodable"


def _settle_type(file: str, line: int, raw: dict[str, Any], reading: Reading) -> Row | None:
    """Fill in the type where the row names none; a row for which it stays open is refused."""
    if raw.get("type") is None and reading.type_name:
        raw["type"] = reading.type_name
    if raw.get("type") is None:
        advice = "give each row a type, or all of them one with --type; known types: " + ", ".join(TYPES)
        return rejected(file, line, "is required", field="type", advice=advice, raw=raw)
    if reading.type_name and raw["type"] != reading.type_name:
        what = f"is another than the {reading.type_name} that was asked for"
        return rejected(file, line, what, field="type", got=shown(str(raw["type"])), raw=raw)
    return None


def _line_of(path: str, lines: Mapping[str, int]) -> int | None:
    """Find the line of a field, or of the nearest group of fields around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path.rpartition(".")[0]
    return None
