"""Which files of a folder are read: those of known formats, but no hidden ones and nothing that the ledger keeps itself."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ledger.intake.input_errors import InputNotFoundError

__all__ = ["SUFFIXES", "FolderFiles", "files_in"]

SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".csv": "csv",
    ".tsv": "tsv",
}
"""The format of a file by the suffix of its name."""

# What lies beside a ledger; only the folders could hold files that look like events.
_OURS = (".audit", ".documents", ".db", ".db-wal", ".db-shm", ".db-journal", ".duckdb", ".duckdb.wal")
_NAMED_MAX = 5


@dataclass
class FolderFiles:
    """The files to read, in order, and what is passed by, each with the reason."""

    files: list[Path] = field(default_factory=list)
    passed_by: list[tuple[Path, str]] = field(default_factory=list)

    def passed_by_text(self) -> str:
        """Say in one sentence what is passed by; a long list is counted."""
        named = [f"{path} ({why})" for path, why in self.passed_by[:_NAMED_MAX]]
        rest = Counter(why for _, why in self.passed_by[_NAMED_MAX:])
        named += [f"{count} more ({why})" for why, count in rest.items()]
        return f"note: passed by: {', '.join(named)}"


def files_in(folder: Path) -> FolderFiles:
    """Return the files of known formats anywhere in a folder, by name. Raises InputNotFoundError for what cannot be read."""
    found = FolderFiles()

    def unreadable(error: OSError) -> None:
        raise InputNotFoundError(f"{error.filename} cannot be read: {error.strerror}", advice="check the path")

    for here, folders, files in os.walk(folder, onerror=unreadable):
        folders.sort()
        for name in list(folders):
            why = _why_not(Path(here, name), name)
            if why:
                folders.remove(name)
                found.passed_by.append((Path(here, name), why))
        for name in sorted(files):
            path = Path(here, name)
            why = _why_not(path, name)
            if why:
                found.passed_by.append((path, why))
            elif path.suffix.lower() in SUFFIXES and path.is_file():
                found.files.append(path)
            elif path.suffix.lower() in SUFFIXES:
                found.passed_by.append((path, "no file"))
    found.files.sort()
    return found


def _why_not(path: Path, name: str) -> str:
    """Say why a file or folder is passed by; nothing where it is not."""
    if name.startswith("."):
        return "hidden"
    if name.endswith(_OURS):
        return "a ledger's own"
    if path.is_symlink() and path.is_dir():
        return "a link to a folder"
    return "a bundle" if (path / "bagit.txt").is_file() else ""
