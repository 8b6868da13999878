"""A table that fits the terminal without ever cutting an id, a date or an amount.

What does not fit is wrapped at blanks, said once above the table where all rows agree, left out where it is optional (and
named below the table); then the first column becomes a line over its row, and at last each row a block of lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.printing.cells import ABSENT, column_cells
from cli.printing.colour import bold, paint_status
from cli.printing.width import left, longest_piece, right, text_width, wrapped
from projections.kinds import NUMERIC, Kind
from projections.result import Column, Row

__all__ = ["WIDTH_DEFAULT", "Table", "lay_out"]

WIDTH_DEFAULT = 80
_HEADER_MIN = 6
# Sentences are given this much before optional columns are.
_PROSE_MIN = 24
_INDENT = 2
# Words of the vocabulary, which a person reads with blanks.
_WORDS: frozenset[Kind] = frozenset({"status", "word"})
_NOT_NAMED = "(not named)"
# What may be said once over the table where it is the same in every row.
_SAID_ONCE: frozenset[Kind] = frozenset({"text", "word", "status", "party", "date", "flag"})
# What a hypothetical row is marked at: how far it has come, else what it is.
_MARKED: tuple[Kind, ...] = ("status", "word")


@dataclass(frozen=True, slots=True)
class Table:
    """Lines ready to print, and the names of the optional columns that did not fit."""

    lines: list[str]
    left_out: list[str]


@dataclass(slots=True)
class _Track:
    """One column on its way into the layout; `width` is how wide it is drawn."""

    name: str
    header: str
    kind: Kind
    optional: bool
    cells: list[str]
    width: int = 0

    @property
    def natural(self) -> int:
        """The width at which nothing wraps."""
        return max([text_width(self.header), *map(text_width, self.cells)])

    def least(self, *, hyphenate: bool = False, comfortable: bool = False) -> int:
        """Return the width of the longest piece that must stay whole; a header's word may be hyphenated, a value never.

        `comfortable` asks for more where a cell is a sentence.
        """
        word = longest_piece(self.header)
        header = min(word, _HEADER_MIN) if hyphenate else word
        needed = max([header, *(_whole(text, self.kind) for text in self.cells)])
        return max(needed, min(self.natural, _PROSE_MIN)) if comfortable else needed


def _whole(text: str, kind: Kind) -> int:
    if kind in NUMERIC or kind in {"date", "flag"}:
        return text_width(text)
    return longest_piece(text)


def _texts(column: Column, rows: Sequence[Row], marked: str | None) -> list[str]:
    texts = column_cells(column, rows)
    if column.kind == "party":
        texts = [_NOT_NAMED if row.get(column.name) is None else text for row, text in zip(rows, texts, strict=True)]
    if column.kind in _WORDS:
        texts = [text.replace("_", " ") for text in texts]
    if column.name == marked:
        marks = [" (hypothetical)" if row.get("hypothetical") else "" for row in rows]
        texts = [text + mark for text, mark in zip(texts, marks, strict=True)]
    return texts


def lay_out(columns: Sequence[Column], rows: Sequence[Row], *, width: int = WIDTH_DEFAULT) -> Table:
    """Draw rows under their columns in at most `width` terminal columns where that can be done."""
    if not rows:
        return Table(["no rows"], [])
    marked = next((column.name for kind in _MARKED for column in columns if column.kind == kind), None)
    tracks = [_Track(c.name, c.name.replace("_", " "), c.kind, c.optional, _texts(c, rows, marked)) for c in columns]
    said: list[str] = []
    if _total([track.natural for track in tracks], gap=2) > width and len(rows) > 1:
        tracks, said = _hoisted(tracks, width)
    kept, left_out = _without_optional(tracks, width)
    for gap, hyphenate, stacked in ((2, False, False), (1, False, False), (2, False, True), (1, True, True)):
        body = kept[1:] if stacked else kept
        least = [track.least(hyphenate=hyphenate) for track in body]
        if body and _total(least, gap) <= width - (_INDENT if stacked else 0):
            _widen(body, least, width - (_INDENT if stacked else 0) - _total([0] * len(body), gap))
            return Table([*said, *_drawn(body, " " * gap, over=kept[0] if stacked else None)], left_out)
    return Table([*said, *_blocks(tracks, width)], [])


def _total(widths: Sequence[int], gap: int) -> int:
    return sum(widths) + gap * max(len(widths) - 1, 0)


def _hoisted(tracks: list[_Track], width: int) -> tuple[list[_Track], list[str]]:
    """Take out the text columns that say the same in every row, and say it once."""
    same = [track for track in tracks if track.kind in _SAID_ONCE and len(set(track.cells)) == 1]
    rest = [track for track in tracks if track not in same]
    if not rest:
        return tracks, []
    told = ", ".join(f"{track.header} {track.cells[0]}" for track in same if track.cells[0] != ABSENT)
    none = ", ".join(track.header for track in same if track.cells[0] == ABSENT)
    lines = [f"every row: {told}"] if told else []
    lines += [f"no row has: {none}"] if none else []
    return rest, [part for line in lines for part in wrapped(line, width)]


def _without_optional(tracks: list[_Track], width: int) -> tuple[list[_Track], list[str]]:
    """Drop optional columns, lists before others and the rightmost first, until the rest can fit."""
    kept = list(tracks)
    droppable = sorted((t for t in tracks if t.optional), key=lambda t: (t.kind != "list", -tracks.index(t)))
    left_out: list[str] = []
    for track in droppable:
        if _total([t.least(comfortable=True) for t in kept], gap=2) <= width:
            break
        kept.remove(track)
        left_out.insert(0, track.header)
    return kept, left_out


def _widen(tracks: list[_Track], least: list[int], room: int) -> None:
    """Share the room among the columns: those that miss least are made whole first."""
    spare = room - sum(least)
    for track, start in zip(tracks, least, strict=True):
        track.width = start
    for track in sorted(tracks, key=lambda t: t.natural - t.width):
        extra = min(spare, max(track.natural - track.width, 0))
        track.width += extra
        spare -= extra


def _header_lines(header: str, width: int) -> list[str]:
    """Break a header at blanks, and a word of it that is too long into parts of like length."""
    lines: list[str] = []
    for line in wrapped(header, width):
        parts = -(-len(line) // max(width - 1, 1)) if text_width(line) > width else 1
        size = -(-len(line) // parts)
        cut = [line[start : start + size] for start in range(0, len(line), size)]
        lines += [part + "-" for part in cut[:-1]] + cut[-1:]
    return lines


def _drawn(tracks: list[_Track], gap: str, *, over: _Track | None) -> list[str]:
    """Draw header, rule and rows; `over` stands on a line of its own above each row, which is indented then."""
    indent = " " * _INDENT if over else ""
    headers = [_header_lines(track.header, track.width) for track in tracks]
    height = max(map(len, headers))
    level = [[""] * (height - len(header)) + header for header in headers]
    lines = [bold(over.header)] if over else []
    lines += [bold((indent + gap.join(map(_placed, texts, tracks))).rstrip()) for texts in zip(*level, strict=True)]
    lines.append(indent + gap.join("─" * track.width for track in tracks))
    for number in range(len(tracks[0].cells)):
        lines += [over.cells[number]] if over else []
        lines += [(indent + line).rstrip() for line in _row_lines(tracks, number, gap)]
    return lines


def _row_lines(tracks: list[_Track], number: int, gap: str) -> list[str]:
    parts = [
        [track.cells[number]] if track.kind in NUMERIC else wrapped(track.cells[number], track.width)
        for track in tracks
    ]
    lines = []
    for i in range(max(map(len, parts))):
        drawn = [
            _painted(part[i] if i < len(part) else "", track, number) for part, track in zip(parts, tracks, strict=True)
        ]
        lines.append(gap.join(drawn))
    return lines


def _placed(text: str, track: _Track) -> str:
    return right(text, track.width) if track.kind in NUMERIC else left(text, track.width)


def _painted(text: str, track: _Track, number: int) -> str:
    placed = _placed(text, track)
    if track.kind != "status" or not text:
        return placed
    status = track.cells[number].partition(" (")[0].replace(" ", "_")
    return paint_status(text, status) + placed.removeprefix(text)


def _blocks(tracks: Sequence[_Track], width: int) -> list[str]:
    """Draw each row as lines of `name  value`, for rows that no table of this width can hold."""
    label = max(text_width(track.header) for track in tracks) + 2
    lines: list[str] = []
    for number in range(len(tracks[0].cells)):
        lines += [""] if number else []
        for track in tracks:
            text = track.cells[number].strip()
            parts = wrapped(text, max(width - label, 1)) if text != ABSENT or not track.optional else []
            lines += [left("" if i else track.header, label) + part for i, part in enumerate(parts)]
    return lines
