"""What lies where a kept file is to lie: only a plain file is ever opened, replaced or removed there."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["is_plain", "obstacle", "remove_orphan", "write_ahead_log"]

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def write_ahead_log(path: Path) -> Path:
    """Return the file that DuckDB reads into a database as it opens it."""
    return path.with_name(f"{path.name}.wal")


def obstacle(path: Path) -> str:
    """Say what is in the way of a kept file or of its write-ahead log, and that it is no file; empty where nothing is.

    Opening a pipe waits for whoever is at its other end, and DuckDB would open what lies there.
    """
    return next((said for place in (path, write_ahead_log(path)) if (said := _in_the_way(place))), "")


def is_plain(path: Path) -> bool:
    """Say whether a plain file lies there, without following a link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def remove_orphan(path: Path) -> None:
    """Remove a write-ahead log beside a kept file, which is whole: the log is some other file's. Raises OSError."""
    log = write_ahead_log(path)
    if log.is_symlink() or log.is_file():
        log.unlink(missing_ok=True)


def _in_the_way(place: Path) -> str:
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"{place} cannot be looked at ({error.strerror})"
    kind = next((kind for is_one, kind in _KINDS if is_one(mode)), "something else")
    return "" if stat.S_ISREG(mode) else f"{place} is {kind} and no file"
