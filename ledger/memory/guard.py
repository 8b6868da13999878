"""The guard at the door: a ledger that no longer extends its last remembered checkpoint does not open silently."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ledger.memory.errors import RewrittenLogError, RolledBackLogError

if TYPE_CHECKING:
    from ledger.memory.folder import Remembered
    from ledger.memory.log import Log

__all__ = ["INSPECT", "check_extends", "guard", "root_of"]

INSPECT = "DEALS_UNSAFE_READ_ONLY"
"""Set to 1, this environment variable lets a ledger be read that the guard refuses; writing stays refused."""


def root_of(log: Log, size: int) -> str:
    """Return the root (hexadecimal) that the log had at a size, from its stored tree. Raises MissingNodesError."""
    from ledger.proof.merkle import root_at
    from ledger.proof.tiles import Tiles

    head = log.head()
    if size == head.size:
        return head.root
    tiles = Tiles(head.size, leaf_hashes=log.leaf_hashes, stored_nodes=log.stored_nodes)
    return root_at(size, tiles.subtree).hex()


def _how_to_inspect(log: Log) -> str:
    return (
        f"`deals audit verify --db {log.path}` says where it differs; to look at it all the same, set {INSPECT}=1, "
        "which opens it for reading only. If an old copy was restored on purpose, move "
        f"{log.path.name}.audit/checkpoints.jsonl away"
    )


def check_extends(log: Log, checkpoint: Remembered) -> None:
    """Check that the log begins with what a remembered checkpoint vouches for.

    Raises RolledBackLogError or RewrittenLogError, which say what differs.
    """
    from ledger.proof.errors import MissingNodesError

    size = log.head().size
    when = f"the checkpoint remembered on {checkpoint.at} ({checkpoint.kind})"
    if size < checkpoint.size:
        raise RolledBackLogError(
            f"{log.path} was rolled back: it has {size} events, but {when} vouches for {checkpoint.size}",
            advice=_how_to_inspect(log),
        )
    try:
        root = root_of(log, checkpoint.size)
    except MissingNodesError as error:
        root = f"not to be computed ({error.message})"
    if root != checkpoint.root:
        raise RewrittenLogError(
            f"{log.path} was rewritten: the root over its first {checkpoint.size} events is {root}, but {when} "
            f"says {checkpoint.root}",
            advice=_how_to_inspect(log),
        )


def guard(log: Log, *, for_reading: bool) -> None:
    """Refuse a ledger that does not extend the greatest checkpoint remembered beside it.

    Reading is let through where the user asks for it by the environment. Raises as `check_extends` does, and
    MemoryDamagedError.
    """
    from ledger.memory.folder import audit_folder

    folder = audit_folder(log.path)
    if not folder.checkpoints_file.exists() or (for_reading and os.environ.get(INSPECT) == "1"):
        return
    greatest = folder.greatest()
    if greatest is not None:
        check_extends(log, greatest)
