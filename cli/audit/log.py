"""`deals audit log`: who did what and when, from the log itself and from the operations journal."""

from __future__ import annotations

import click

from cli.help import examples
from cli.input.dates import today
from cli.input.options import Target, db_option, target_options
from cli.printing.output import emit
from ledger.reader import LedgerReader
from projections.clocks import Clocks
from projections.result import Column, Result

__all__ = ["log"]

COLUMNS = (
    Column("at", "text"),
    Column("who", "text"),
    Column("what", "text"),
    Column("particulars", "text"),
)


@click.command("log", epilog=examples("deals audit log", "deals audit log --format jsonl"))
@target_options
@db_option
def log(*, target: Target, db: str) -> None:
    """List who did what and when.

    Recordings, corrections and retractions are read from the log, which proves them; exports, verifications, imports
    and key changes from a journal beside the ledger, which is only our word.
    """
    from ledger.memory.journal import deeds

    with LedgerReader(db) as reader:
        head = reader.head()
        rows = [
            {
                "at": deed.at,
                "who": deed.who,
                "what": deed.what,
                "particulars": ", ".join(f"{name} {value}" for name, value in deed.particulars.items()),
            }
            for deed in deeds(reader)
        ]
    clocks = Clocks.on(today(), recorded_by=head.size)
    result = Result("audit log", clocks, COLUMNS, rows, {"deeds": len(rows)}, form={"deeds": "count"}, is_dated=False)
    emit(result, target, position=head.size, root=head.root)
