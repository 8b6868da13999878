"""Proofs from a store that keeps little: reads leaf hashes and every eighth level of the tree, hashes the rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ledger.proof.errors import MissingNodesError
from ledger.proof.merkle import STRIDE, parent_hashes

__all__ = ["Tiles"]


class Tiles:
    """Any complete subtree's root in a log of `size` leaves, from a store that keeps every eighth level only.

    `leaf_hashes(start, stop)` and `stored_nodes(level, start, stop)` read half-open ranges in order. At most 256 hashes
    are read at a time, and the latest such tiles are remembered, so proofs for neighbouring leaves share their reads.
    """

    def __init__(
        self,
        size: int,
        *,
        leaf_hashes: Callable[[int, int], list[bytes]],
        stored_nodes: Callable[[int, int, int], list[bytes]],
    ) -> None:
        self.size = size
        self._leaf_hashes = leaf_hashes
        self._stored_nodes = stored_nodes
        self._tile = lru_cache(maxsize=64)(self._read_tile)

    def subtree(self, level: int, index: int) -> bytes:
        """Return the root of one complete subtree; raises `MissingNodesError` where the store or the log ends early."""
        if not 0 <= index < self.size >> level:
            raise MissingNodesError(f"subtree {index} of level {level} is not complete in a log of {self.size} records")
        above = level % STRIDE
        tile, offset = divmod(index, 1 << (STRIDE - above))
        return self._tile(level - above, tile)[above][offset]

    def _read_tile(self, level: int, tile: int) -> list[list[bytes]]:
        """Read up to 256 neighbouring nodes and hash the levels above them, up to the last one that is not stored."""
        start = tile << STRIDE
        stop = min(start + (1 << STRIDE), self.size >> level)
        nodes = self._stored_nodes(level, start, stop) if level else self._leaf_hashes(start, stop)
        if len(nodes) != stop - start:
            raise MissingNodesError(
                f"level {level} of the tree has {len(nodes)} nodes from {start} to {stop}, not {stop - start}",
                advice="rebuild the stored nodes from the leaf hashes",
            )
        layers = [nodes]
        while len(layers) < STRIDE:
            layers.append(parent_hashes(layers[-1]))
        return layers
