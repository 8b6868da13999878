"""`deals append FILE`: the events of one file or of standard input, all of them or none."""

from __future__ import annotations

import click

from cli.input.event_types import recorded_type
from cli.input.options import db_option
from cli.printing.output import say
from cli.recording.writing import record_rows, recorder_option

__all__ = ["INPUT_FORMATS", "append_file"]

INPUT_FORMATS = ("jsonl", "json", "yaml", "csv", "tsv")


@click.command(name="FILE")
@click.argument("file", metavar="FILE|-")
@click.option("--type", "type_name", metavar="TYPE", help="The type of rows that name none, e.g. purchase.")
@click.option(
    "--format",
    "form",
    type=click.Choice(INPUT_FORMATS),
    help="How to read it.  [default: by the suffix, else by how it begins]",
)
@click.option("--dry-run", is_flag=True, help="Show what would be recorded and what would change, and record nothing.")
@recorder_option
@db_option
def append_file(
    *, file: str, type_name: str | None, form: str | None, dry_run: bool, recorder: str | None, db: str
) -> None:
    """Record the events of a file, all of them or none; `-` is standard input."""
    from ledger.intake.rows import InputDefaults
    from ledger.intake.sources import read_rows

    reading = InputDefaults(type_name=recorded_type(type_name) if type_name else None)
    rows = read_rows([file], reading, format_name=form, tell=say)
    record_rows(rows, db=db, recorder=recorder, dry_run=dry_run)
