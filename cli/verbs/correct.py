"""`deals correct`: what was recorded wrong is mended; the original stays for ever."""

from __future__ import annotations

import contextlib
import datetime as dt
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from cli.errors import UsageMistakeError
from cli.help import examples
from cli.input.complete import keys
from cli.input.options import db_option
from cli.recording.writing import (
    acknowledged,
    found_on_option,
    open_ledger,
    reason_option,
    recorder_option,
    tell,
    tell_with_itself,
)
from events.errors import DealsError

if TYPE_CHECKING:
    from events.base import Event
    from ledger.intake.located import Row

__all__ = ["correct"]


@click.command(
    epilog=examples(
        "deals correct oracle-openai-2025/compute/2025-09-10 --set amount='up_to 300B USD' --reason 'misread'",
        "deals correct KEY --set source.url=https://… --set capacity_gw= --reason 'no capacity was told'",
        "deals correct KEY --file right.yaml --reason 'typed the wrong deal'",
        "deals correct KEY --edit --reason 'wrong day'",
    )
)
@click.argument("key", shell_complete=keys)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Change one field; parts are dotted (tranches.0.shares), an empty value takes it out. May be repeated.",
)
@click.option("--file", metavar="FILE|-", help="Take the whole event as it should have read from a file.")
@click.option("--edit", is_flag=True, help="Mend the event as it stands in $EDITOR.")
@reason_option
@found_on_option
@recorder_option
@db_option
def correct(
    *,
    key: str,
    changes: tuple[str, ...],
    file: str | None,
    edit: bool,
    reason: str,
    announced_on: dt.date | None,
    recorder: str | None,
    db: str,
) -> None:
    """Mend an entry that was recorded wrong; the original stays.

    KEY is the event, or any of its corrections. The replacement takes the original's place from now on; queries with
    --recorded-by before it still see the original. Where the world changed its terms, append new terms with --amends
    instead.
    """
    if sum((bool(changes), file is not None, edit)) != 1:
        raise UsageMistakeError(f"correct {key}: say what to mend in one way", advice="give --set, --file or --edit")

    def replace_by(row: Row) -> None:
        with open_ledger(db, recorder) as ledger:
            given = ledger.correct(key, _event(row), reason=reason, announced_on=announced_on)
            receipt = acknowledged(given)
        tell(receipt)
        tell_with_itself(receipt.with_itself)

    if edit:
        _edit(db, key, replace_by, reason)
    else:
        replace_by(_changed(db, key, changes, reason) if changes else _only_row(str(file)))


class _Readings(NamedTuple):
    """How an event reads after its last correction, how it read before that, and the reason that correction gave."""

    standing: Event
    before: Event | None
    reason: str | None


def _readings(db: str, key: str) -> _Readings:
    from ledger.reader import LedgerReader

    with LedgerReader(db) as reader:
        chain = [reader.recorded(entry.position).event for entry in reader.chain(key)]
    read = [chain[0], *(event.replacement for event in chain if event.type == "event_corrected")]  # type: ignore[attr-defined]  # the type says the class
    corrected = chain[-1].type == "event_corrected"
    return _Readings(
        read[-1],
        read[-2] if corrected else None,
        chain[-1].reason if corrected else None,  # type: ignore[attr-defined]  # as above
    )


def _changed(db: str, key: str, changes: tuple[str, ...], reason: str) -> Row:
    """Return the event as it stands with the changes made.

    Where the last correction made the very same changes for the very same reason, this is that correction given again, as
    after a lost acknowledgement: to take the first of a list out twice would be another change.
    """
    from events.codec import encode

    readings = _readings(db, key)
    if readings.before is not None and readings.reason == reason.strip():
        with contextlib.suppress(DealsError):  # changes that the earlier reading does not take are new ones
            again = _patched(readings.before, key, changes)
            if encode(_event(again)) == encode(readings.standing):
                return again
    return _patched(readings.standing, key, changes)


def _patched(event: Event, key: str, changes: tuple[str, ...]) -> Row:
    from cli.recording.patch import patched
    from events.codec import as_raw
    from ledger.intake.rows import InputDefaults, row_of

    return row_of(f"correct {key}", 1, patched(as_raw(event), changes), InputDefaults(), texts=True)


def _only_row(file: str) -> Row:
    from ledger.intake.sources import read_rows

    rows = list(read_rows([file]))
    if len(rows) != 1:
        raise UsageMistakeError(
            f"--file {file}: holds {len(rows)} events", advice="give the one event as it should have read"
        )
    return rows[0]


def _edit(db: str, key: str, replace_by: Callable[[Row], None], reason: str) -> None:
    from cli.recording.editing import edited, event_yaml
    from events.codec import as_raw
    from ledger.intake.rows import InputDefaults
    from ledger.intake.sources import or_nothing
    from ledger.intake.yaml_documents import yaml_rows

    def record(text: str) -> None:
        for row in or_nothing("your text", yaml_rows("your text", text, InputDefaults())):
            replace_by(row)

    def again(kept: Path) -> str:
        return shlex.join(["deals", "correct", key, "--file", str(kept), "--reason", reason])

    edited(event_yaml(as_raw(_readings(db, key).standing)), record, again=again)


def _event(row: Row) -> Event:
    from events.errors import BadInputError
    from ledger.intake.located import Rejected

    if isinstance(row, Rejected):
        raise BadInputError(row.findings, rows=1)
    return row.event
