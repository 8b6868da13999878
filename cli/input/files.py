"""Files that are named on the command line and read whole."""

from __future__ import annotations

from pathlib import Path

from cli.errors import FileMissingError

__all__ = ["read_file"]


def read_file(path: str) -> bytes:
    """Read a file named on the command line. Raises FileMissingError."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise FileMissingError(f"{path}: {error.strerror}", advice="check the name") from error
