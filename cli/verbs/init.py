"""`deals init`: make a new, empty ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.done import making, note_done
from cli.help import examples
from cli.input.options import db_option
from cli.input.place import projection_file
from cli.printing.output import say
from events.errors import DealsError

if TYPE_CHECKING:
    from ledger.memory.folder import AuditFolder
    from ledger.store.errors import LedgerExistsError

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
    from ledger.store.sqlite_files import ledger_path

    path = ledger_path(place or db)
    memory = audit_folder(path)
    if _lacks_its_key(path, memory):
        say(f"note: {path} was made before without its key; it is made now")
    else:
        if memory.has_key() or memory.checkpoints_file.exists():
            raise _taken(path, memory)
        with making(), Ledger.create(path):
            pass
        note_done(f"an empty ledger was made: {path}")
        _mind_leftovers(path)
    with making():
        key = memory.make_key(name)
    note_done(f"its key was made: {key.verifier.vkey}")
    journal(path, "made a key", key=key.verifier.vkey)
    click.echo(f"made an empty ledger: {path}")
    say("next: deals import FILE..., or deals append --help")


def _lacks_its_key(path: Path, memory: AuditFolder) -> bool:
    """Say whether a ledger was made here by somebody who was stopped before its key was."""
    from ledger.reader import LedgerReader
    from ledger.store.sqlite_files import is_unmade

    if memory.has_key() or memory.checkpoints_file.exists() or not path.is_file() or is_unmade(path):
        return False
    try:
        with LedgerReader(path) as reader:
            return reader.head().size == 0
    except DealsError:
        return False


def _taken(path: Path, memory: AuditFolder) -> LedgerExistsError:
    from ledger.store.errors import LedgerExistsError
    from ledger.store.sqlite_files import is_unmade

    if path.exists() and not is_unmade(path):
        return LedgerExistsError(f"{path} is there already", advice="open it as it is, or choose another place")
    return LedgerExistsError(
        f"{memory.folder} has the key and the checkpoints of an earlier ledger of this name",
        advice="move it away, or choose another place for the new ledger",
    )


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
