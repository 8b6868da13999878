"""Printing an answer: results to standard output or a file, everything else to standard error."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cli.errors import CannotWriteOutputError
from cli.input.options import Target
from cli.printing.cells import figure, with_shapes
from cli.printing.colour import bold, dim
from cli.printing.width import left, longest_piece, text_width, wrapped
from projections.clocks import NO_LOOKING_AHEAD, Clocks
from projections.kinds import Shape, inner
from projections.result import Result

__all__ = ["as_text_or_json", "emit", "known_by_text", "say", "terminal_width", "write_bytes"]

_LEGEND = {
    "?": "? is undisclosed, which is never 0",
    " B": "B is 1,000,000,000 and M 1,000,000 of the currency",
    "n/m": "n/m is not meaningful: an input is missing or not positive",
}


def terminal_width() -> int:
    """Return the width of the terminal (or COLUMNS), 80 where there is none."""
    return max(shutil.get_terminal_size((80, 24)).columns, 20)


def say(message: str) -> None:
    """Tell the user something that is not part of the answer."""
    click.echo(message, err=True)


def known_by_text(clocks: Clocks) -> str:
    """Return the known-by day as the command line takes it."""
    return "latest" if clocks.known_by == NO_LOOKING_AHEAD else clocks.known_by.isoformat()


def emit(result: Result, target: Target, *, position: int | None, root: str | None, hypothetical: bool = False) -> None:
    """Print an answer in the form asked for.

    `position` and `root` (hex) are the log's at the time of asking, None where no ledger was asked. Raises CannotWriteOutputError.
    """
    from cli.printing import formats

    if target.format == "table":
        _print_table(result, target, hypothetical=hypothetical)
        return
    if target.format == "json":
        answered = {
            "query": {
                "verb": result.verb,
                "as_of": result.clocks.as_of.isoformat(),
                "known_by": known_by_text(result.clocks),
                "recorded_by": result.clocks.recorded_by,
            },
            "position": position,
            "root": root,
        }
        write_bytes(formats.as_json(result, answered, hypothetical=hypothetical), target.path)
        return
    writers: dict[str, Callable[[Result], bytes]] = {
        "jsonl": formats.as_jsonl,
        "csv": formats.as_csv,
        "tsv": formats.as_tsv,
        "md": formats.as_markdown,
        "parquet": formats.as_parquet,
    }
    write_bytes(writers[target.format](result), target.path)
    for note in _notes(result, hypothetical=hypothetical):
        say(f"note: {note}")


def write_bytes(content: bytes, path: Path | None) -> None:
    """Write to standard output, or to a file as `ledger.files.write_file` does. Raises CannotWriteOutputError."""
    from ledger.files import write_file

    if path is None:
        click.echo(content, nl=False)
        return
    try:
        write_file(path, content)
    except OSError as error:
        raise CannotWriteOutputError(
            f"--output: {path}: {error.strerror}", advice="name a file in a folder that exists and is yours to write"
        ) from error


def _notes(result: Result, *, hypothetical: bool) -> tuple[str, ...]:
    marked = ("This answer holds hypothetical events of --what-if, which are not recorded.",) if hypothetical else ()
    return (*marked, *result.notes)


def _print_table(result: Result, target: Target, *, hypothetical: bool) -> None:
    from cli.printing.table import lay_out

    width = terminal_width()
    table = lay_out(result.columns, result.rows, width=width)
    lines = [*_heading(result, width), *table.lines]
    if table.left_out:
        lines += ["", *_dimmed(f"columns left out: {', '.join(table.left_out)}; --format csv has all", width)]
    summary = _summary_lines(result, width)
    lines += ["", *summary] if summary else []
    notes = [line for note in _notes(result, hypothetical=hypothetical) for line in _item(note, width)]
    lines += ["", *notes] if notes else []
    text = "\n".join(lines)
    legend = "; ".join(said for sign, said in _LEGEND.items() if sign in text)
    if legend:
        lines += ["", *_dimmed(legend, width)]
    if target.path is None:
        click.echo("\n".join(lines))
    else:
        write_bytes((click.unstyle("\n".join(lines)) + "\n").encode(), target.path)


def _heading(result: Result, width: int) -> list[str]:
    if not result.is_dated:
        return []
    clocks = result.clocks
    looking = "" if clocks.known_by == clocks.as_of else f", known by {known_by_text(result.clocks)}"
    said = f"{result.verb} as of {clocks.as_of}{looking}, recorded by position {clocks.recorded_by}"
    return [*(bold(line) for line in wrapped(said, width)), ""]


def _dimmed(text: str, width: int) -> list[str]:
    return [dim(line) for line in wrapped(text, width)]


def _item(text: str, width: int) -> list[str]:
    return [("· " if i == 0 else "  ") + line for i, line in enumerate(wrapped(text, width - 2))]


def _summary_lines(result: Result, width: int) -> list[str]:
    """Write a summary as labelled lines; groups are named by the way to them (`totals USD`)."""
    entries = _entries(result.summary, result.form, "")
    label = min(max((text_width(name) for name, _ in entries), default=0), 30) + 2
    lines = []
    for name, text in entries:
        # What stands whole may be too long to stand beside its name.
        beside = text_width(name) < label and longest_piece(text) <= width - label
        indent = label if beside else 4
        lines += [] if beside else [name]
        for i, part in enumerate(wrapped(text, max(width - indent, 20))):
            lines.append(left(name if i == 0 and beside else "", indent) + part)
    return lines


def _entries(summary: dict[str, Any], form: Shape | None, way: str) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for name, value in summary.items():
        label, shape = f"{way}{name.replace('_', ' ')}", inner(form, name)
        if isinstance(value, dict) and any(isinstance(inner, dict | list) for inner in value.values()):
            entries += _entries(value, shape, f"{label} ")
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            listed = enumerate(with_shapes(value, shape), 1)
            entries += [(f"{label} {number}", figure(item, each)) for number, (item, each) in listed]
        elif value not in ({}, []) and (value is not None or not way):
            entries.append((label, figure(value, shape)))
    return entries


def as_text_or_json(target: Target, lines: list[str], document: Callable[[], dict[str, Any]]) -> None:
    """Print something that is not a table: as text, or for `--format json` as one document."""
    from cli.printing import formats

    if target.format in {"json", "jsonl"}:
        write_bytes(formats.as_document(document(), indented=target.format == "json"), target.path)
    elif target.path is None:
        click.echo("\n".join(lines))
    else:
        write_bytes((click.unstyle("\n".join(lines)) + "\n").encode(), target.path)
