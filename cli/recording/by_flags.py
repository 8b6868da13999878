"""`deals append TYPE`: an announcement typed in as options, one for each field."""

from __future__ import annotations

from typing import Any

import click

from cli.help import examples, paragraphs
from cli.input.event_types import full_name
from cli.input.options import db_option
from cli.recording.compact import CONDITION_SYNTAX
from cli.recording.examples import EXAMPLES
from cli.recording.flags import flags_of, options_of, terms_of, texts_of
from cli.recording.writing import recorder_option
from events.type_names import EVENT_TYPES, short_type

__all__ = ["event_command"]

_MONEY = (
    "MONEY is [exactly|about|up_to|at_least] [CURRENCY] NUMBER[SCALE] [CURRENCY]: '300B USD', 'up_to €1.5M', 'JPY 12bn'. "
    "A currency is a code or a sign, $ and none at all are USD; a scale is K, M (million), B, T or a word such as bn or "
    "billion. NUMBER has a point and commas between groups of three digits; 1,5B, 1,080 and 1.080 are asked about, not guessed. "
    "`undisclosed` is what leaving it out means too. Nothing is ever taken as 0. docs/amounts.md has all of it."
)
_DATES = "DATE is YYYY-MM-DD or `today`. An event holds from --effective-on, which is the announced day where left out."
_COMPANIES = "COMPANY is a slug, ticker, name or alias in any script; `deals companies` lists them."
_LEG = "The leg within the deal; may be left out where only one leg of the deal fits."
_SECTIONS = {
    "When": ("announced_on", "effective_on", "date_precision", "announced_time"),
    "Source and doubts": ("source.", "confidence", "contested", "note"),
    "Recording": ("amends", "key", "dry_run", "recorder", "db", "_click_default_help"),
}


class _EventCommand(click.Command):
    """A command whose help lists what the event says before when, by whom it was told, and how it is recorded."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in sections."""
        rows: dict[str, list[tuple[str, str]]] = {"What": [], **{name: [] for name in _SECTIONS}}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                rows[_section(str(parameter.name))].append(record)
        for name, section in rows.items():
            with formatter.section(name):
                formatter.write_dl(section)


def _section(parameter: str) -> str:
    field = parameter.rstrip("_").replace("__", ".")
    for name, fields in _SECTIONS.items():
        if any(field == known or (known.endswith(".") and field.startswith(known)) for known in fields):
            return name
    return "What"


def event_command(name: str) -> click.Command:
    """Build the command of a type, by its short or full name."""
    type_name = full_name(name)

    def record(*, dry_run: bool, recorder: str | None, db: str, **parameters: Any) -> None:  # noqa: ANN401 - one for each field
        from cli.recording.row import append_texts

        texts, unread = texts_of(type_name, parameters)
        append_texts(type_name, texts, unread, db=db, recorder=recorder, dry_run=dry_run)

    command = click.command(
        name=name,
        cls=_EventCommand,
        short_help=EVENT_TYPES[short_type(type_name)].help,
        help=_help(type_name),
        epilog=_epilog(type_name),
        no_args_is_help=True,
    )(recorder_option(db_option(_dry_run(record))))
    command.params = [*options_of(type_name, leg_help=_LEG if terms_of(type_name) else None), *command.params]
    return command


_dry_run = click.option(
    "--dry-run", is_flag=True, help="Show what would be recorded and what would change, and record nothing."
)


def _help(type_name: str) -> str:
    said = EVENT_TYPES[short_type(type_name)].help
    return f"Record: {said[0].lower()}{said[1:]}"


def _epilog(type_name: str) -> str:
    kinds = {flag.kind for flag in flags_of(type_name)}
    parts = []
    if kinds & {"money", "lender", "money-tranche"}:
        parts.append(_MONEY)
    if kinds & {"share-tranche", "money-tranche"}:
        parts.append("--tranche may be repeated. " + CONDITION_SYNTAX)
    if "company" in kinds:
        parts.append(_COMPANIES)
    if type_name in EXAMPLES:
        parts.append(examples(*_continued(EXAMPLES[type_name])))
    return paragraphs(_DATES, *parts)


def _continued(lines: tuple[str, ...]) -> list[str]:
    """Show a long command line as a shell takes it, over several lines."""
    return [f"{line} \\" for line in lines[:-1]] + [lines[-1]]
