"""A folder of one's own beside a file, in which its successor is made; what a killed process left there is cleared away.

A folder belongs to whoever holds the lock on the file `owner` in it, which the system gives back when a process ends, however
it ends. So two processes never touch each other's work, and nobody's work does not stay.
"""

from __future__ import annotations

import contextlib
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from projections.places import is_plain

__all__ = ["clear_away", "making_aside"]

_OWNER = "owner"
# Where nobody can be asked (no locks, or a former release's file), what was not touched for so long belongs to nobody.
_FORGOTTEN_SECONDS = 3600


@contextlib.contextmanager
def making_aside(path: Path) -> Iterator[Path]:
    """Yield a path on the same file system at which to make a successor of `path`; nothing of it stays. Raises OSError."""
    import shutil

    folder, owner = _own_folder(path)
    try:
        yield folder / path.name
    finally:
        owner.close()
        shutil.rmtree(folder, ignore_errors=True)


def clear_away(path: Path) -> None:
    """Remove what lies beside `path` from processes that are no more: folders as above, and a former release's files.

    What cannot be removed stays.
    """
    names = re.compile(rf"{re.escape(path.name)}\.(?:(\w{{8}}\.new)|\d+\.new(?:\.wal)?)")
    for left in path.parent.iterdir():
        found = names.fullmatch(left.name)
        with contextlib.suppress(OSError):
            if found and found[1] and left.is_dir() and not left.is_symlink():
                _clear_folder(left)
            elif found and is_plain(left) and _is_forgotten(left):
                left.unlink()


def _own_folder(path: Path) -> tuple[Path, IO[bytes]]:
    import tempfile

    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent))
        # Until the file in it is locked somebody may take the folder for nobody's; then another one is made.
        with contextlib.suppress(FileNotFoundError):
            owner = (folder / _OWNER).open("wb")
            _lock(owner)
            if (folder / _OWNER).exists():
                return folder, owner
            owner.close()


def _clear_folder(folder: Path) -> None:
    import shutil

    if not (folder / _OWNER).exists():
        folder.rmdir()
        return
    if not is_plain(folder / _OWNER):  # none of ours
        return
    owner = (folder / _OWNER).open("r+b")
    with owner:
        locked = _lock(owner, wait=False)
        if _is_forgotten(folder) if locked is None else locked:
            shutil.rmtree(folder)


def _is_forgotten(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > _FORGOTTEN_SECONDS


if sys.platform == "win32":

    def _lock(_file: IO[bytes], *, wait: bool = True) -> bool | None:  # noqa: ARG001 - as elsewhere
        """Say that nobody can be asked."""
        return None

else:

    def _lock(file: IO[bytes], *, wait: bool = True) -> bool | None:
        """Lock a file until it is closed; False where somebody else has it, None where the file system knows no locks."""
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None
        return True
