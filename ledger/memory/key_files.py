"""The ledger's two key files, `key.pem` and `key.vkey`, which become true together however the process that makes them ends.

Both halves are first written whole under names of their own and synced. Then one step commits: the private half gets its name.
What is left to do after it (the public half gets its name) is finished by whoever looks next.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from events.errors import DealsError
from ledger.files import locked, refuse_no_file, sync_folder
from ledger.memory.errors import NoSigningKeyError
from ledger.proof.errors import KeyFileError, KeyFileNotWrittenError, MalformedKeyError

if TYPE_CHECKING:
    from ledger.proof.keys import SigningKey, VerifierKey

__all__ = ["KeyFiles"]

_RESTORE = "bring {pem} and {vkey} back from a copy; where there is none, move both away, and `deals audit key` makes a new pair"


class KeyFiles:
    """The key files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pem = folder / "key.pem"
        self.vkey = folder / "key.vkey"

    def are_there(self) -> bool:
        """Say whether a key was made; two empty files are what a former release left where it was killed at once."""
        self._finish()
        return any(_size(path) != 0 for path in (self.pem, self.vkey) if os.path.lexists(path))

    def key(self) -> SigningKey:
        """Return the signing key. Raises NoSigningKeyError, KeyFileError or MalformedKeyError."""
        from ledger.proof.keys import load_key

        if not self.are_there():
            raise NoSigningKeyError(
                f"there is no signing key in {self.folder}",
                advice="make one with `deals audit key`, or bring the ledger's own back from a copy",
            )
        verifier = self.verifier()
        try:
            key = load_key(self.pem, verifier.name)
        except KeyFileError as error:
            raise KeyFileError(error.message, advice=error.advice or self._restore()) from error
        if key.verifier != verifier:
            raise KeyFileError(f"{self.pem} and {self.vkey} are not halves of one key", advice=self._restore())
        return key

    def verifier(self) -> VerifierKey:
        """Return the public half. Raises NoSigningKeyError or MalformedKeyError."""
        from ledger.proof.keys import parse_vkey

        if not self.are_there():
            raise NoSigningKeyError(f"there is no signing key in {self.folder}")
        try:
            return parse_vkey(_text(self.vkey).removesuffix("\n"))
        except OSError as error:
            raise MalformedKeyError(f"{self.vkey} cannot be read: {error.strerror}", advice=self._restore()) from None
        except MalformedKeyError as error:
            said = f"{self.vkey} is empty" if _size(self.vkey) == 0 else f"{self.vkey}: {error.message}"
            raise MalformedKeyError(said, advice=self._restore()) from None

    def make(self, name: str) -> SigningKey:
        """Make the first pair. Raises KeyFileNotWrittenError where there is one, or it cannot be written, or MalformedKeyError."""
        with self._alone():
            if self.are_there():
                raise KeyFileNotWrittenError(
                    f"there is a key in {self.folder} already",
                    advice="keys are never overwritten: move the old one away",
                )
            for empty in (self.pem, self.vkey):
                empty.unlink(missing_ok=True)
            with self._staged(name) as (key, pem):
                _rename_new(pem, self.pem)
                self._finish()
        return key

    def replace(self) -> tuple[SigningKey, bytes]:
        """Put a new pair of the same name in the place of the old one, which is kept; gives it and the old key's note of it.

        Raises as `key` and `make` do.
        """
        from ledger.proof.notes import sign_note

        with self._alone():
            old = self.key()
            with self._staged(old.name) as (fresh, pem):
                note = sign_note(f"deals key rotation\n{old.verifier.vkey}\n{fresh.verifier.vkey}\n", old)
                stem = f"retired-{old.verifier.key_id.hex()}"
                self._keep(f"{stem}.note", note, 0o644)
                self._keep(f"{stem}.vkey", f"{old.verifier.vkey}\n".encode(), 0o644)
                self._keep(f"{stem}.pem", self.pem.read_bytes(), 0o600)
                sync_folder(self.folder)
                pem.replace(self.pem)
                self._finish()
        return fresh, note

    def trouble(self) -> str:
        """Say what is wrong with the files, where something is; empty where a key can be used, or none was made."""
        try:
            if self.are_there():
                self.key()
        except DealsError as error:
            return f"{error.message}; {error.advice}"
        return ""

    def _restore(self) -> str:
        return _RESTORE.format(pem=self.pem, vkey=self.vkey)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time change the files, where the system can; tell what it refuses."""
        try:
            with locked(self.folder):
                yield
        except OSError as error:
            raise KeyFileNotWrittenError(
                f"the key cannot be written in {self.folder}: {error.strerror}",
                advice="check that the folder may be written and that the disk has room; the old key, if any, is as it was",
            ) from error

    @contextlib.contextmanager
    def _staged(self, name: str) -> Iterator[tuple[SigningKey, Path]]:
        """Write both halves of a new key under names of their own; gives it and the private half's place."""
        from ledger.proof.keys import generate_key

        for left in self.folder.glob(f"{_STAGED}*"):  # of processes that are no more
            left.unlink(missing_ok=True)
        stem = f"{_STAGED}{secrets.token_hex(4)}"
        pem, vkey = (self.folder / f"{stem}{suffix}" for suffix in (".pem", ".vkey"))
        try:
            key = generate_key(pem, name)
            _write(vkey, f"{key.verifier.vkey}\n".encode(), 0o644)
            sync_folder(self.folder)
            yield key, pem
        except BaseException:
            if not self._fits(key_line=_text_or_nothing(vkey)):
                vkey.unlink(missing_ok=True)
            raise
        finally:
            pem.unlink(missing_ok=True)
            sync_folder(self.folder)

    def _finish(self) -> None:
        """Let the public half have its name where the private one has its own already."""
        for staged in self.folder.glob(f"{_STAGED}*.vkey"):
            with contextlib.suppress(OSError):
                if self._fits(key_line=_text_or_nothing(staged)):
                    staged.with_suffix(".pem").unlink(missing_ok=True)  # a second name of the private half
                    staged.replace(self.vkey)

    def _fits(self, *, key_line: str) -> bool:
        """Say whether a public half is that of the private one in its place."""
        from ledger.proof.keys import load_key, parse_vkey

        try:
            verifier = parse_vkey(key_line.removesuffix("\n"))
            return load_key(self.pem, verifier.name).verifier == verifier
        except DealsError:
            return False

    def _keep(self, name: str, content: bytes, mode: int) -> None:
        staged = self.folder / f"{_STAGED}{secrets.token_hex(4)}.kept"
        _write(staged, content, mode)
        staged.replace(self.folder / name)


_STAGED = ".key-"
# Where a file system knows no second names for a file.
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS})


def _rename_new(path: Path, name: Path) -> None:
    """Move a file to a name that nobody has. Raises OSError."""
    try:
        name.hardlink_to(path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        path.rename(name)


def _write(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(handle)


def _size(path: Path) -> int | None:
    """Return the size of a plain file, None of anything else."""
    try:
        there = path.stat()
    except OSError:
        return None
    return there.st_size if stat.S_ISREG(there.st_mode) else None


def _text(path: Path) -> str:
    refuse_no_file(path)
    return path.read_text(encoding="utf-8", errors="replace")


def _text_or_nothing(path: Path) -> str:
    try:
        return _text(path)
    except OSError:
        return ""
