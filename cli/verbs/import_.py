"""`deals import`: files and folders of announcements, recorded in one transaction or not at all."""

from __future__ import annotations

from pathlib import Path

import click

from cli.help import examples
from cli.input.event_types import recorded_type
from cli.input.options import db_option
from cli.printing.output import say
from cli.recording.by_file import INPUT_FORMATS
from cli.recording.writing import record_rows, recorder_option

__all__ = ["import_"]


@click.command(
    "import",
    epilog=examples(
        "deals import announcements/",
        "deals import companies.jsonl deals.yaml prices.csv",
        "deals import - --type metric --format csv < metrics.csv",
        "deals import trail.zip --db restored.db",
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--type", "type_name", metavar="TYPE", help="The type of rows that name none, e.g. purchase.")
@click.option(
    "--format",
    "form",
    type=click.Choice(INPUT_FORMATS),
    help="How to read the files.  [default: by their suffix, else by how they begin]",
)
@click.option("--dry-run", is_flag=True, help="Check every row and show what would change, and record nothing.")
@click.option("--merge", is_flag=True, help="Record the events of a bundle anew, each with the original's receipt.")
@click.option("--key", "vkey", metavar="VKEY", help="The public key of a bundle's log, as its owner published it.")
@recorder_option
@db_option
def import_(
    *,
    paths: tuple[str, ...],
    type_name: str | None,
    form: str | None,
    dry_run: bool,
    merge: bool,
    vkey: str | None,
    recorder: str | None,
    db: str,
) -> None:
    """Record files and folders of announcements, all or nothing.

    Registrations come first, then the rows in the order of the files; `-` is standard input. Every bad row is named as
    file:line, and then nothing is recorded. What is known already is left as it is, so importing twice does no harm.

    A bundle of `deals audit export` is verified first. Into an empty ledger it is restored as it was, with the same
    positions, times and root; with --merge its events are recorded anew, each with the receipt of the original log.
    """
    from ledger.bundle.package import is_bundle
    from ledger.intake.rows import InputDefaults
    from ledger.intake.sources import read_rows

    if any(path != "-" and is_bundle(Path(path)) for path in paths):
        from cli.recording.by_bundle import import_bundle

        import_bundle(paths, merge=merge, vkey=vkey, dry_run=dry_run, recorder=recorder, db=db)
        return
    reading = InputDefaults(type_name=recorded_type(type_name) if type_name else None)
    record_rows(read_rows(paths, reading, format_name=form, tell=say), db=db, recorder=recorder, dry_run=dry_run)
