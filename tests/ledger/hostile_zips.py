"""Zip files that no honest export makes, each by what is wrong with it."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

__all__ = ["HOSTILE"]

TOP = "deals-audit"


def _entry(name: str, *, mode: int = stat.S_IFREG | 0o644, packed: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (2026, 1, 31, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = mode << 16
    entry.compress_type = packed
    return entry


def _with(
    name: str, content: bytes = b"x", *, mode: int = stat.S_IFREG | 0o644
) -> Callable[[Path, dict[str, bytes]], Path]:
    """Add one entry of a strange name or kind to an honest bundle."""

    def made(place: Path, files: dict[str, bytes]) -> Path:
        with zipfile.ZipFile(place, "w") as archive:
            for honest, said in files.items():
                archive.writestr(_entry(f"{TOP}/{honest}"), said)
            archive.writestr(_entry(name, mode=mode), content)
        return place

    return made


def _patched(old: bytes, new: bytes) -> Callable[[Path, dict[str, bytes]], Path]:
    """Put bytes that zipfile would not write into an honest bundle, in both of its directories."""

    def made(place: Path, files: dict[str, bytes]) -> Path:
        _with(f"{TOP}/data/{old.decode()}")(place, files)
        place.write_bytes(place.read_bytes().replace(old, new))
        return place

    return made


def _bomb(place: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        for name, said in files.items():
            if name != "data/events.jsonl":
                archive.writestr(_entry(f"{TOP}/{name}"), said)
        archive.writestr(_entry(f"{TOP}/data/events.jsonl", packed=zipfile.ZIP_DEFLATED), b"0" * (64 << 20))
    return place


def _central(name: bytes, size: int, packed: int, offset: int, crc: int) -> bytes:
    head = struct.pack(
        "<4s6H3L5H2L",
        b"PK\x01\x02",
        0x31E,
        20,
        0,
        8,
        0,
        0x21,
        crc,
        packed,
        size,
        len(name),
        0,
        0,
        0,
        0,
        0o100644 << 16,
        offset,
    )
    return head + name


def _overlapping(place: Path, _files: dict[str, bytes]) -> Path:
    """Let two entries share the same packed bytes, as bombs without compression of their own do."""
    content = b"shared"
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeezer.compress(content) + squeezer.flush()
    name, crc = f"{TOP}/one".encode(), zlib.crc32(content)
    local = (
        struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0x21, crc, len(packed), len(content), len(name), 0)
        + name
        + packed
    )
    central = b"".join(_central(n, len(content), len(packed), 0, crc) for n in (name, f"{TOP}/two".encode()))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(central), len(local), 0)
    place.write_bytes(local + central + end)
    return place


def _huge(place: Path, _files: dict[str, bytes]) -> Path:
    """Claim more bytes than any trail has."""
    name = f"{TOP}/data/events.jsonl".encode()
    central = b"".join(_central(name + b"%d" % n, 0xFFFFFFFE, 0x7FFFFFFF, 0, 0) for n in range(20))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 20, 20, len(central), 0, 0)
    place.write_bytes(central + end)
    return place


def _twice(place: Path, files: dict[str, bytes]) -> Path:
    return _patched(b"factz.csv", b"facts.csv")(place, files)


HOSTILE: dict[str, Callable[[Path, dict[str, bytes]], Path]] = {
    "a name with ../": _with("../outside"),
    "a name with ../ further down": _with(f"{TOP}/data/../../../outside"),
    "an absolute name": _with("/etc/outside"),
    "a name with a drive": _with("C:/outside"),
    "a name with backslashes": _patched(b"a-b-outside", b"..\\..\\outsi"),
    "a name with a null character": _patched(b"null-outside", b"nul\x00-outside"),
    "an empty part of a name": _with(f"{TOP}//outside"),
    "a symbolic link": _with(f"{TOP}/data/link", b"/etc/passwd", mode=stat.S_IFLNK | 0o777),
    "a device": _with(f"{TOP}/data/device", b"", mode=stat.S_IFCHR | 0o644),
    "a pipe": _with(f"{TOP}/data/pipe", b"", mode=stat.S_IFIFO | 0o644),
    "a bomb": _bomb,
    "entries that overlap": _overlapping,
    "more bytes than any trail has": _huge,
    "a file that is there twice": _twice,
    "a file that differs from another in case alone": _with(f"{TOP}/data/FACTS.csv"),
    "a file beside the one folder": _with("beside"),
}
