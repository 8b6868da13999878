"""`deals init`: make a new, empty ledger."""

from __future__ import annotations

import click

from cli.help import examples
from cli.options import db_option

__all__ = ["init"]


@click.command(epilog=examples("deals init", "deals init --db team.db"))
@click.argument("place", required=False, metavar="[PATH]")
@db_option
def init(*, place: str | None, db: str) -> None:
    """Make a new, empty ledger.

    It lies at PATH, else at --db, else at DEALS_DB, else in your data folder. A ledger that is there is never touched.
    """
    from ledger.application import Ledger

    with Ledger.create(place or db) as ledger:
        path = ledger.path
    click.echo(f"made an empty ledger: {path}")
    click.echo("next: deals import FILE..., or deals append --help", err=True)
