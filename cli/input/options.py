"""The options that are the same everywhere: the three clocks, what-if, the form of the answer, and which ledger."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from cli.errors import UsageMistakeError
from cli.input.dates import DAY, KNOWN_BY, RECORDED_BY, today
from cli.input.place import default_db
from cli.input.target import CHARTS, FORMATS, ROWS, TEXT, Target
from events.statuses import ENDED_SAID

__all__ = [
    "Question",
    "Target",
    "db_option",
    "drawing_options",
    "include_ended",
    "query_options",
    "target_options",
    "text_options",
    "text_query_options",
]

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Question:
    """What every query is asked with; `recorded_by` is a position, an instant or (None) the latest.

    `typed` names the clocks that were given on the command line (`as_of`, `known_by`, `recorded_by`): a clock that was
    left out may follow another, one that was typed may not.
    """

    as_of: dt.date
    known_by: dt.date
    recorded_by: int | dt.datetime | None
    what_if: tuple[str, ...]
    db: str
    target: Target
    typed: frozenset[str] = frozenset()

    @property
    def known_by_typed(self) -> dt.date | None:
        """The known-by day that was asked for, or None where it follows the as-of day."""
        return self.known_by if "known_by" in self.typed else None

    def refuse_clock(self, name: str, *, why: str, advice: str) -> None:
        """Refuse a clock (`as_of`, `known_by`, `recorded_by`) that would be ignored. Raises UsageMistakeError."""
        if name in self.typed:
            raise UsageMistakeError(f"--{name.replace('_', '-')} {_told(getattr(self, name))}: {why}", advice=advice)


def _told(value: object) -> str:
    """Write the value of a clock as it may be typed."""
    return "latest" if value is None else str(value)


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
    """Add `--format` and `--output` of an answer of rows, passed on as one `target`."""
    return _with_target(command, ROWS)


def text_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--format` and `--output` of an answer that is a text, passed on as one `target`."""
    return _with_target(command, TEXT)


def query_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add all that a query takes, passed on as one `question`."""
    return _with_question(command, ROWS)


def text_query_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add all that a query takes whose answer is a text, passed on as one `question`."""
    return _with_question(command, TEXT)


def drawing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add all that a query takes whose answer can be drawn, passed on as one `question`."""
    return _with_question(command, (*ROWS, *CHARTS))


def _with_target(command: Callable[..., Any], offered: tuple[str, ...]) -> Callable[..., Any]:
    @functools.wraps(command)
    def settled(*args: Any, form: str, output: str | None, **rest: Any) -> Any:  # noqa: ANN401 - whatever the command takes
        return command(*args, target=Target.of(form, output, offered), **rest)

    return _all(settled, _FORM)


def _with_question(command: Callable[..., Any], offered: tuple[str, ...]) -> Callable[..., Any]:
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
        question = Question(day, known_by or day, recorded_by, what_if, db, target, _typed())
        return command(*args, question=question, **rest)

    return _all(_with_target(db_option(settled), offered), _CLOCKS)


def _typed() -> frozenset[str]:
    """Name the clocks that the command line of this call gives."""
    source = click.get_current_context().get_parameter_source
    clocks = ("as_of", "known_by", "recorded_by")
    return frozenset(name for name in clocks if source(name) is click.core.ParameterSource.COMMANDLINE)


def _all(command: Callable[..., Any], options: tuple[Callable[..., Any], ...]) -> Callable[..., Any]:
    """Add options so that help lists them in this order."""
    for option in reversed(options):
        command = option(command)
    return command
