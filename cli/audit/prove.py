"""`deals audit prove`: the receipt of one event, the proof that it stands in the log at its place."""

from __future__ import annotations

import click

from cli.help import examples
from cli.input.complete import keys as complete_keys
from cli.input.options import db_option
from cli.input.target import file_of
from cli.printing.output import write_bytes
from cli.recording.journal import journal, now
from ledger.reader import LedgerReader

__all__ = ["prove"]


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

    place = file_of(output, what="a receipt", suffix=".tlog-proof")
    with LedgerReader(db) as reader:
        signed = checkpoint_at(reader, reader.head().size, at=now())
        receipt = receipt_of(reader, key, signed)
        path = reader.path
    journal(path, "proved", key=key, size=signed.size)
    write_bytes(receipt, place)
