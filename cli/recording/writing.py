"""What verbs that record have in common: opening the ledger for writing, who records, and telling what was recorded."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from cli.done import note_done
from cli.input.dates import DAY
from cli.printing.output import say

if TYPE_CHECKING:
    from events.base import Event
    from ledger.application import Ledger
    from ledger.intake.located import Row
    from ledger.record.writing import Acknowledgement

__all__ = [
    "acknowledged",
    "found_on_option",
    "login",
    "open_ledger",
    "reason_option",
    "record_rows",
    "recorder_option",
    "tell",
    "tell_notes",
    "tell_with_itself",
]

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
    """Return the name that the system knows the user by, or `deals` where it knows none."""
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
        receipt = acknowledged(ledger.record_located(rows, progress=_progress))
    _clear_progress()
    tell(receipt)
    tell_notes(db, receipt)
    if receipt.size <= _MADE_READY_MAX:
        _make_ready(db)


def acknowledged(receipt: Acknowledgement) -> Acknowledgement:
    """Return an acknowledgement, what it tells being remembered as done: whatever fails from now on, that is told."""
    first, count = receipt.first, len(receipt.keys)
    if count == 1:
        note_done(f"the event was recorded: position {first}, key {receipt.keys[0]}")
    elif count:
        span = f"positions {first} to {first + count - 1}, keys {receipt.keys[0]} to {receipt.keys[-1]}"
        note_done(f"{count} events were recorded: {span}")
    known = len(receipt.already_known)
    if known:
        said = receipt.already_known[0] if known == 1 else f"{known} events"
        note_done(f"recorded before, and left as it is: {said}")
    return receipt


# Tables of a ledger of this size are made in a blink; those of a larger one by the first query, which shows progress.
_MADE_READY_MAX = 5_000


def _make_ready(db: str) -> None:
    """Bring the tables up to the log, so that the next query finds them fresh; where that fails, say so and go on."""
    from cli.asking.tables import fresh_tables
    from ledger.reader import LedgerReader

    try:
        with LedgerReader(db) as reader:
            fresh_tables(db, reader, reader.head()).close()
    except Exception as error:  # noqa: BLE001 - recorded is recorded: nothing about the tables takes that back
        said = str(error).partition("\n")[0] or type(error).__name__
        say(f"note: recorded, but the tables are not ready for queries yet ({said}); the next query makes them")


def _tell_preview(db: str, events: list[Event]) -> None:
    from cli.printing.bodies import field_lines, labelled, source_text
    from cli.printing.output import terminal_width
    from cli.recording.preview import changes
    from events.codec import as_raw

    for event in events[:_SHOWN_MAX]:
        raw = as_raw(event)
        dates = [(name.replace("_", " "), raw[name]) for name in ("announced_on", "effective_on")]
        click.echo(f"would record  {event.key}")
        said = [("type", event.type), *dates, *field_lines(raw), ("source", source_text(raw))]
        click.echo("\n".join(labelled(said, terminal_width())))
    if len(events) > _SHOWN_MAX:
        click.echo(f"would record {len(events)} events in all")
    if not events:
        click.echo("would record nothing: all of it is known already")
        return
    doubtful = [(event.key, event.with_itself()) for event in events]
    tell_with_itself([(key, what) for key, what in doubtful if what])
    lines = changes(db, events)
    click.echo("\nwould change" if lines else "\nwould change no exposure, commitment or dilution")
    for line in lines:
        click.echo(f"  {line}")
    say("\nnothing was recorded (--dry-run)")


_SHOWN_MAX = 20


def tell(receipt: Acknowledgement) -> None:
    """Print what was recorded, and the log's position and root from then on."""
    lines = [f"recorded  {position}  {key}" for position, key in receipt.recorded[:_SHOWN_MAX]]
    if len(receipt.keys) > _SHOWN_MAX:
        lines.append(f"recorded  {len(receipt.keys)} events in all")
    known = receipt.already_known
    if known:
        lines.append(f"already known  {known[0] if len(known) == 1 else f'{len(known)} events'}")
    # All at once, so that a reader who leaves early has seen either all of it or nothing.
    click.echo("\n".join([*lines, f"position  {receipt.size}", f"root      {receipt.root}"]))


def tell_notes(db: str, receipt: Acknowledgement) -> None:
    """Say on stderr what a recorder should know of what was recorded: what was known, said twice, has no source, or is of a company with itself."""
    for note in _notes(db, receipt):
        click.echo(f"note: {note}", err=True)
    tell_with_itself(receipt.with_itself)


def _notes(db: str, receipt: Acknowledgement) -> Iterator[str]:
    again = len(receipt.repeated)
    if len(receipt.already_known) == 1 and not again:
        yield _known_note(db, receipt)
    if again:
        yield f"{again:,} of them {'repeats' if again == 1 else 'repeat'} what the input itself says elsewhere"
    bare = receipt.unsourced
    if bare:
        which = f"for {bare[0]}" if len(bare) == 1 else f"for {len(bare):,} of {len(receipt.keys):,} events"
        yield f"no source is given {which}; correct it with one, or attach the document"


def tell_with_itself(found: Sequence[tuple[str, str]]) -> None:
    """Say on stderr of which events two parties are one company, given as key and what is so."""
    for key, said in found[:_SHOWN_MAX]:
        say(f"note: {said} in {key}; mend it if that is a slip, `deals check` lists it as a doubt")
    if len(found) > _SHOWN_MAX:
        say(f"note: so it is in {len(found) - _SHOWN_MAX:,} more events")


def _known_note(db: str, receipt: Acknowledgement) -> str:
    from ledger.reader import LedgerReader

    [key] = receipt.already_known
    with LedgerReader(db) as reader:
        [entry] = [found for found in [reader.find(key)] if found]
    said = f"{key} says the same; it is number {entry.position}, recorded at {entry.recorded_at} by {entry.recorder}"
    second = f"; if this is a second one, record it with --key {receipt.another} (in a file: key: {receipt.another})"
    return said + (second if receipt.another else "")


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
