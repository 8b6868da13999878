"""An entry in the operations journal of a ledger, which says who handed out, verified or restored what, and when."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from cli.printing.output import say
from cli.recording.writing import login

__all__ = ["journal", "now"]


def now() -> dt.datetime:
    """Return the present instant."""
    from ledger.clock import SystemClock

    return SystemClock().now()


def journal(ledger: Path, what: str, **particulars: Any) -> None:  # noqa: ANN401 - any JSON value
    """Note in the operations journal what was done; where that cannot be written, say so and go on."""
    from ledger.memory.folder import audit_folder
    from ledger.store.errors import CannotWriteError

    try:
        audit_folder(ledger).note_deed(what, particulars, who=login(), at=now())
    except CannotWriteError as error:
        say(f"note: not entered in the operations journal: {error.message}")
