"""Checkpoints say which log had how many records and which root; receipts prove one record against a checkpoint.

A checkpoint is a signed note of three lines: origin, size, base64 root (https://c2sp.org/tlog-checkpoint). A receipt is
a text file with an index, an inclusion proof and a checkpoint (https://c2sp.org/tlog-proof).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.proof.errors import MalformedCheckpointError, MalformedReceiptError, WrongOriginError
from ledger.proof.keys import SigningKey, VerifierKey, decode_base64
from ledger.proof.merkle import EMPTY_ROOT, HASH_BYTES, leaf_hash, verify_consistency, verify_inclusion
from ledger.proof.notes import open_note, parse_note, sign_note

__all__ = [
    "Checkpoint",
    "Receipt",
    "open_checkpoint",
    "parse_checkpoint",
    "parse_receipt",
    "sign_checkpoint",
    "verify_extension",
    "verify_receipt",
]

SIZE_MAX = 2**63 - 1
"""What Go and most other verifiers can count to."""

RECEIPT_HEADER = "c2sp.org/tlog-proof@v1"
_PROOF_LINES_MAX = 63
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x1f]")


def _count(text: str) -> int | None:
    """Read an ASCII decimal of at most 19 digits without sign or leading zeros, None where it is anything else."""
    return int(text) if _DECIMAL.fullmatch(text) else None


def _hash(text: str) -> bytes | None:
    """Read the base64 of a hash, None where it is anything else."""
    try:
        decoded = decode_base64(text)
    except ValueError:
        return None
    return decoded if len(decoded) == HASH_BYTES else None


@dataclass(frozen=True)
class Checkpoint:
    """The state of a log: its name, its number of records and the root over them.

    Raises `MalformedCheckpointError` for what no log can have said.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all((self.origin, *self.extensions)) or any(map(_CONTROL.search, (self.origin, *self.extensions))):
            raise MalformedCheckpointError("origin and extension lines must not be empty or have control characters")
        if not 0 <= self.size <= SIZE_MAX or len(self.root) != HASH_BYTES:
            raise MalformedCheckpointError(f"size or root of the checkpoint of {self.origin} is out of range")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise MalformedCheckpointError(f"the log {self.origin} is empty, but its root is not that of an empty log")

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint, signatures apart; raises `MalformedCheckpointError` for any other text."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop():  # noqa: PLR2004 - origin, size, root, and nothing after the last newline
        raise MalformedCheckpointError("a checkpoint has at least three lines: origin, size and root")
    origin, size_text, root_text, *extensions = lines
    size, root = _count(size_text), _hash(root_text)
    if size is None:
        raise MalformedCheckpointError(f"{size_text!r} is not the size of a log")
    if root is None:
        raise MalformedCheckpointError(f"{root_text!r} is not the base64 of a root")
    return Checkpoint(origin, size, root, tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """Return the signed checkpoint; raises `WrongOriginError` unless the key bears the name of the log."""
    if key.name != checkpoint.origin:
        raise WrongOriginError(f"the key of {key.name} does not speak for {checkpoint.origin}")
    return sign_note(checkpoint.text, key)


def open_checkpoint(data: bytes, known: Iterable[VerifierKey]) -> Checkpoint:
    """Check a signed checkpoint and return what it says.

    One of the verified keys must bear the log's own name: a witness confirms what a log said, it cannot speak for it.
    Raises the errors of `ledger.proof.notes.open_note`, `MalformedCheckpointError` and `WrongOriginError`.
    """
    note = open_note(data, known)
    checkpoint = parse_checkpoint(note.text)
    if all(key.name != checkpoint.origin for key in note.signers):
        names = ", ".join(key.name for key in note.signers)
        raise WrongOriginError(f"the checkpoint speaks for {checkpoint.origin}, but is signed by {names}")
    return checkpoint


def verify_extension(*, old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> None:
    """Check that the log of `new` begins with all the records of `old`.

    Raises `WrongOriginError` for two different logs, and the errors of `ledger.proof.merkle.verify_consistency`.
    """
    if old.origin != new.origin:
        raise WrongOriginError(f"{new.origin} is another log than {old.origin}")
    verify_consistency(old_size=old.size, new_size=new.size, proof=proof, old_root=old.root, new_root=new.root)


@dataclass(frozen=True)
class Receipt:
    """The proof that one record stands at `index` of the log in a signed checkpoint.

    `extra` is for whoever issues the receipt; nothing vouches for it. Raises `MalformedReceiptError` for an index that
    the log does not have, and the errors of `parse_note` and `parse_checkpoint`.
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def __post_init__(self) -> None:
        size = parse_checkpoint(parse_note(self.checkpoint).text).size
        if not 0 <= self.index < size:
            raise MalformedReceiptError(f"a log of {size} records has no record with index {self.index}")
        if len(self.proof) > _PROOF_LINES_MAX or any(len(item) != HASH_BYTES for item in self.proof):
            raise MalformedReceiptError(f"a proof has at most {_PROOF_LINES_MAX} hashes of {HASH_BYTES} bytes")

    def to_bytes(self) -> bytes:
        """Return the content of a `.tlog-proof` file."""
        extra = [f"extra {base64.b64encode(self.extra).decode()}"] if self.extra else []
        proof = [base64.b64encode(item).decode() for item in self.proof]
        head = "\n".join([RECEIPT_HEADER, *extra, f"index {self.index}", *proof])
        return f"{head}\n\n".encode() + self.checkpoint


def _parse_head(lines: list[str]) -> tuple[int, tuple[bytes, ...], bytes]:
    """Read index, proof and extra data from the lines before the checkpoint."""
    if lines.pop(0) != RECEIPT_HEADER:
        raise MalformedReceiptError(f"a receipt begins with the line {RECEIPT_HEADER}")
    extra = b""
    if lines and lines[0].startswith("extra "):
        try:
            extra = decode_base64(lines.pop(0).removeprefix("extra "))
        except ValueError as error:
            raise MalformedReceiptError("the extra data of the receipt is not base64") from error
        if not extra:
            raise MalformedReceiptError("the extra line of the receipt is empty")
    index = _count(lines[0].removeprefix("index ")) if lines and lines[0].startswith("index ") else None
    if index is None:
        raise MalformedReceiptError("the receipt does not say at which index the record stands")
    proof = []
    for line in lines[1:]:
        sibling = _hash(line)
        if sibling is None:
            raise MalformedReceiptError(f"{line!r} is not the base64 of a hash")
        proof.append(sibling)
    return index, tuple(proof), extra


def parse_receipt(data: bytes) -> Receipt:
    """Read a receipt without checking signature or proof; raises the errors of `Receipt`."""
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank:
        raise MalformedReceiptError("the receipt has no checkpoint")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise MalformedReceiptError(f"the receipt is not ASCII at byte {error.start}") from error
    index, proof, extra = _parse_head(lines)
    return Receipt(index, proof, checkpoint, extra)


def verify_receipt(receipt: Receipt, leaf: bytes, known: Iterable[VerifierKey]) -> Checkpoint:
    """Check that the record `leaf` (its exact bytes) stands in the log, and return the checkpoint that proves it.

    Raises the errors of `open_checkpoint` and of `ledger.proof.merkle.verify_inclusion`.
    """
    checkpoint = open_checkpoint(receipt.checkpoint, known)
    verify_inclusion(
        leaf=leaf_hash(leaf), index=receipt.index, size=checkpoint.size, proof=receipt.proof, root=checkpoint.root
    )
    return checkpoint
