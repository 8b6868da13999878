"""`deals rebuild`: make the tables that queries read anew from the log."""

from __future__ import annotations

import click

from cli.asking.tables import log_at
from cli.done import note_done
from cli.errors import CannotWriteOutputError
from cli.help import examples
from cli.input.options import db_option
from cli.input.place import projection_file
from ledger.reader import LedgerReader

__all__ = ["rebuild"]


@click.command(epilog=examples("deals rebuild"))
@db_option
def rebuild(*, db: str) -> None:
    """Make the tables that queries read anew.

    They lie in a file beside the ledger, hold nothing that the log does not, and may be deleted at any moment. The same
    log gives the same fingerprint wherever the same version of this software runs.
    """
    import duckdb

    from projections.kept import keep, open_kept
    from projections.warehouse import Warehouse

    path = projection_file(db)
    with LedgerReader(db) as reader:
        head = reader.head()
        log = log_at(reader, head)
        try:
            with Warehouse.in_memory(log.feed(0), root=head.root) as built:
                kept = keep(built, path, log)
        except (OSError, duckdb.Error) as error:
            said = str(error).partition("\n")[0]
            raise CannotWriteOutputError(
                f"{path}: {said}", advice="make the ledger's folder writable; queries work without the file"
            ) from error
        note_done(f"the tables were made anew: {path}")
        warehouse = open_kept(path, log) if kept else None
    if warehouse is None:
        raise CannotWriteOutputError(f"{path}: the tables just built cannot be opened", advice="run `deals doctor`")
    with warehouse:
        click.echo(f"tables       {path}")
        click.echo(f"position     {head.size}")
        click.echo(f"root         {head.root}")
        click.echo(f"fingerprint  {warehouse.fingerprint()}")
