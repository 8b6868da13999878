"""A tree of hashes over the log: one root vouches for every record, and short proofs show that nothing was altered.

The tree of RFC 6962 and RFC 9162 with SHA-256. A *leaf* is the exact bytes of one record. The subtree at
`(level, index)` covers the `2**level` leaves from `index * 2**level` on; it is *complete* once all of them are there
and never changes afterwards, which is why proofs can be made from stored roots of complete subtrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ledger.proof.errors import (
    ConsistencyError,
    FrontierDamagedError,
    InclusionError,
    MalformedHashError,
)

__all__ = [
    "EMPTY_ROOT",
    "HASH_BYTES",
    "STRIDE",
    "Frontier",
    "NodeSource",
    "StoredNode",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "leaf_hashes",
    "node_hash",
    "parent_hashes",
    "root_at",
    "verify_consistency",
    "verify_inclusion",
]

HASH_BYTES = 32
STRIDE = 8
"""A store keeps the leaf hashes and the roots at every eighth level (256, 65,536, … leaves), 0.4 % more rows."""

EMPTY_ROOT = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
"""The SHA-256 of nothing: the root of a log without records."""

NodeSource = Callable[[int, int], bytes]
"""`subtree(level, index)`: the root of a complete subtree."""

StoredNode = tuple[int, int, bytes]
"""A row to be kept: `(level, index, hash)`, at a level that is a multiple of `STRIDE`."""

# hashlib is imported where it is used: it loads OpenSSL, which a query that verifies nothing need not wait for.


def leaf_hash(leaf: bytes) -> bytes:
    """Hash one record (RFC 9162, 2.1.1: `0x00` before a leaf, so that no node can pass for a record)."""
    from hashlib import sha256

    return sha256(b"\x00" + leaf).digest()


def leaf_hashes(leaves: Iterable[bytes]) -> list[bytes]:
    """Hash many records, in order."""
    from hashlib import sha256

    return [sha256(b"\x00" + leaf).digest() for leaf in leaves]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into one (RFC 9162, 2.1.1: `0x01` before a node)."""
    from hashlib import sha256

    return sha256(b"\x01" + left + right).digest()


def parent_hashes(nodes: Sequence[bytes]) -> list[bytes]:
    """Hash neighbours two by two into the level above; the last of an odd number is left out."""
    if len(nodes) <= 1:
        return []
    from hashlib import sha256

    return [sha256(b"\x01" + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=False)]


def _fold(peaks: Sequence[bytes]) -> bytes:
    """Join complete subtrees, given from left to right, into the root over all of them."""
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


class Frontier:
    """The right edge of the tree: all that is needed to append leaves and to know the root, a few hundred bytes.

    Appending returns the stored-level nodes that became complete, which the caller keeps for later proofs.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        # The root of the complete subtree at each level; it counts only where that bit of `size` is set.
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> list[StoredNode]:
        """Append one leaf hash; raises `MalformedHashError` unless it has 32 bytes."""
        return self.extend((leaf,))

    def extend(self, leaves: Sequence[bytes]) -> list[StoredNode]:
        """Append leaf hashes in order, level by level; raises `MalformedHashError` unless each has 32 bytes."""
        if not set(map(len, leaves)) <= {HASH_BYTES}:
            raise MalformedHashError(f"a leaf hash after leaf {self.size} does not have {HASH_BYTES} bytes")
        completed: list[StoredNode] = []
        nodes, start, level = list(leaves), self.size, 0
        while nodes:
            if level and level % STRIDE == 0:
                completed.extend((level, start + offset, node) for offset, node in enumerate(nodes))
            if level == len(self._peaks):
                self._peaks.append(b"")
            if start & 1:
                nodes.insert(0, self._peaks[level])
            if len(nodes) & 1:
                self._peaks[level] = nodes[-1]
            nodes, start, level = parent_hashes(nodes), start >> 1, level + 1
        self.size += len(leaves)
        return completed

    def root(self) -> bytes:
        """Return the root over all leaves so far, `EMPTY_ROOT` where there are none."""
        return _fold(self.peaks()) if self.size else EMPTY_ROOT

    def peaks(self) -> list[bytes]:
        """Return the roots of the complete subtrees that make up the log, the largest first."""
        return [peak for level, peak in enumerate(self._peaks) if self.size >> level & 1][::-1]

    def copy(self) -> Frontier:
        """Return an independent copy, so that a failed transaction can leave the original untouched."""
        other = Frontier()
        other.size, other._peaks = self.size, self._peaks.copy()
        return other

    def to_bytes(self) -> bytes:
        """Return the size as eight big-endian bytes, then the peaks, the largest first."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks())

    @classmethod
    def from_bytes(cls, stored: bytes) -> Frontier:
        """Read what `to_bytes` wrote; raises `FrontierDamagedError` unless the length fits the size."""
        size = int.from_bytes(stored[:8], "big")
        if len(stored) != 8 + HASH_BYTES * size.bit_count():
            raise FrontierDamagedError(
                f"the stored tree edge has {len(stored)} bytes, which does not fit {size} records",
                advice="rebuild it from the leaf hashes",
            )
        frontier = cls()
        frontier.size = size
        frontier._peaks = [b""] * size.bit_length()
        levels = (level for level in reversed(range(size.bit_length())) if size >> level & 1)
        for place, level in enumerate(levels):
            frontier._peaks[level] = stored[8 + HASH_BYTES * place : 8 + HASH_BYTES * (place + 1)]
        return frontier


def _span_root(start: int, stop: int, subtree: NodeSource) -> bytes:
    """Return the root over the leaves `[start, stop)`, where `start` is a multiple of a power of two that covers them."""
    peaks = []
    for level in reversed(range((stop - start).bit_length())):
        if (stop - start) >> level & 1:
            peaks.append(subtree(level, start >> level))
            start += 1 << level
    return _fold(peaks)


def _split(start: int, stop: int) -> int:
    """Return where a span of two or more leaves divides: after the largest power of two smaller than its length."""
    return start + (1 << (stop - start - 1).bit_length() - 1)


def root_at(size: int, subtree: NodeSource) -> bytes:
    """Return the root that the log had at `size` records."""
    return _span_root(0, size, subtree) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, subtree: NodeSource) -> list[bytes]:
    """Return the sibling hashes from leaf `index` up to the root at `size` (RFC 9162, 2.1.3.1).

    Raises `InclusionError` where the log of that size has no such leaf.
    """
    if not 0 <= index < size:
        raise InclusionError(f"a log of {size} records has no record with index {index}")
    start, stop, proof = 0, size, []
    while stop - start > 1:
        middle = _split(start, stop)
        if index < middle:
            proof.append(_span_root(middle, stop, subtree))
            stop = middle
        else:
            proof.append(_span_root(start, middle, subtree))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, subtree: NodeSource) -> list[bytes]:
    """Return the hashes that show that the log of `new` records begins with that of `old` (RFC 9162, 2.1.4.1).

    Raises `ConsistencyError` unless `0 < old <= new`.
    """
    if not 0 < old <= new:
        raise ConsistencyError(f"there is no proof that a log of {new} records extends one of {old}")
    start, stop, proof = 0, new, []
    while old != stop:
        middle = _split(start, stop)
        if old <= middle:
            proof.append(_span_root(middle, stop, subtree))
            stop = middle
        else:
            proof.append(_span_root(start, middle, subtree))
            start = middle
    if start:  # otherwise the old log is a complete left subtree, whose root the verifier already holds
        proof.append(_span_root(start, stop, subtree))
    return proof[::-1]


def _require_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(item) != HASH_BYTES for item in hashes):
        raise MalformedHashError(f"a hash in the proof does not have {HASH_BYTES} bytes")


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the record with the hash `leaf` stands at `index` in the log of `size` records with this `root`.

    Raises `InclusionError`, or `MalformedHashError` where something is not a hash. The length of a proof follows from
    index and size alone, so one hash too many or too few is refused before anything is hashed. RFC 9162, 2.1.3.2.
    """
    if not 0 <= index < size:
        raise InclusionError(f"a log of {size} records has no record with index {index}")
    _require_hashes((leaf, root, *proof))
    shared = (index ^ (size - 1)).bit_length()  # below here siblings lie on both sides, above only to the left
    if len(proof) != shared + (index >> shared).bit_count():
        raise InclusionError(f"a proof for index {index} of {size} records cannot have {len(proof)} hashes")
    node = leaf
    for level, sibling in enumerate(proof):
        left = level >= shared or index >> level & 1
        node = node_hash(sibling, node) if left else node_hash(node, sibling)
    if node != root:
        raise InclusionError(f"the record is not number {index} of the log with this root")


def verify_consistency(
    *, old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that the log with the old size and root is the beginning of the one with the new size and root.

    Raises `ConsistencyError`, or `MalformedHashError` where something is not a hash. From an empty log nothing can be
    proven, so `old_size` 0 is refused unless both are empty. RFC 9162, 2.1.4.2.
    """
    _require_hashes((old_root, new_root, *proof))
    if old_size == new_size:
        if proof or old_root != new_root or new_size < 0:
            raise ConsistencyError(f"two different logs of {new_size} records: one of them was rewritten")
        return
    if not 0 < old_size < new_size:
        raise ConsistencyError(f"a log of {new_size} records cannot be shown to extend one of {old_size}")
    last = old_size - 1
    skipped = (last ^ old_size).bit_length() - 1  # the old log ends with a complete subtree of this level
    shared = (last ^ (new_size - 1)).bit_length() - skipped
    last >>= skipped
    seed = (old_root,) if last == 0 else ()
    path = (*seed, *proof)
    if len(path) != 1 + shared + (last >> shared).bit_count():
        raise ConsistencyError(f"a proof from {old_size} to {new_size} records cannot have {len(proof)} hashes")
    old_node = new_node = path[0]
    for level, sibling in enumerate(path[1:]):
        if level >= shared or last >> level & 1:
            old_node, new_node = node_hash(sibling, old_node), node_hash(sibling, new_node)
        else:
            new_node = node_hash(new_node, sibling)
    if old_node != old_root:
        raise ConsistencyError(f"the proof does not lead to the root remembered at {old_size} records")
    if new_node != new_root:
        raise ConsistencyError(f"the log of {new_size} records does not extend the one remembered at {old_size}")
