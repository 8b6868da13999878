"""`deals append --edit TYPE`: an announcement written in the user's editor, from a commented template."""

from __future__ import annotations

from cli.input.event_types import recorded_type
from cli.recording.editing import edited, template
from cli.recording.writing import record_rows

__all__ = ["append_edited"]


def append_edited(type_name: str, *, db: str, recorder: str | None, dry_run: bool) -> None:
    """Open a template of a type, and record what comes back.

    Raises EditAbortedError where nothing was written, and BadInputError with the place of the kept text.
    """
    from ledger.intake.rows import InputDefaults
    from ledger.intake.sources import or_nothing
    from ledger.intake.yaml_documents import yaml_rows
    from ledger.reader import LedgerReader

    LedgerReader(db).close()  # a missing ledger is told before an hour is spent on writing

    def record(text: str) -> None:
        record_rows(
            or_nothing("your text", yaml_rows("your text", text, InputDefaults())),
            db=db,
            recorder=recorder,
            dry_run=dry_run,
        )

    edited(template(recorded_type(type_name)), record)
