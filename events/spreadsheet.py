"""Cells that a spreadsheet would run as formulas, made harmless on the way out and given back as they were on the way in.

The rules are numbered, because tables that were handed out are compared byte for byte: a rule never changes, a stricter one
gets the next number.
"""

from __future__ import annotations

import re

__all__ = ["RULE", "neutralised", "quoted", "unguarded"]

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
_STARTS = {
    1: ("=", "+", "-", "@", "\t", "\r"),
    # Some spreadsheets take the full-width forms of Asian type for the plain ones, and a line feed for a return.
    2: ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"),
}
RULE = max(_STARTS)
"""The newest rule."""

_GUARDED = tuple(f"'{start}" for start in _STARTS[RULE])
_NEEDS_QUOTES = {
    1: re.compile(r'[,"\r\n]'),
    # A spreadsheet that parts cells at another separator would begin a cell behind it.
    2: re.compile(r'[,"\r\n]|[;\t|][ \t]*[=+\-@\uff1d\uff0b\uff0d\uff20]'),
}


def neutralised(text: str, rule: int = RULE) -> str:
    """Keep a spreadsheet from running a cell as a formula: a `'` stands before its first character.

    Rule 1 guards `= + - @`, tab and return; rule 2 line feed and the full-width forms of the four too. Plain negative numbers
    stay numbers.
    """
    return f"'{text}" if text.startswith(_STARTS[rule]) and not _NUMBER.match(text) else text


def unguarded(cell: str) -> str:
    """Return a cell as it was before it was made harmless, by whichever rule."""
    return cell[1:] if cell.startswith(_GUARDED) else cell


def quoted(text: str, rule: int = RULE) -> str:
    """Write a cell as RFC 4180 has it: in quotes where it holds a comma, a quote or a line break.

    Rule 2 puts those in quotes too which hold another separator (`;`, `|` or a tab) before the beginning of a formula.
    """
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES[rule].search(text) else text
