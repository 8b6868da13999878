"""`deals audit key`: the public key of the log, shown or replaced."""

from __future__ import annotations

import click

from cli.done import making, note_done
from cli.errors import UsageMistakeError
from cli.help import examples
from cli.input.options import db_option
from cli.printing.output import say
from cli.recording.journal import journal
from ledger.reader import LedgerReader

__all__ = ["key"]


@click.command(epilog=examples("deals audit key", "deals audit key --rotate"))
@click.option("--rotate", is_flag=True, help="Replace it with a new one; the old one vouches for the new.")
@click.option("--name", metavar="ORIGIN", help="The log's name, where the key is made now, e.g. ledger.example/deals.")
@db_option
def key(*, rotate: bool, name: str | None, db: str) -> None:
    """Show the public key of the log, or replace the key.

    Publish the line where nobody but you can change it. Without a key one is made. After --rotate, give the note that
    is printed to whoever knows the old key.
    """
    from ledger.memory.folder import audit_folder

    with LedgerReader(db) as reader:
        folder = audit_folder(reader.path)
    if name and folder.has_key():
        raise UsageMistakeError("--name: the log has its key and its name already", advice="leave --name out")
    if not folder.has_key():
        with making():
            made = folder.make_key(name)
        note_done(f"a key was made: {made.verifier.vkey}")
        journal(reader.path, "made a key", key=made.verifier.vkey)
    elif rotate:
        with making():
            fresh, note = folder.rotate()
        note_done(f"the key was replaced by a new one: {fresh.verifier.vkey}")
        journal(reader.path, "replaced the key", key=fresh.verifier.vkey)
        say(note.decode())
    click.echo(folder.verifier().vkey)
