"""`deals audit checkpoint|prove|witness|key`: small signed statements about the log, and the key that signs them."""

from __future__ import annotations

from pathlib import Path

import click

from cli.audit.journal import journal, now, read_file
from cli.errors import UsageMistakeError
from cli.help import examples
from cli.input.complete import keys as complete_keys
from cli.input.options import db_option
from cli.printing.output import say, write_bytes
from ledger.reader import LedgerReader

__all__ = ["checkpoint", "key", "prove", "witness"]


@click.command(
    epilog=examples(
        "deals audit checkpoint",
        "deals audit checkpoint --output march.checkpoint",
        "deals audit checkpoint --timestamp https://authority.example/tsr --authority roots.pem",
    )
)
@click.option("--output", metavar="FILE", help="Write it to FILE instead of printing it.")
@click.option("--timestamp", "url", metavar="URL", envvar="DEALS_TSA", help="Have an authority stamp it (RFC 3161).")
@click.option(
    "--authority", metavar="FILE", envvar="DEALS_TSA_ROOTS", help="Certificates (PEM) of the authority you trust."
)
@db_option
def checkpoint(*, output: str | None, url: str | None, authority: str | None, db: str) -> None:
    """Sign what the log is now, and remember it.

    Give it away: whoever keeps it can later tell whether the log was rolled back or rewritten. This ledger remembers it
    too, and does not open any more when it no longer extends it.
    """
    from ledger.memory.folder import audit_folder
    from ledger.memory.signing import sign_head

    if url and not authority:
        raise UsageMistakeError("--timestamp needs --authority", advice="name the file of certificates that you trust")
    with LedgerReader(db) as reader:
        signed = sign_head(reader, at=now())
        path = reader.path
    if url and authority:
        from ledger.memory.timestamp import ask_over_http, stamped

        signed = stamped(signed, ask_over_http(url), read_file(authority))
        audit_folder(path).remember(signed)
        say(f"stamped by {url}")
    journal(path, "signed a checkpoint", size=signed.size, root=signed.root)
    write_bytes(signed.note, Path(output) if output else None)


@click.command(epilog=examples("deals audit prove amd-openai-2025/warrant/2025-10-06 --output warrant.tlog-proof"))
@click.argument("key", shell_complete=complete_keys)
@click.option("--output", metavar="FILE", help="Write it to FILE instead of printing it.")
@db_option
def prove(*, key: str, output: str | None, db: str) -> None:
    """Write the receipt of one event: the proof that it stands in the log at its place.

    The receipt (https://c2sp.org/tlog-proof) carries a signed checkpoint and, as its extra data, the event as recorded.
    """
    from ledger.memory.signing import checkpoint_at
    from ledger.memory.signing import prove as receipt_of

    with LedgerReader(db) as reader:
        signed = checkpoint_at(reader, reader.head().size, at=now())
        receipt = receipt_of(reader, key, signed)
        path = reader.path
    journal(path, "proved", key=key, size=signed.size)
    write_bytes(receipt, Path(output) if output else None)


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
    journal(path, "compared a checkpoint", size=found.size, root=found.root)
    click.echo(f"the log of {found.present_size} events begins with the {found.size} that the checkpoint vouches for")
    click.echo(f"proven by  {found.hashes} hashes (RFC 9162)")
    for signer in found.signers:
        click.echo(f"signed by  {signer}")


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
        made = folder.make_key(name)
        journal(reader.path, "made a key", key=made.verifier.vkey)
    elif rotate:
        fresh, note = folder.rotate()
        journal(reader.path, "replaced the key", key=fresh.verifier.vkey)
        say(note.decode())
    click.echo(folder.verifier().vkey)
