"""`deals init`: make a new, empty ledger."""

from __future__ import annotations

from pathlib import Path

import click

from cli.done import note_done
from cli.help import examples
from cli.input.options import db_option
from cli.input.place import projection_file
from cli.printing.output import say

__all__ = ["init"]


@click.command(epilog=examples("deals init", "deals init --db team.db"))
@click.argument("place", required=False, metavar="[PATH]")
@click.option(
    "--name",
    metavar="ORIGIN",
    help="The log's name in what it signs, e.g. ledger.example/deals.  [default: one made up]",
)
@db_option
def init(*, place: str | None, name: str | None, db: str) -> None:
    """Make a new, empty ledger.

    It lies at PATH, else at --db, else at DEALS_DB, else in your data folder. A ledger that is there is never touched. The
    key that signs its checkpoints is made with it, in PATH.audit beside it.
    """
    from cli.recording.journal import journal
    from ledger.application import Ledger
    from ledger.memory.folder import audit_folder
    from ledger.store.errors import LedgerExistsError
    from ledger.store.sqlite_files import ledger_path

    memory = audit_folder(ledger_path(place or db))
    if memory.has_key() or memory.checkpoints_file.exists():
        raise LedgerExistsError(
            f"{memory.folder} has the key and the checkpoints of an earlier ledger of this name",
            advice="move it away, or choose another place for the new ledger",
        )
    with Ledger.create(place or db) as ledger:
        path = ledger.path
    note_done(f"an empty ledger was made: {path}")
    _mind_leftovers(path)
    key = memory.make_key(name)
    journal(path, "made a key", key=key.verifier.vkey)
    click.echo(f"made an empty ledger: {path}")
    say("next: deals import FILE..., or deals append --help")


def _mind_leftovers(path: Path) -> None:
    """Remove the tables of an earlier ledger of this name, and say what else of it lies there."""
    from ledger.memory.folder import audit_folder
    from ledger.store.sqlite_schema import documents_folder

    tables = projection_file(str(path))
    try:
        if tables.is_file():
            tables.unlink()
            say(f"note: {tables}, the tables of an earlier ledger of this name, was removed")
    except OSError as error:
        say(f"note: {tables} is of an earlier ledger of this name and cannot be removed ({error.strerror})")
    for folder, what in ((documents_folder(path), "documents"), (audit_folder(path).folder, "operations journal")):
        if folder.exists():
            say(f"note: {folder} holds the {what} of an earlier ledger of this name; it is left as it is")
