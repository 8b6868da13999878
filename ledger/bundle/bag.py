"""Writes a BagIt bag (RFC 8493): payload files with their SHA-256, as a folder or as one zip with fixed bytes.

The zip is not compressed: its bytes then depend on no compression library, and the same ledger gives the same file on
every machine.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, NamedTuple

from ledger.files import put_in_place
from ledger.memory.errors import BundleExistsError, BundleNotWrittenError

__all__ = ["TOP", "BagWriter", "new_bag"]

TOP = "deals-audit"
"""The one folder in a zipped bundle."""

_BLOCK = 1 << 20
_DATE_MIN = (1980, 1, 1)


class _Written(NamedTuple):
    digest: str
    size: int


class HashedFile:
    """A file of the bag that is being written; its digest comes along."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = sha256()
        self.size = 0

    def write(self, content: bytes) -> None:
        """Add bytes."""
        self._file.write(content)
        self._digest.update(content)
        self.size += len(content)

    def written(self) -> _Written:
        """Return digest and size so far."""
        return _Written(self._digest.hexdigest(), self.size)


class BagWriter:
    """A bag in the making, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._payload: dict[str, _Written] = {}
        self._tags: dict[str, _Written] = {}

    @contextmanager
    def open(self, name: str) -> Iterator[HashedFile]:
        """Write a payload file piece by piece; `name` is its path below `data/`."""
        path = self.folder / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb", buffering=_BLOCK) as raw:
            file = HashedFile(raw)
            yield file
        self._payload[f"data/{name}"] = file.written()

    def add(self, name: str, content: bytes) -> None:
        """Write a whole payload file."""
        with self.open(name) as file:
            file.write(content)

    def copy(self, name: str, source: Path) -> None:
        """Write a payload file from another file. Raises OSError."""
        with source.open("rb") as read, self.open(name) as file:
            while block := read.read(_BLOCK):
                file.write(block)

    def payload(self) -> dict[str, tuple[str, int]]:
        """Return digest and size of each payload file so far, by path in the bag."""
        return dict(self._payload)

    def finish(self, info: dict[str, str]) -> None:
        """Write the manifests and tag files; `info` becomes `bag-info.txt`."""
        total = sum(written.size for written in self._payload.values())
        self._tag("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        oxum = {"Payload-Oxum": f"{total}.{len(self._payload)}"}
        self._tag("bag-info.txt", "".join(f"{name}: {value}\n" for name, value in (info | oxum).items()))
        self._tag("manifest-sha256.txt", _manifest(self._payload))
        self._tag("tagmanifest-sha256.txt", _manifest(dict(self._tags)))

    def _tag(self, name: str, text: str) -> None:
        content = text.encode()
        (self.folder / name).write_bytes(content)
        self._tags[name] = _Written(sha256(content).hexdigest(), len(content))

    def names(self) -> list[str]:
        """Return the paths of all files, in order: what says what the bag is comes first."""
        return [*self._tags, *sorted(self._payload)]


def _manifest(files: dict[str, _Written]) -> str:
    return "".join(f"{written.digest}  {name}\n" for name, written in sorted(files.items()))


@contextmanager
def new_bag(target: Path, *, day: str) -> Iterator[BagWriter]:
    """Write a bag to `target`, a folder or a `.zip`, which appears whole or not at all.

    `day` (YYYY-MM-DD) is the date of all entries of a zip. Raises BundleExistsError or BundleNotWrittenError.
    """
    if target.exists() or target.is_symlink():
        raise BundleExistsError(f"{target} is there already", advice="name a place where nothing is yet")
    try:
        stage = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise BundleNotWrittenError(
            f"nothing can be written beside {target}: {error.strerror}", advice="name a place in a folder of yours"
        ) from None
    try:
        bag = BagWriter(stage / "bag")
        bag.folder.mkdir()
        try:
            yield bag
            if target.suffix.lower() == ".zip":
                packed = stage / "bag.zip"
                _pack(bag, packed, day)
                put_in_place(packed, target)
            else:
                bag.folder.replace(target)
        except OSError as error:
            raise BundleNotWrittenError(
                f"{target} cannot be written: {error}", advice="check that the disk has room"
            ) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _pack(bag: BagWriter, packed: Path, day: str) -> None:
    year, month, date = map(int, day.split("-"))
    when = (max(_DATE_MIN, (year, month, date)), (0, 0, 0))
    with zipfile.ZipFile(packed, "x", zipfile.ZIP_STORED) as archive:
        for name in bag.names():
            entry = zipfile.ZipInfo(f"{TOP}/{name}", (*when[0], *when[1]))
            entry.create_system = 3  # Unix, so that the permissions mean something
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            source = bag.folder / name
            entry.file_size = source.stat().st_size
            with source.open("rb") as read, archive.open(entry, "w") as written:
                shutil.copyfileobj(read, written, _BLOCK)
