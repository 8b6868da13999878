"""What a ledger remembers of itself outside its own file: its signing key, its checkpoints, and who handed out what.

All of it lies in a folder beside the ledger. A copy of an older ledger file put in the place of the present one does
not bring an older memory with it, which is how a roll-back of the file is noticed.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from events.envelope import instant_text
from ledger.files import append_line, refuse_no_file
from ledger.memory.errors import MemoryDamagedError
from ledger.memory.key_files import KeyFiles
from ledger.store.errors import CannotWriteError

if TYPE_CHECKING:
    import datetime as dt

    from ledger.proof.keys import SigningKey, VerifierKey

__all__ = ["AuditFolder", "Deed", "Remembered", "RememberedKind", "audit_folder"]

RememberedKind = Literal["own", "restored", "witnessed"]
"""Whose word a remembered checkpoint is: ours, that of the ledger this one was restored from, or a copy others kept."""


@dataclass(frozen=True)
class Remembered:
    """A checkpoint that the ledger must go on extending; `root` is hexadecimal, `vkey` the key that signed it.

    `ssh` is the OpenSSH signature of `note`, `stamp` an RFC 3161 time stamp of it; either may be absent (empty).
    """

    kind: RememberedKind
    size: int
    root: str
    note: bytes
    vkey: str
    ssh: str
    stamp: bytes
    at: str


@dataclass(frozen=True)
class Deed:
    """An entry of the operations journal: when, who, what was done, and particulars."""

    at: str
    who: str
    what: str
    particulars: dict[str, Any]


def audit_folder(ledger: Path) -> AuditFolder:
    """Return the folder that belongs to a ledger file, whether it is there or not."""
    return AuditFolder(ledger.with_name(ledger.name + ".audit"))


class AuditFolder:
    """The folder beside a ledger; nothing is made in it before it is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkpoints_file = folder / "checkpoints.jsonl"
        self.journal_file = folder / "journal.jsonl"
        self.keys = KeyFiles(folder)

    def has_key(self) -> bool:
        """Say whether the ledger has a signing key, usable or not."""
        return self.keys.are_there()

    def make_key(self, origin: str | None = None) -> SigningKey:
        """Make the ledger's key; `origin` is the name of the log, one made up at random where none is given.

        Raises KeyFileNotWrittenError where there is one already, MalformedKeyError or CannotWriteError.
        """
        self._make_folder()
        return self.keys.make(origin or f"deals/{secrets.token_hex(6)}")

    def key(self) -> SigningKey:
        """Return the signing key. Raises NoSigningKeyError, KeyFileError or MalformedKeyError."""
        return self.keys.key()

    def verifier(self) -> VerifierKey:
        """Return the public half of the present key. Raises NoSigningKeyError or MalformedKeyError."""
        return self.keys.verifier()

    def known_keys(self) -> list[VerifierKey]:
        """Return the present public key, the retired ones, and those of remembered checkpoints of other owners."""
        from ledger.proof.keys import parse_vkey

        lines = [self.verifier().vkey] if self.has_key() else []
        lines += [path.read_text().removesuffix("\n") for path in sorted(self.folder.glob("retired-*.vkey"))]
        lines += [remembered.vkey for remembered in self.checkpoints() if remembered.vkey]
        return [parse_vkey(line) for line in dict.fromkeys(lines)]

    def rotate(self) -> tuple[SigningKey, bytes]:
        """Retire the key for a new one of the same name; gives it and a note in which the old key names the new one.

        Whoever holds the old public key can check that note and trust the new key on its word.
        Raises as `key` and `make_key` do.
        """
        return self.keys.replace()

    def checkpoints(self) -> list[Remembered]:
        """Return every remembered checkpoint, in the order of remembering. Raises MemoryDamagedError."""
        return [_remembered(line, number, self.checkpoints_file) for number, line in self._lines(self.checkpoints_file)]

    def greatest(self) -> Remembered | None:
        """Return the remembered checkpoint with the most records, or None. Raises MemoryDamagedError."""
        return max(self.checkpoints(), key=lambda remembered: remembered.size, default=None)

    def remember(self, checkpoint: Remembered) -> None:
        """Keep a checkpoint for ever; one that is kept already is not written twice. Raises CannotWriteError."""
        same = (checkpoint.kind, checkpoint.note, checkpoint.stamp)
        if any(same == (known.kind, known.note, known.stamp) for known in self.checkpoints()):
            return
        fields = {
            "kind": checkpoint.kind,
            "size": checkpoint.size,
            "root": checkpoint.root,
            "note": checkpoint.note.decode(),
            "vkey": checkpoint.vkey,
            "ssh": checkpoint.ssh,
            "stamp": base64.b64encode(checkpoint.stamp).decode(),
            "at": checkpoint.at,
        }
        self._append(self.checkpoints_file, fields)

    def note_deed(self, what: str, particulars: dict[str, Any], *, who: str, at: dt.datetime) -> None:
        """Add an entry to the operations journal. Raises CannotWriteError."""
        self._append(self.journal_file, {"at": instant_text(at), "who": who, "what": what, "particulars": particulars})

    def journal(self) -> list[Deed]:
        """Return the operations journal. Raises MemoryDamagedError."""
        deeds = []
        for number, line in self._lines(self.journal_file):
            fields = _parsed(line, number, self.journal_file)
            try:
                deeds.append(Deed(fields["at"], fields["who"], fields["what"], fields["particulars"]))
            except KeyError:
                raise _damaged(self.journal_file, number) from None
        return deeds

    def _lines(self, path: Path) -> Iterator[tuple[int, bytes]]:
        try:
            refuse_no_file(path)
            # A line without its end is one whose writing was cut off: it was never told to anybody.
            lines = path.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return
        except OSError as error:
            raise MemoryDamagedError(
                f"{path} cannot be read: {error.strerror}", advice="make it readable, or bring it back from a copy"
            ) from None
        yield from enumerate(lines, 1)

    def _append(self, path: Path, fields: dict[str, Any]) -> None:
        import orjson

        self._make_folder()
        line = orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
        try:
            append_line(path, line)
        except OSError as error:
            raise CannotWriteError(
                f"{path} cannot be written: {error.strerror}",
                advice="check that the folder may be written and that the disk has room",
            ) from None

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWriteError(
                f"the folder {self.folder} cannot be made: {error.strerror}",
                advice="the key and the remembered checkpoints lie there: make it writable",
            ) from None


def _damaged(path: Path, number: int) -> MemoryDamagedError:
    return MemoryDamagedError(
        f"{path}:{number}: cannot be read back",
        advice="the file was altered by another program: restore it from a copy, or move it away to go on without",
    )


def _parsed(line: bytes, number: int, path: Path) -> dict[str, Any]:
    import orjson

    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise _damaged(path, number) from None
    if not isinstance(fields, dict):
        raise _damaged(path, number)
    return fields


def _remembered(line: bytes, number: int, path: Path) -> Remembered:
    fields = _parsed(line, number, path)
    try:
        stamp = base64.b64decode(fields.pop("stamp"))
        note = fields.pop("note").encode()
        return Remembered(**fields, note=note, stamp=stamp)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(path, number) from None
