"""How many terminal columns a text takes: two for each wide East Asian character, none for a combining mark."""

from __future__ import annotations

import unicodedata

__all__ = ["NO_BREAK", "left", "longest_piece", "pieces", "right", "text_width", "wrapped"]

# Holds an amount and its unit together while lines are broken; printed as a blank.
NO_BREAK = "\u00a0"
_WIDE = frozenset("WF")
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})


def _char_width(char: str) -> int:
    if unicodedata.category(char) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in _WIDE else 1


def text_width(text: str) -> int:
    """Count the terminal columns of one line of text (Unicode Standard Annex #11; ambiguous characters are narrow)."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def left(text: str, width: int) -> str:
    """Pad on the right up to a width."""
    return text + " " * (width - text_width(text))


def right(text: str, width: int) -> str:
    """Pad on the left up to a width."""
    return " " * (width - text_width(text)) + text


def pieces(text: str) -> list[tuple[str, str]]:
    """Split a text into `(gap, piece)`, where a line may break at any gap: at blanks, and beside wide characters.

    Identifiers and dates hold neither, and amounts are joined to their unit by NO_BREAK, so they never break.
    """
    found: list[tuple[str, str]] = []
    for word in filter(None, text.split(" ")):
        gap = " " if found else ""
        start = 0
        for place in range(1, len(word)):
            if (
                unicodedata.east_asian_width(word[place]) in _WIDE
                or unicodedata.east_asian_width(word[place - 1]) in _WIDE
            ):
                found.append((gap, word[start:place]))
                start, gap = place, ""
        found.append((gap, word[start:]))
    return found


def longest_piece(text: str) -> int:
    """Return the width of the longest piece of a text that must stay whole."""
    return max((text_width(piece) for _, piece in pieces(text)), default=0)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` columns; a piece that is longer stays whole on a line of its own."""
    if text_width(text) <= width:
        return [text.replace(NO_BREAK, " ")]
    lines: list[str] = []
    for gap, piece in pieces(text):
        if lines and text_width(lines[-1]) + len(gap) + text_width(piece) <= width:
            lines[-1] += gap + piece
        else:
            lines.append(piece)
    return [line.replace(NO_BREAK, " ") for line in lines] or [""]
