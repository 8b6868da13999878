"""Writes a file for a user: whole or not at all, through links and into devices, and with the mode and owner it had."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

__all__ = ["descriptor_of", "put_in_place", "refuse_unwritable", "write_file"]

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
    _sync_folder(target.parent)


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


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
