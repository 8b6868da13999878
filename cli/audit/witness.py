"""`deals audit witness`: the log compared with a checkpoint that someone else kept."""

from __future__ import annotations

import click

from cli.done import note_done
from cli.help import examples
from cli.input.files import read_file
from cli.input.options import db_option
from cli.recording.journal import journal, now
from ledger.reader import LedgerReader

__all__ = ["witness"]


@click.command(epilog=examples("deals audit witness kept-in-march.checkpoint"))
@click.argument("file", type=click.Path())
@click.option("--key", "vkey", metavar="VKEY", help="The key it is signed with, where this ledger does not know it.")
@db_option
def witness(*, file: str, vkey: str | None, db: str) -> None:
    """Compare the log with a checkpoint that someone else kept, and remember it where it fits.

    Exits 4 where the log does not begin with what the checkpoint vouches for: it was rolled back, rewritten or forked.
    """
    from ledger.memory.signing import witness as compare
    from ledger.proof.keys import parse_vkey

    data = read_file(file)
    with LedgerReader(db, guarded=False) as reader:
        found = compare(reader, data, at=now(), known=(parse_vkey(vkey),) if vkey else ())
        path = reader.path
    note_done(f"the checkpoint of {found.size} events fits the log and is remembered")
    journal(path, "compared a checkpoint", size=found.size, root=found.root)
    click.echo(f"the log of {found.present_size} events begins with the {found.size} that the checkpoint vouches for")
    click.echo(f"proven by  {found.hashes} hashes (RFC 9162)")
    for signer in found.signers:
        click.echo(f"signed by  {signer}")
