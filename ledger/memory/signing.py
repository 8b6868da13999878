"""Signing what the log is now, proving that one event stands in it, and comparing it with what others remember."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.envelope import instant_text
from ledger.memory.errors import EmptyLogError, ForkedLogError, RolledBackLogError
from ledger.memory.folder import AuditFolder, Remembered, audit_folder
from ledger.memory.guard import root_of
from ledger.proof.checkpoint import (
    Checkpoint,
    Receipt,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    verify_extension,
)
from ledger.proof.errors import ConsistencyError, VerificationError
from ledger.proof.keys import VerifierKey
from ledger.proof.merkle import consistency_proof, inclusion_proof
from ledger.proof.notes import open_note
from ledger.proof.sshsig import ssh_sign
from ledger.proof.tiles import Tiles
from ledger.store.errors import KeyNotFoundError

if TYPE_CHECKING:
    from ledger.memory.log import Log
    from ledger.proof.keys import SigningKey

__all__ = ["Witnessed", "checkpoint_at", "open_text", "prove", "sign", "sign_head", "tiles_of", "witness"]


def tiles_of(reader: Log, size: int | None = None) -> Tiles:
    """Return the tree of a ledger, at its present size or a smaller one."""
    size = reader.head().size if size is None else size
    return Tiles(size, leaf_hashes=reader.leaf_hashes, stored_nodes=reader.stored_nodes)


def _signed(reader: Log, size: int, key: SigningKey, *, at: str) -> Remembered:
    """Sign the state at a size; the same state and key give the same bytes, whatever the time."""
    root = root_of(reader, size)
    note = sign_checkpoint(Checkpoint(key.name, size, bytes.fromhex(root)), key)
    return Remembered("own", size, root, note, key.verifier.vkey, ssh_sign(note, key), b"", at)


def checkpoint_at(reader: Log, size: int, *, at: dt.datetime, key: SigningKey | None = None) -> Remembered:
    """Return a signed checkpoint of the log at a size, and remember it.

    One that the ledger's present key signed before is given again. A restored ledger hands on, at the size it was
    restored with, the checkpoint of the original, until a key of its own has signed that state. With `key` it is signed
    anew. Raises EmptyLogError, KeyFileError or CannotWriteError.
    """
    folder = audit_folder(reader.path)
    known = None if key or size == 0 else _signed_before(folder, size, root_of(reader, size))
    return known or sign(reader, size, at=at, key=key)


def _signed_before(folder: AuditFolder, size: int, root: str) -> Remembered | None:
    fitting = [c for c in folder.checkpoints() if (c.size, c.root) == (size, root)]
    present = folder.verifier().vkey if folder.has_key() else ""
    own = [c for c in fitting if c.kind == "own" and c.vkey == present]
    return next(reversed([c for c in fitting if c.kind == "restored"] + own), None)


def sign(reader: Log, size: int, *, at: dt.datetime, key: SigningKey | None = None) -> Remembered:
    """Sign the state of the log at a size with the ledger's key, made here where it has none, and remember it.

    Raises EmptyLogError, KeyFileError or CannotWriteError.
    """
    if size == 0:
        raise EmptyLogError("the ledger is empty: there is nothing to vouch for", advice="record something first")
    folder = audit_folder(reader.path)
    if key is None and not folder.has_key():
        folder.make_key()
    signed = _signed(reader, size, key or folder.key(), at=instant_text(at))
    folder.remember(signed)
    return signed


def sign_head(reader: Log, *, at: dt.datetime) -> Remembered:
    """Sign the present state of the log and remember it. Raises as `sign` does."""
    return sign(reader, reader.head().size, at=at)


def prove(reader: Log, key: str, checkpoint: Remembered) -> bytes:
    """Return the receipt that an event stands in the log of a checkpoint; its extra data is the event's leaf.

    Raises KeyNotFoundError, also where the checkpoint is older than the event, or MissingNodesError.
    """
    entry = reader.find(key)
    if entry is None:
        raise KeyNotFoundError.of(key, reader.keys)
    if entry.position > checkpoint.size:
        raise KeyNotFoundError(
            f"{key}: the log of {checkpoint.size} events has none with this key", advice="`deals log` lists them"
        )
    tiles = tiles_of(reader)
    proof = inclusion_proof(entry.position - 1, checkpoint.size, tiles.subtree)
    leaf = reader.recorded(entry.position).leaf
    return Receipt(entry.position - 1, tuple(proof), checkpoint.note, leaf).to_bytes()


@dataclass(frozen=True)
class Witnessed:
    """What comparing a remembered checkpoint showed: that log's size and root, ours, and how many hashes prove it."""

    origin: str
    size: int
    root: str
    present_size: int
    present_root: str
    hashes: int
    signers: tuple[str, ...]


def witness(reader: Log, data: bytes, *, at: dt.datetime, known: tuple[VerifierKey, ...] = ()) -> Witnessed:
    """Compare a checkpoint that someone else kept with the log, by a consistency proof, and remember it where it fits.

    `known` are further public keys. Raises RolledBackLogError, ForkedLogError or RewrittenLogError where the log does
    not extend it, and the errors of `ledger.proof.checkpoint.open_checkpoint`.
    """
    folder = audit_folder(reader.path)
    keys = list(dict.fromkeys([*folder.known_keys(), *known]))
    old = open_checkpoint(data, keys)
    signers = open_note(data, keys).signers
    head = reader.head()
    if old.size == 0:
        raise EmptyLogError("a checkpoint of an empty log says nothing that could be compared")
    if old.size > head.size:
        raise RolledBackLogError(
            f"the checkpoint vouches for {old.size} events of {old.origin}, but this ledger has only {head.size}: "
            "it was rolled back, or is another copy",
            advice="keep the checkpoint: with its signature it is evidence",
        )
    _compare(reader, old, head.size, head.root)
    vkey = next(key.vkey for key in signers if key.name == old.origin)
    folder.remember(Remembered("witnessed", old.size, old.root.hex(), data, vkey, "", b"", instant_text(at)))
    hashes = len(consistency_proof(old.size, head.size, tiles_of(reader).subtree))
    names = tuple(key.vkey for key in signers)
    return Witnessed(old.origin, old.size, old.root.hex(), head.size, head.root, hashes, names)


def _compare(reader: Log, old: Checkpoint, size: int, root: str) -> None:
    """Check by a consistency proof that the present log extends an older checkpoint."""
    new = Checkpoint(old.origin, size, bytes.fromhex(root))
    proof = consistency_proof(old.size, size, tiles_of(reader).subtree)
    try:
        verify_extension(old=old, new=new, proof=proof)
    except ConsistencyError as error:
        mine = [c for c in audit_folder(reader.path).checkpoints() if c.size == old.size and c.kind == "own"]
        if any(parse_checkpoint(open_text(c.note)).root != old.root for c in mine):
            raise ForkedLogError(
                f"two different logs of {old.size} events were signed for {old.origin}: the one that this checkpoint "
                "vouches for, and the one remembered here",
                advice="keep both: together they prove that the log was forked",
            ) from error
        raise _rewritten(old, error) from error


def _rewritten(old: Checkpoint, error: VerificationError) -> VerificationError:
    from ledger.memory.errors import RewrittenLogError

    return RewrittenLogError(
        f"this ledger does not begin with the {old.size} events that the checkpoint of {old.origin} vouches for: "
        f"{error.message}",
        advice="keep the checkpoint: with its signature it is evidence; `deals audit verify` looks at every event",
    )


def open_text(note: bytes) -> str:
    """Return the text of a signed note without judging its signatures. Raises MalformedNoteError."""
    from ledger.proof.notes import parse_note

    return parse_note(note).text
