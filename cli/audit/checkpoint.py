"""`deals audit checkpoint`: sign what the log is now, and remember it."""

from __future__ import annotations

import click

from cli.done import making, note_done
from cli.errors import UsageMistakeError
from cli.help import examples
from cli.input.files import read_file
from cli.input.options import db_option
from cli.input.target import file_of
from cli.printing.output import say, write_bytes
from cli.recording.journal import journal, now
from ledger.reader import LedgerReader

__all__ = ["checkpoint"]


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
    place = file_of(output, what="a checkpoint", suffix=".checkpoint")
    with LedgerReader(db) as reader:
        with making():
            signed = sign_head(reader, at=now())
        path = reader.path
    note_done(f"the checkpoint of {signed.size} events was signed, and this ledger remembers it")
    if url and authority:
        from ledger.memory.timestamp import ask_over_http, stamped

        signed = stamped(signed, ask_over_http(url), read_file(authority))
        audit_folder(path).remember(signed)
        say(f"stamped by {url}")
    journal(path, "signed a checkpoint", size=signed.size, root=signed.root)
    write_bytes(signed.note, place)
