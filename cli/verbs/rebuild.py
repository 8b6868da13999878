"""`deals rebuild`: make the tables that queries read anew from the log."""

from __future__ import annotations

import click

from cli.done import note_done
from cli.errors import CannotWriteOutputError
from cli.help import examples
from cli.input.options import db_option
from cli.input.place import projection_file
from cli.printing.progress import watched
from ledger.reader import LedgerReader

__all__ = ["rebuild"]


@click.command(epilog=examples("deals rebuild"))
@db_option
def rebuild(*, db: str) -> None:
    """Make the tables that queries read anew.

    They lie in a file beside the ledger, hold nothing that the log does not, and may be deleted at any moment. The same
    log gives the same fingerprint on every machine.
    """
    import duckdb

    from projections.warehouse import Warehouse

    path = projection_file(db)
    with LedgerReader(db) as reader:
        head = reader.head()
        try:
            Warehouse.build_file(path, watched(reader.feed(upto=head.size), "building tables", head.size))
        except (OSError, duckdb.Error) as error:
            said = str(error).partition("\n")[0]
            raise CannotWriteOutputError(
                f"{path}: {said}", advice="make the ledger's folder writable; queries work without the file"
            ) from error
    note_done(f"the tables were made anew: {path}")
    warehouse = Warehouse.open_file(path, head=head.size)
    if warehouse is None:
        raise CannotWriteOutputError(f"{path}: the tables just built cannot be opened", advice="run `deals doctor`")
    with warehouse:
        click.echo(f"tables       {path}")
        click.echo(f"position     {head.size}")
        click.echo(f"root         {head.root}")
        click.echo(f"fingerprint  {warehouse.fingerprint()}")
