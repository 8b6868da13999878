"""What the audit commands have in common: processors, the instant, and an entry in the operations journal."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

from cli.errors import FileMissingError
from cli.printing.output import say
from cli.recording.writing import login

__all__ = ["journal", "now", "processes_for", "read_file"]

_WORTH_SHARING = 50_000


def now() -> dt.datetime:
    """Give the present instant."""
    from ledger.clock import SystemClock

    return SystemClock().now()


def processes_for(events: int) -> int:
    """Say on how many processors to work: starting others takes longer than a small log."""
    return max(os.cpu_count() or 1, 1) if events >= _WORTH_SHARING else 1


def journal(ledger: Path, what: str, **particulars: Any) -> None:  # noqa: ANN401 - any JSON value
    """Note in the operations journal what was done; where that cannot be written, say so and go on."""
    from ledger.memory.folder import audit_folder
    from ledger.store.errors import CannotWriteError

    try:
        audit_folder(ledger).note_deed(what, particulars, who=login(), at=now())
    except CannotWriteError as error:
        say(f"note: not entered in the operations journal: {error.message}")


def read_file(path: str) -> bytes:
    """Read a file named on the command line. Raises FileMissingError."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise FileMissingError(f"{path}: {error.strerror}", advice="check the name") from error
