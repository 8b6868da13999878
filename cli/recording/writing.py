"""What verbs that record have in common: opening the ledger for writing, who records, and telling what was recorded."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from cli.input.dates import DAY
from cli.printing.output import say
from events.errors import DealsError

if TYPE_CHECKING:
    from events.base import Event
    from ledger.application import Ledger
    from ledger.intake.located import Row
    from ledger.record.writing import Receipt

__all__ = ["found_on_option", "login", "open_ledger", "reason_option", "record_rows", "recorder_option", "tell"]

recorder_option = click.option(
    "--recorder",
    metavar="NAME",
    envvar="DEALS_RECORDER",
    help="Who records (or set DEALS_RECORDER).  [default: your login name]",
)

reason_option = click.option("--reason", required=True, help="Why, in one sentence; it is recorded.")
found_on_option = click.option(
    "--announced-on", type=DAY, metavar="DATE", help="The day the mistake was found.  [default: today]"
)


def open_ledger(db: str, recorder: str | None, *, read_only: bool = False) -> Ledger:
    """Open a ledger for recording in somebody's name. Raises what opening a ledger raises."""
    from ledger.application import Ledger

    return Ledger.open(db, recorder_name=recorder or login(), read_only=read_only)


def login() -> str:
    """Give the name that the system knows the user by, or `deals` where it knows none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return os.environ.get("USER") or "deals"


def record_rows(rows: Iterable[Row], *, db: str, recorder: str | None, dry_run: bool) -> None:
    """Record rows, all of them or none, and tell; or tell what recording them would change.

    Raises BadInputError with a finding for every bad row.
    """
    if dry_run:
        with open_ledger(db, recorder, read_only=True) as ledger:
            _tell_preview(db, ledger.check_located(rows))
        return
    with open_ledger(db, recorder) as ledger:
        receipt = ledger.record_located(rows, progress=_progress)
    _clear_progress()
    tell(receipt)
    if receipt.size <= _MADE_READY_MAX:
        _make_ready(db)


# Tables of a ledger of this size are made in a blink; those of a larger one by the first query, which shows progress.
_MADE_READY_MAX = 5_000


def _make_ready(db: str) -> None:
    """Bring the tables up to the log, so that the next query finds them fresh.

    What was recorded is recorded: where the tables cannot be made, that is told and no more.
    """
    import duckdb

    from cli.asking.tables import fresh_tables
    from ledger.reader import LedgerReader

    try:
        with LedgerReader(db) as reader:
            fresh_tables(db, reader, reader.head()).close()
    except (OSError, duckdb.Error, DealsError) as error:
        say(f"note: recorded, but the tables cannot be made for now: {str(error).partition(chr(10))[0]}")


def _tell_preview(db: str, events: list[Event]) -> None:
    from cli.printing.bodies import field_lines, labelled
    from cli.printing.output import terminal_width
    from cli.recording.preview import changes
    from events.codec import as_raw

    for event in events[:_SHOWN_MAX]:
        raw = as_raw(event)
        dates = [(name.replace("_", " "), raw[name]) for name in ("announced_on", "effective_on")]
        click.echo(f"would record  {event.key}")
        click.echo("\n".join(labelled([("type", event.type), *dates, *field_lines(raw)], terminal_width())))
    if len(events) > _SHOWN_MAX:
        click.echo(f"would record {len(events)} events in all")
    if not events:
        click.echo("would record nothing: all of it is known already")
        return
    lines = changes(db, events)
    click.echo("\nwould change" if lines else "\nwould change no exposure, commitment or dilution")
    for line in lines:
        click.echo(f"  {line}")
    click.echo("\nnothing was recorded (--dry-run)", err=True)


_SHOWN_MAX = 20


def tell(receipt: Receipt) -> None:
    """Print what was recorded, and the log's position and root from then on."""
    for position, key in receipt.recorded[:_SHOWN_MAX]:
        click.echo(f"recorded  {position}  {key}")
    if len(receipt.keys) > _SHOWN_MAX:
        click.echo(f"recorded  {len(receipt.keys)} events in all")
    known = receipt.already_known
    if known:
        click.echo(f"already known  {known[0] if len(known) == 1 else f'{len(known)} events'}")
    click.echo(f"position  {receipt.size}")
    click.echo(f"root      {receipt.root}")


def _progress(stage: str, done: int, total: int) -> None:
    """Draw how far an import has come, where somebody watches."""
    if sys.stderr.isatty():
        of = f" of {total:,}" if total else ""
        sys.stderr.write(f"\r\x1b[K{stage} {done:,}{of}")
        sys.stderr.flush()


def _clear_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
