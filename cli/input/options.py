"""The options that are the same everywhere: the three clocks, what-if, the form of the answer, and which ledger."""

from __future__ import annotations

import datetime as dt
import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from cli.input.dates import DAY, KNOWN_BY, RECORDED_BY, today
from cli.input.place import default_db
from events.statuses import ENDED_SAID

__all__ = ["FORMATS", "Question", "Target", "db_option", "include_ended", "query_options", "target_options"]

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("auto", "table", "json", "jsonl", "csv", "tsv", "md", "parquet")
_BY_SUFFIX = {f".{name}": name for name in FORMATS[2:]} | {".txt": "table", ".ndjson": "jsonl", ".markdown": "md"}


@dataclass(frozen=True, slots=True)
class Target:
    """The form an answer is given in, and the file it goes to (None: standard output)."""

    format: str
    path: Path | None

    @classmethod
    def of(cls, form: str, path: str | None) -> Target:
        """Settle what `auto` means: by a file's suffix, else a table on a terminal and tab-separated in a pipe."""
        to_file = path is not None and path != "-"
        if form == "auto" and to_file:
            form = _BY_SUFFIX.get(Path(str(path)).suffix.lower(), "tsv")
        if form == "auto":
            form = "table" if sys.stdout.isatty() else "tsv"
        return cls(form, Path(str(path)) if to_file else None)


@dataclass(frozen=True, slots=True)
class Question:
    """What every query is asked with; `recorded_by` is a position, an instant or (None) the latest."""

    as_of: dt.date
    known_by: dt.date
    recorded_by: int | dt.datetime | None
    what_if: tuple[str, ...]
    db: str
    target: Target


_DB = click.option(
    "--db",
    envvar="DEALS_DB",
    default=default_db,
    metavar="PATH|URL",
    help="The ledger (or set DEALS_DB); else deals.db in your data folder.",
)
_FORM = (
    click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="auto",
        help="How to print; auto is a table on a terminal and tab-separated in a pipe.",
    ),
    click.option("--output", metavar="FILE", help="Write to FILE, whose suffix chooses the format, instead."),
)
_CLOCKS = (
    click.option(
        "--as-of", type=DAY, metavar="DATE", help="The day the answer is about (YYYY-MM-DD or today).  [default: today]"
    ),
    click.option(
        "--known-by",
        type=KNOWN_BY,
        metavar="DATE|latest",
        help="Use only what was public by then; latest looks back with all that is known.  [default: the as-of date]",
    ),
    click.option(
        "--recorded-by",
        type=RECORDED_BY,
        default="latest",
        metavar="POSITION|DATE|INSTANT",
        help="Use only what this ledger held by then; a date is the end of that UTC day.  [default: latest]",
    ),
    click.option(
        "--what-if",
        multiple=True,
        metavar="FILE",
        help="Lay the events of FILE over the ledger without recording them; may be repeated.",
    ),
)

include_ended = click.option("--include-ended", is_flag=True, help=f"Show {ENDED_SAID} legs too.")


def db_option(command: Command) -> Command:
    """Add `--db`, passed on as `db`."""
    return _DB(command)


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--format` and `--output`, passed on as one `target`."""

    @functools.wraps(command)
    def settled(*args: Any, form: str, output: str | None, **rest: Any) -> Any:  # noqa: ANN401 - whatever the command takes
        return command(*args, target=Target.of(form, output), **rest)

    return _all(settled, _FORM)


def query_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add all that a query takes, passed on as one `question`."""

    @functools.wraps(command)
    def settled(
        *args: Any,  # noqa: ANN401 - whatever the command takes
        as_of: dt.date | None,
        known_by: dt.date | None,
        recorded_by: int | dt.datetime | None,
        what_if: tuple[str, ...],
        db: str,
        target: Target,
        **rest: Any,  # noqa: ANN401 - whatever the command takes
    ) -> Any:  # noqa: ANN401 - whatever the command gives
        day = as_of or today()
        question = Question(day, known_by or day, recorded_by, what_if, db, target)
        return command(*args, question=question, **rest)

    return _all(target_options(db_option(settled)), _CLOCKS)


def _all(command: Callable[..., Any], options: tuple[Callable[..., Any], ...]) -> Callable[..., Any]:
    """Add options so that help lists them in this order."""
    for option in reversed(options):
        command = option(command)
    return command
