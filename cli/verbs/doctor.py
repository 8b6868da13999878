"""`deals doctor`: what is installed, where the ledger lies and how it does."""

from __future__ import annotations

import os
import platform
import sqlite3
import stat
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.asking.tables import held_against_the_log
from cli.help import examples
from cli.input.options import db_option
from cli.printing.progress import watched
from events.errors import DealsError

if TYPE_CHECKING:
    from ledger.reader import LedgerReader
    from ledger.store.entries import Head

__all__ = ["doctor"]

_PACKAGES = ("deals", "click", "pydantic", "eventsourcing", "duckdb", "cryptography", "orjson", "ruamel.yaml")
Checked = tuple[str, str, bool]
"""A label, what was found, and whether that is well."""


@click.command(epilog=examples("deals doctor", "deals doctor --db team.db"))
@db_option
def doctor(*, db: str) -> int:
    """Say what is installed, where the ledger lies and how it does.

    Nothing is changed. Exits 1 where something is amiss.
    """
    findings = [*_installed(), *_ledger(db)]
    for label, said, well in findings:
        click.echo(f"{'ok' if well else '!!'}  {label:<14}{said}")
    return int(not all(well for _, _, well in findings))


def _installed() -> Iterator[Checked]:
    yield "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}", True
    yield "sqlite", sqlite3.sqlite_version, True
    for name in _PACKAGES:
        try:
            yield name, version(name), True
        except PackageNotFoundError:
            # The product itself may run from its sources; anything else is needed.
            yield name, "not installed", name == "deals"


def _ledger(db: str) -> Iterator[Checked]:
    from ledger.reader import LedgerReader

    yield "ledger", db, True
    if not Path(db).exists() and "://" not in db:
        yield "ledger", "there is none yet; make one with `deals init`, or see `deals demo`", True
        return
    try:
        with LedgerReader(db) as reader:
            head = reader.head()
            yield "log", f"{head.size} events, the latest recorded {head.at or 'never'}", True
            said, sound = _root(reader, head.size, head.root)
            yield "root", said, sound
            if sound:
                yield "tables", *_tables(db, reader, head)
    except DealsError as error:
        yield "ledger", f"{error.message}; {error.advice}", False
        return
    yield _key(Path(db))
    yield from _permissions(Path(db))


def _key(path: Path) -> Checked:
    from ledger.memory.folder import audit_folder

    folder = audit_folder(path)
    trouble = folder.keys.trouble()
    if trouble:
        return "key", trouble, False
    said = folder.verifier().vkey if folder.has_key() else "none yet; `deals audit key` makes one"
    return "key", said, True


def _root(reader: LedgerReader, size: int, stored: str) -> tuple[str, bool]:
    from ledger.proof.merkle import Frontier, leaf_hashes

    tree = Frontier()
    for batch in watched(reader.feed(upto=size), "verifying", size):
        tree.extend(leaf_hashes(leaf for _, leaf in batch))
    if tree.root().hex() == stored:
        return f"{stored} (recomputed from the log)", True
    return f"stored {stored}, but the log gives {tree.root().hex()}; run `deals audit verify`", False


def _tables(db: str, reader: LedgerReader, head: Head) -> tuple[str, bool]:
    held = held_against_the_log(db, reader, head)
    return held.said, held.verdict in {"agree", "none"}


def _permissions(path: Path) -> Iterator[Checked]:
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    yield (
        "writing",
        "allowed" if writable else "the file or its folder is read-only: queries work, recording does not",
        True,
    )
    mode = path.stat().st_mode
    if os.name == "posix":
        others = bool(mode & stat.S_IWOTH)
        yield "mode", f"{stat.filemode(mode)}{': anyone may write it' if others else ''}", not others
