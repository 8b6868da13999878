"""The last line of a kept file: what made it, which log it holds, and the digest of every byte before it.

DuckDB reads its own blocks and passes over what follows them, so the line travels with the file when it is renamed.
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Seal", "break_seal", "ends_whole", "read_seal", "seal_file"]

_BLOCK = 1 << 20
# Longer than any such line.
_TAIL = 512
_BEGIN = b"\ndeals-tables "
# A database of DuckDB is three headers, the first of which names it, and blocks of one size.
_NAME, _NAME_AT = b"DUCK", 8
_HEADERS, _DATABASE_BLOCK = 3 * 4096, 262_144
_FIELDS = ("content", "size", "root", "sha256")


class Seal(NamedTuple):
    """What a file was made by, and the size and root (hexadecimal) of the log in it.

    `intact` says whether every byte before the line is as it was written, `length` how many of them are the database.
    """

    content: str
    size: int
    root: str
    intact: bool = True
    length: int = 0


def seal_file(path: Path, *, content: str, size: int, root: str) -> None:
    """Close a finished file with its line. Raises OSError."""
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.write(b"%bcontent=%b size=%d root=%b" % (_BEGIN, content.encode(), size, root.encode()))
        digest = _digest(file, file.tell())
        file.seek(0, os.SEEK_END)
        file.write(f" sha256={digest}\n".encode())


def read_seal(path: Path) -> Seal | None:
    """Return what a file says of itself, having read all of it; None where it has no such line. Raises OSError."""
    with path.open("rb") as file:
        length = file.seek(0, os.SEEK_END)
        file.seek(max(length - _TAIL, 0))
        _, begin, line = file.read().rpartition(_BEGIN)
        said = dict(word.partition(b"=")[::2] for word in line.removesuffix(b"\n").split(b" "))
        if tuple(said) != tuple(name.encode() for name in _FIELDS) or not said[b"size"].isdigit():
            return None
        content, size, root, digest = (value.decode("ascii", "replace") for value in said.values())
        intact = line.endswith(b"\n") and _digest(file, length - len(f" sha256={digest}\n")) == digest
        return Seal(content, int(size), root, intact, length - len(begin) - len(line))


def ends_whole(path: Path) -> bool:
    """Say whether a file without its line is as long as a whole database of DuckDB may be. Raises OSError."""
    with path.open("rb") as file:
        named = file.read(_NAME_AT + len(_NAME))[_NAME_AT:] == _NAME
        length = file.seek(0, os.SEEK_END)
    return named and length >= _HEADERS and (length - _HEADERS) % _DATABASE_BLOCK == 0


def break_seal(path: Path, seal: Seal) -> None:
    """Take the line off a file that is to be changed. Raises OSError."""
    os.truncate(path, seal.length)


def _digest(file: BinaryIO, length: int) -> str:
    """Return the SHA-256 of the first `length` bytes."""
    file.seek(0)
    digest = sha256()
    while length > 0 and (block := file.read(min(length, _BLOCK))):
        digest.update(block)
        length -= len(block)
    return digest.hexdigest()
