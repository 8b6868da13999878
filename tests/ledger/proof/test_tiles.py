"""Proofs from a store that keeps leaf hashes and every eighth level only."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.errors import MissingNodesError
from ledger.proof.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from ledger.proof.tiles import Tiles
from tests.ledger.naive_tree import numbered

SIZES = [1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000, 131_072, 131_073]


@cache
def leaves() -> list[bytes]:
    return numbered(max(SIZES))


class Store:
    """The rows that a database would hold, with the whole tree beside them as the oracle."""

    def __init__(self) -> None:
        self.whole = [leaves()]
        while len(self.whole[-1]) > 1:
            below = self.whole[-1]
            self.whole.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
        frontier = Frontier()
        self.rows = frontier.extend(leaves())
        self.kept = {(level, index): node for level, index, node in self.rows}
        self.reads = 0

    def subtree(self, level: int, index: int) -> bytes:
        return self.whole[level][index]

    def leaf_hashes(self, start: int, stop: int) -> list[bytes]:
        self.reads += 1
        return leaves()[start:stop]

    def stored_nodes(self, level: int, start: int, stop: int) -> list[bytes]:
        self.reads += 1
        return [self.kept[level, index] for index in range(start, stop)]

    def tiles(self, size: int) -> Tiles:
        return Tiles(size, leaf_hashes=self.leaf_hashes, stored_nodes=self.stored_nodes)


@cache
def store() -> Store:
    return Store()


def test_the_rows_to_keep_are_all_complete_subtrees_of_every_eighth_level() -> None:
    expected = [
        (level, index, store().whole[level][index]) for level in (8, 16) for index in range(len(leaves()) >> level)
    ]
    assert store().rows == expected


@pytest.mark.parametrize("size", [255, 256, 257, 65_535, 65_536, 65_537])
def test_rows_come_out_with_the_append_that_completes_them(size: int) -> None:
    frontier = Frontier()
    before = frontier.extend(leaves()[: size - 1])
    last = frontier.append(leaves()[size - 1])
    assert before == [row for row in store().rows if (row[1] + 1) << row[0] <= size - 1]
    assert last == [row for row in store().rows if (row[1] + 1) << row[0] == size]


@pytest.mark.parametrize("size", SIZES)
def test_every_kind_of_place_has_the_same_proof_as_in_memory(size: int) -> None:
    frontier = Frontier()
    frontier.extend(leaves()[:size])
    root = frontier.root()
    tiles = store().tiles(size)
    assert root_at(size, tiles.subtree) == root
    places = {0, 1, size // 2, size - 1, *(place for place in (254, 255, 256, 65_535, 65_536) if place < size)}
    for index in sorted(place for place in places if place < size):
        proof = inclusion_proof(index, size, tiles.subtree)
        assert proof == inclusion_proof(index, size, store().subtree)
        verify_inclusion(leaf=leaves()[index], index=index, size=size, proof=proof, root=root)
        old = index + 1
        proof = consistency_proof(old, size, tiles.subtree)
        assert proof == consistency_proof(old, size, store().subtree)
        old_root = root_at(old, tiles.subtree)
        verify_consistency(old_size=old, new_size=size, proof=proof, old_root=old_root, new_root=root)


@given(st.sampled_from(SIZES), st.data())
def test_any_complete_subtree_is_found(size: int, data: st.DataObject) -> None:
    level = data.draw(st.integers(0, size.bit_length() - 1))
    index = data.draw(st.integers(0, (size >> level) - 1))
    assert store().tiles(size).subtree(level, index) == store().subtree(level, index)


@pytest.mark.parametrize(("level", "index"), [(0, 300), (0, -1), (8, 1), (9, 0), (70, 0)])
def test_subtrees_that_are_not_complete_are_refused(level: int, index: int) -> None:
    with pytest.raises(MissingNodesError):
        store().tiles(300).subtree(level, index)


def test_a_store_that_lost_rows_is_found_out() -> None:
    lossy: list[Callable[[], bytes]] = [
        lambda: Tiles(
            300, leaf_hashes=lambda start, stop: leaves()[start : stop - 1], stored_nodes=store().stored_nodes
        ).subtree(0, 7),
        lambda: Tiles(512, leaf_hashes=store().leaf_hashes, stored_nodes=lambda _level, _start, _stop: []).subtree(
            9, 0
        ),
    ]
    for read in lossy:
        with pytest.raises(MissingNodesError, match="not"):
            read()


def test_neighbouring_proofs_share_their_reads() -> None:
    fresh = Store()
    tiles = fresh.tiles(65_537)
    for index in range(1_000):
        inclusion_proof(index, 65_537, tiles.subtree)
    assert fresh.reads <= 8
