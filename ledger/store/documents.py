"""Documents beside the ledger, each stored under the SHA-256 of its bytes, so that it cannot change unnoticed."""

from __future__ import annotations

import contextlib
import os
import tempfile
from hashlib import sha256
from pathlib import Path

from ledger.store.errors import CannotWriteError, DocumentDamagedError, DocumentNotFoundError

__all__ = ["DocumentStore"]


class DocumentStore:
    """A folder of files `ab/abcdef…`, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Return the place of a document, whether it is there or not."""
        return self.folder / digest[:2] / digest

    def put(self, data: bytes) -> str:
        """Store a document and give its SHA-256 in hexadecimal. Raises CannotWriteError."""
        digest = sha256(data).hexdigest()
        place = self.path(digest)
        if place.is_file() and place.stat().st_size == len(data):
            return digest
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".arriving-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).replace(place)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink()
                raise
            _sync_folder(place.parent)
        except OSError as error:
            raise CannotWriteError(
                f"the document cannot be stored in {self.folder}: {error}",
                advice="check that the folder may be written and that the disk has room",
            ) from None
        return digest

    def get(self, digest: str) -> bytes:
        """Return a document's bytes. Raises DocumentNotFoundError, or DocumentDamagedError where they changed."""
        try:
            data = self.path(digest).read_bytes()
        except OSError:
            raise DocumentNotFoundError(
                f"no document {digest} lies beside the ledger",
                advice="it may have been removed; the log verifies without it",
            ) from None
        if sha256(data).hexdigest() != digest:
            raise DocumentDamagedError(
                f"the document {digest} was changed after it was stored", advice="restore it from a copy"
            )
        return data


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable; without it a power cut can lose a file whose bytes are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
