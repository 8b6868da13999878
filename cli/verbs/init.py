"""`deals init`: make a new, empty ledger."""

from __future__ import annotations

import click

from cli.done import note_done
from cli.help import examples
from cli.input.options import db_option
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
    key = memory.make_key(name)
    journal(path, "made a key", key=key.verifier.vkey)
    click.echo(f"made an empty ledger: {path}")
    say("next: deals import FILE..., or deals append --help")
