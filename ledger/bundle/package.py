"""Opens a bundle that a stranger made, a folder or a zip, and reads it without ever writing a file.

Names that lead elsewhere, links, files that unpack to far more than they are, and files told twice are refused before
a byte of them is read.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

from ledger.memory.errors import BundleNotFoundError, BundleUnreadableError, UnsafeBundleError

__all__ = ["Package", "is_bundle", "open_package"]

FILES_MAX = 2_000_000
BYTES_MAX = 1 << 36
"""64 GiB in all; a trail of a million events takes two."""

RATIO_MAX = 100
"""How many times its size in the zip a file may unpack to; text seldom packs to a twentieth."""

_RATIO_COUNTS_FROM = 1 << 20
_BLOCK = 1 << 20
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ENCRYPTED = 1
# The lengths of name and extra field stand at the end of an entry's own header, which may differ from the directory's.
_LOCAL_HEADER = struct.Struct("<26xHH")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def _refuse(name: str, why: str) -> UnsafeBundleError:
    return UnsafeBundleError(
        f"the bundle was refused: {name!r} {why}",
        advice="no export of ours looks like this; nothing was unpacked. Ask the sender for it anew",
    )


def _safe_name(name: str) -> str:
    """Return a name as it is where it stays within the bundle. Raises UnsafeBundleError."""
    parts = name.split("/")
    if not name or _CONTROL.search(name) or "\\" in name or name.startswith("/") or ":" in parts[0]:
        raise _refuse(name, "is not a plain name below the bundle")
    if any(part in {"", ".", ".."} for part in parts):
        raise _refuse(name, "leads out of the bundle")
    return name


class Package:
    """The files of a bundle by their names, `/` between folders."""

    def __init__(self, place: Path, sizes: dict[str, int]) -> None:
        self.place = place
        self.sizes = sizes

    def __contains__(self, name: str) -> bool:
        return name in self.sizes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def names(self, prefix: str = "") -> list[str]:
        """Return the names that begin with a prefix, in order."""
        return sorted(name for name in self.sizes if name.startswith(prefix))

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file for reading. Raises BundleUnreadableError, also while it is read."""
        try:
            with self._open(name) as file:
                yield file
        except _UNREADABLE as error:
            raise BundleUnreadableError(f"{self.place}: {name}: {error}", advice="get the bundle anew") from error

    def read(self, name: str, *, most: int) -> bytes:
        """Read a whole file. Raises UnsafeBundleError where it is longer than any honest one, BundleUnreadableError."""
        if self.sizes[name] > most:
            raise _refuse(name, f"has {self.sizes[name]:,} bytes; such a file never has more than {most:,}")
        with self.open(name) as file:
            return file.read(most + 1)

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a file in blocks. Raises BundleUnreadableError."""
        with self.open(name) as file:
            while block := file.read(_BLOCK):
                yield block

    def span(self, name: str) -> tuple[Path, int] | None:  # noqa: ARG002 - what other packages need
        """Return the file on the disk that holds a file of the bundle as it is, and where in it; None where none does."""
        return None

    @abstractmethod
    def _open(self, name: str) -> IO[bytes]: ...

    @abstractmethod
    def close(self) -> None:
        """Let go of the files."""


class _Folder(Package):
    def __init__(self, place: Path) -> None:
        super().__init__(place, dict(_walk(place, "")))

    def _open(self, name: str) -> IO[bytes]:
        # A file that became a link since it was looked at is not followed either.
        return os.fdopen(os.open(self.place / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")

    def span(self, name: str) -> tuple[Path, int] | None:
        """Return the file itself."""
        return (self.place / name, 0) if name in self.sizes else None

    def close(self) -> None:
        """Nothing is held open."""


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            name = _safe_name(prefix + entry.name)
            if entry.is_symlink():
                raise _refuse(name, "is a link")
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(folder / entry.name, f"{name}/")
            elif entry.is_file(follow_symlinks=False):
                yield name, entry.stat(follow_symlinks=False).st_size
            else:
                raise _refuse(name, "is neither a file nor a folder")


class _Zip(Package):
    def __init__(self, place: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(place)
        except _UNREADABLE as error:
            raise BundleUnreadableError(f"{place} is not a whole zip file: {error}", advice="get it anew") from error
        try:
            self._entries = _checked(self._archive.infolist(), place)
        except BaseException:
            self._archive.close()
            raise
        super().__init__(place, {name: entry.file_size for name, entry in self._entries.items()})

    def _open(self, name: str) -> IO[bytes]:
        return self._archive.open(self._entries[name])

    def span(self, name: str) -> tuple[Path, int] | None:
        """Return the zip and the place of a file's bytes in it, where they are not packed."""
        entry = self._entries.get(name)
        if entry is None or entry.compress_type != zipfile.ZIP_STORED:
            return None
        with self.place.open("rb") as file:
            file.seek(entry.header_offset)
            name_bytes, extra_bytes = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
        return self.place, entry.header_offset + _LOCAL_HEADER.size + name_bytes + extra_bytes

    def close(self) -> None:
        """Close the zip file."""
        self._archive.close()


def _checked(entries: list[zipfile.ZipInfo], place: Path) -> dict[str, zipfile.ZipInfo]:
    """Look at every entry before any is read; gives the files by their names below the one top folder."""
    if len(entries) > FILES_MAX or sum(entry.file_size for entry in entries) > BYTES_MAX:
        raise _refuse(place.name, "unpacks to more than any trail has")
    found: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    tops: set[str] = set()
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        # The name as it stands in the file: zipfile cuts it at a null character and turns backslashes around.
        name = _safe_name(entry.orig_filename.removesuffix("/"))
        _check_entry(entry, name)
        if entry.header_offset < end:
            raise _refuse(name, "shares its bytes with another file")
        end = entry.header_offset + entry.compress_size
        top, _, rest = name.partition("/")
        tops.add(top)
        if entry.is_dir():
            continue
        if name.casefold() in folded:
            raise _refuse(name, "is there twice")
        folded.add(name.casefold())
        found[rest] = entry
    if len(tops) > 1 or "" in found:
        raise _refuse(place.name, "does not hold one folder with everything in it")
    return found


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _refuse(name, "is a link or a device")
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise _refuse(name, "is encrypted or packed in an unusual way")
    if entry.compress_type == zipfile.ZIP_STORED and entry.file_size != entry.compress_size:
        raise _refuse(name, "says two different sizes of itself")
    if entry.file_size > _RATIO_COUNTS_FROM and entry.file_size > RATIO_MAX * entry.compress_size:
        raise _refuse(name, f"unpacks to {entry.file_size:,} bytes from {entry.compress_size:,}: a zip bomb")


def open_package(place: Path) -> Package:
    """Open a bundle. Raises BundleNotFoundError, BundleUnreadableError or UnsafeBundleError."""
    if place.is_dir():
        return _Folder(place)
    if not place.exists():
        raise BundleNotFoundError(f"there is no bundle at {place}", advice="give the folder or the zip file")
    return _Zip(place)


def is_bundle(place: Path) -> bool:
    """Say whether a path looks like a bundle of ours rather than a file or folder of announcements."""
    if place.is_dir():
        return (place / "bagit.txt").is_file() and (place / "data" / "events.jsonl").exists()
    return place.suffix.lower() == ".zip" and place.is_file()
