"""The tree exactly as RFC 9162 defines it, recursive and slow: the oracle for `ledger.proof.merkle`."""

from __future__ import annotations

import hashlib

from ledger.proof.merkle import NodeSource


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def largest_power_of_two_below(count: int) -> int:
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def tree_head(hashed: list[bytes]) -> bytes:
    """MTH of section 2.1.1, over leaves that are hashed already."""
    if not hashed:
        return sha256(b"")
    if len(hashed) == 1:
        return hashed[0]
    k = largest_power_of_two_below(len(hashed))
    return sha256(b"\x01" + tree_head(hashed[:k]) + tree_head(hashed[k:]))


def path(m: int, hashed: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.3.1."""
    if len(hashed) == 1:
        return []
    k = largest_power_of_two_below(len(hashed))
    if m < k:
        return [*path(m, hashed[:k]), tree_head(hashed[k:])]
    return [*path(m - k, hashed[k:]), tree_head(hashed[:k])]


def subproof(m: int, hashed: list[bytes], *, known: bool) -> list[bytes]:
    """SUBPROOF of section 2.1.4.1; PROOF(m, D) is `subproof(m, D, known=True)`."""
    if m == len(hashed):
        return [] if known else [tree_head(hashed)]
    k = largest_power_of_two_below(len(hashed))
    if m <= k:
        return [*subproof(m, hashed[:k], known=known), tree_head(hashed[k:])]
    return [*subproof(m - k, hashed[k:], known=False), tree_head(hashed[:k])]


def in_memory(hashed: list[bytes]) -> NodeSource:
    """Any complete subtree straight from the leaf hashes."""
    return lambda level, index: tree_head(hashed[index << level : (index + 1) << level])


def numbered(count: int) -> list[bytes]:
    """Return the hashes of `count` distinguishable leaves."""
    return [sha256(b"\x00" + str(number).encode()) for number in range(count)]
