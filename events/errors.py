"""Every error of the product by name: one tree, so that one boundary can turn any of them into an exit code."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from events.names import folded

__all__ = [
    "BadInputError",
    "BadValueError",
    "DealsError",
    "Finding",
    "NotFoundError",
    "UnknownFieldError",
    "UnknownTypeError",
    "not_found",
    "suggestion",
]


class DealsError(Exception):
    """Something the user can mend: `message` says what and where, `advice` what to do next."""

    exit_code = 65

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class NotFoundError(DealsError):
    """What was asked for is not in the ledger."""

    exit_code = 3


class UnknownTypeError(DealsError):
    """The event's type is not one of the vocabulary."""


class UnknownFieldError(DealsError):
    """The event has a field that its type does not."""


class BadValueError(DealsError):
    """A field's value is missing, of the wrong form or out of bounds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One bad row of an input: where it stands, the field, what is wrong, the value, and the name of the error."""

    file: str
    line: int
    field: str
    what: str
    got: str
    name: str
    advice: str = ""

    def __str__(self) -> str:
        """Show the finding as `file:line: field: what (got …)`."""
        got = f" (got {self.got})" if self.got else ""
        advice = f"\n    {self.advice}" if self.advice else ""
        return f"{self.file}:{self.line}: {_short(self.field)}: {self.what}{got}{advice}"


_FIELD_SHOWN_MAX = 100


def _short(field: str) -> str:
    """Show a field's name, which a hostile input may make as long as it likes."""
    return field if len(field) <= _FIELD_SHOWN_MAX else f"{field[:_FIELD_SHOWN_MAX]} …"


class BadInputError(DealsError):
    """An input with bad rows: all that is wrong with them is in `findings`, and nothing of the input was recorded.

    `rows` is how many rows are bad, where that is another number than that of the places that are named.
    """

    def __init__(self, findings: Iterable[Finding], *, rows: int | None = None) -> None:
        self.findings = tuple(findings)
        count = rows or len({(finding.file, finding.line) for finding in self.findings})
        noun = "row is" if count == 1 else "rows are"
        super().__init__(
            "\n".join(str(finding) for finding in self.findings),
            advice=f"{count} bad {noun} named above; nothing was recorded. Mend the input and give it again.",
        )


def suggestion(word: str, known: Iterable[str]) -> str:
    """Say `did you mean …?` for the known word nearest to a mistyped one, or nothing where none is near.

    One that the eye cannot tell from it goes first, and is told apart by the codes of its letters.
    """
    names = {folded(name): name for name in known}
    if not word.isascii():
        from events.lookalikes import looks, spelled  # which the makers of tables do without

        shapes = looks(word) if spelled(word) != word else frozenset()
        twin = next((name for name in names.values() if not shapes.isdisjoint(looks(name))), None)
        if twin is not None:
            return f"did you mean '{twin}'? what was typed looks the same and is another name: {spelled(word)}"
    near = difflib.get_close_matches(folded(word), names, n=1, cutoff=0.6)
    return f"did you mean '{names[near[0]]}'?" if near else ""


def not_found(what: str, name: str, known: Iterable[str], *, otherwise: str) -> NotFoundError:
    """Return the error for a name that nothing goes by: `what` says so up to the name, advice is the nearest of `known`.

    `otherwise` is the advice where none is near.
    """
    return NotFoundError(f"{what} {name!r}", advice=suggestion(name, known) or otherwise)
