"""`deals retract`: what should never have been recorded is withdrawn; it stays in the log for ever."""

from __future__ import annotations

import datetime as dt

import click

from cli.help import examples
from cli.input.complete import keys
from cli.input.options import db_option
from cli.recording.writing import acknowledged, found_on_option, open_ledger, reason_option, recorder_option, tell

__all__ = ["retract"]


@click.command(epilog=examples("deals retract oracle-openai-2025/compute/2025-09-10 --reason 'a hoax'"))
@click.argument("key", shell_complete=keys)
@reason_option
@found_on_option
@recorder_option
@db_option
def retract(*, key: str, reason: str, announced_on: dt.date | None, recorder: str | None, db: str) -> None:
    """Withdraw an entry that should never have been recorded.

    It stays in the log; queries with --recorded-by before the retraction still see it. Correcting it later restores it.
    """
    with open_ledger(db, recorder) as ledger:
        receipt = acknowledged(ledger.retract(key, reason=reason, announced_on=announced_on))
    tell(receipt)
