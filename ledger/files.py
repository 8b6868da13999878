"""Writes a file for a user: whole or not at all, through links and into devices, and with the mode and owner it had."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = [
    "append_line",
    "descriptor_of",
    "locked",
    "put_in_place",
    "refuse_no_file",
    "refuse_unwritable",
    "sync_folder",
    "write_file",
]

_LINKS_MAX = 40  # as many as Linux follows
_NEW_FILE = 0o666  # less what the user's umask takes away
# Where a new file cannot stand beside the old one or take its name, the old one may still be writable.
_NO_EXCHANGE = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EXDEV, errno.EROFS})


def write_file(target: Path, content: bytes) -> None:
    """Write a file for a user.

    Links are followed: what they point at is written, also through a hard link. A device, a named pipe or one of this
    process's own descriptors (`/dev/stdout`) takes the bytes as they come. A plain file keeps its mode and owner, and
    holds either all of the new content or the old one. Raises OSError that names the target.
    """
    try:
        place = _behind_links(target)
        descriptor = _own_descriptor(place)
        if descriptor is not None:
            _pour(os.dup(descriptor), content)
            return
        there = _status(place)
        if there is None:
            _exchange(place, content, None)
        elif not stat.S_ISREG(there.st_mode):
            _pour(os.open(place, os.O_WRONLY | _NO_TERMINAL), content)
        elif not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        elif there.st_nlink > 1:
            _overwrite(place, content)
        else:
            _exchange_or_overwrite(place, content, there)
    except OSError as error:
        # What failed may have been a neighbour with a name of our own making; the user knows the target.
        raise OSError(error.errno, error.strerror, str(target)) from error


def refuse_unwritable(target: Path) -> None:
    """Look whether a file can be written, before work is done whose result goes there. Raises OSError."""
    place = _behind_links(target)
    if _own_descriptor(place) is not None:
        return
    there = _status(place)
    if there is None:
        _refuse_folder(place.parent, target)
    elif stat.S_ISDIR(there.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    elif not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))


def descriptor_of(target: Path) -> int | None:
    """Return which of this process's own descriptors a path such as `/dev/stdout` stands for, or None."""
    return _own_descriptor(_behind_links(target))


def put_in_place(written: Path, target: Path) -> None:
    """Move a file that was written beside a target to the target's name, when its bytes are on the disk. Raises OSError."""
    handle = os.open(written, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    written.replace(target)
    sync_folder(target.parent)


_NO_TERMINAL = getattr(os, "O_NOCTTY", 0)  # a terminal that is written to must not become ours
_AS_IT_IS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def _behind_links(target: Path) -> Path:
    """Follow symbolic links to what they end at, there or not; an own descriptor ends the way. Raises OSError."""
    place = target
    for _ in range(_LINKS_MAX):
        if _own_descriptor(place) is not None or not place.is_symlink():
            return place
        place = place.parent / place.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(target))


def _own_descriptor(place: Path) -> int | None:
    """Read `/dev/fd/1` and `/proc/self/fd/1`; opening those anew would begin at the start of what is written already."""
    if not (place.name.isascii() and place.name.isdigit()):
        return None
    folder = os.path.realpath(place.parent)
    own = {"/dev/fd", "/proc/self/fd", f"/proc/{os.getpid()}/fd", f"/proc/{os.getpid()}/task/{os.getpid()}/fd"}
    return int(place.name) if folder in own else None


def _status(place: Path) -> os.stat_result | None:
    try:
        return place.stat()
    except FileNotFoundError:
        return None


def _refuse_folder(folder: Path, target: Path) -> None:
    if not folder.is_dir():
        number = errno.ENOTDIR if folder.exists() else errno.ENOENT
        raise OSError(number, os.strerror(number), str(target))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))


def _pour(handle: int, content: bytes) -> None:
    """Write into what is open, and close it."""
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _exchange_or_overwrite(place: Path, content: bytes, there: os.stat_result) -> None:
    try:
        _exchange(place, content, there)
    except OSError as error:
        if error.errno not in _NO_EXCHANGE:
            raise
        _overwrite(place, content)


def _exchange(place: Path, content: bytes, there: os.stat_result | None) -> None:
    """Write a new file beside the place, and give it the name when its bytes are on the disk."""
    # A name that nobody can guess and that is not there yet: nobody's link is followed.
    fresh = place.with_name(f".deals-{secrets.token_hex(8)}")
    mode = _NEW_FILE if there is None else stat.S_IRUSR | stat.S_IWUSR
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_IT_IS, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            if there is not None:
                _keep(file.fileno(), place, there)
            file.write(content)
        put_in_place(fresh, place)
    finally:
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()


def _keep(handle: int, place: Path, there: os.stat_result) -> None:
    """Put on a new file the owner, mode and extended attributes of the one it replaces. Raises OSError where it may not."""
    if hasattr(os, "fchown"):
        made = os.fstat(handle)
        if (made.st_uid, made.st_gid) != (there.st_uid, there.st_gid):
            os.fchown(handle, there.st_uid, there.st_gid)
        os.fchmod(handle, stat.S_IMODE(there.st_mode))
    for name, value in _attributes(place):
        os.setxattr(handle, name, value)


def _attributes(place: Path) -> Iterator[tuple[str, bytes]]:
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):  # a file system without them
            yield from [(name, os.getxattr(place, name)) for name in os.listxattr(place)]


def _overwrite(place: Path, content: bytes) -> None:
    """Write over a file that must stay the same file; what was there comes back where the new content does not fit."""
    with place.open("r+b") as file:
        old = file.read()
        try:
            _replace_all(file.fileno(), content)
        except BaseException:
            _replace_all(file.fileno(), old)
            raise


def _replace_all(handle: int, content: bytes) -> None:
    os.lseek(handle, 0, os.SEEK_SET)
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]
    os.ftruncate(handle, len(content))
    os.fsync(handle)


def refuse_no_file(path: Path) -> None:
    """Look at what is to be read or added to: opening a pipe would wait for whoever is at its other end. Raises OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no file", str(path))


def append_line(path: Path, line: bytes) -> None:
    """Add a line to a file, whole and on the disk, or not at all; the rest of one that was cut off before is taken away.

    Raises OSError.
    """
    with contextlib.suppress(FileNotFoundError):
        refuse_no_file(path)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        with locked(path):  # two processes never cut off each other's lines
            old = os.fstat(handle).st_size
            whole = _end_of_lines(handle, old)
            if whole < old:
                os.ftruncate(handle, whole)
            try:
                rest = memoryview(line)
                while rest:
                    rest = rest[os.write(handle, rest) :]
                os.fsync(handle)
            except BaseException:
                os.ftruncate(handle, whole)
                raise
    finally:
        os.close(handle)


def _end_of_lines(handle: int, size: int) -> int:
    """Return the length of a file up to the end of its last whole line."""
    end = size
    while end > 0:
        start = max(end - _LOOK_BACK, 0)
        found = os.pread(handle, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


_LOOK_BACK = 1 << 16


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process at a time into the block, by a lock on a file or folder that is there; without, where none can be had.

    Raises OSError where it cannot be opened.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the new name itself durable, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
