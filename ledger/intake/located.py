"""Rows of an input with the place they were read at: those that are events, and those that could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from events.errors import Finding

if TYPE_CHECKING:
    from events.base import Event

__all__ = ["Located", "Rejected", "Row", "rejected"]


class Located(NamedTuple):
    """One event and the line it begins on.

    `nth` is 0 where the key was given; where it was derived, which of the events of that key this is: 1, 2 …
    """

    file: str
    line: int
    event: Event
    nth: int = 0


class Rejected(NamedTuple):
    """One row that is not an event, with all that is wrong with it; `raw` is what could be made out of it."""

    file: str
    line: int
    raw: dict[str, Any] | None
    findings: tuple[Finding, ...]


Row = Located | Rejected


def rejected(
    file: str,
    line: int,
    what: str,
    *,
    field: str = "row",
    got: str = "",
    advice: str = "",
    raw: dict[str, Any] | None = None,
    name: str = "BadValueError",
) -> Rejected:
    """Reject a row for one reason."""
    return Rejected(file, line, raw, (Finding(file, line, field, what, got, name, advice),))
