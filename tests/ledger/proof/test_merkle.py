"""The Merkle tree against published vectors, against the RFC's own definition, and against forgers."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.errors import (
    ConsistencyError,
    FrontierDamagedError,
    InclusionError,
    MalformedHashError,
    VerificationError,
)
from ledger.proof.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    leaf_hashes,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from tests.ledger.naive_tree import in_memory, numbered, path, sha256, subproof, tree_head

SIZE_MAX = 130
LEAVES = numbered(SIZE_MAX)
ROOTS = [tree_head(LEAVES[:size]) for size in range(SIZE_MAX + 1)]
VECTORS = Path(__file__).parents[2] / "vectors" / "rfc6962.jsonl"

sizes = st.integers(1, SIZE_MAX)


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def check_vector(vector: dict[str, Any]) -> None:
    proof = [decoded(item) for item in vector["proof"] or []]
    if vector["kind"] == "inclusion":
        verify_inclusion(
            leaf=decoded(vector["leafHash"]),
            index=vector["leafIdx"],
            size=vector["treeSize"],
            proof=proof,
            root=decoded(vector["root"]),
        )
    else:
        verify_consistency(
            old_size=vector["size1"],
            new_size=vector["size2"],
            proof=proof,
            old_root=decoded(vector["root1"]),
            new_root=decoded(vector["root2"]),
        )


def test_all_published_vectors_are_judged_as_published() -> None:
    vectors = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]
    refused = set()
    for vector in vectors:
        try:
            check_vector(vector)
        except VerificationError:
            refused.add(vector["name"])
    assert refused == {vector["name"] for vector in vectors if vector["wantErr"]}
    assert (len(vectors), len(refused)) == (98, 91)


def test_hashes_are_those_of_the_rfc() -> None:
    assert sha256(b"") == EMPTY_ROOT
    assert leaf_hash(b"deal") == sha256(b"\x00deal")
    assert leaf_hashes([b"", b"deal"]) == [sha256(b"\x00"), sha256(b"\x00deal")]
    assert node_hash(LEAVES[0], LEAVES[1]) == sha256(b"\x01" + LEAVES[0] + LEAVES[1])


def test_appending_one_by_one_gives_every_root() -> None:
    frontier = Frontier()
    roots = [frontier.root()]
    for leaf in LEAVES:
        frontier.append(leaf)
        roots.append(frontier.root())
    assert roots == ROOTS


def test_a_root_can_be_recomputed_at_every_size() -> None:
    assert [root_at(size, in_memory(LEAVES)) for size in range(SIZE_MAX + 1)] == ROOTS


@given(st.lists(st.integers(0, 40), max_size=8))
def test_appending_in_batches_is_appending_one_by_one(batches: list[int]) -> None:
    leaves = numbered(sum(batches))
    batched, single = Frontier(), Frontier()
    start = 0
    rows = []
    for batch in batches:
        rows += batched.extend(leaves[start : start + batch])
        start += batch
    one_by_one = [row for leaf in leaves for row in single.append(leaf)]
    assert (batched.to_bytes(), batched.root(), rows) == (single.to_bytes(), tree_head(leaves), one_by_one)


@given(st.integers(0, SIZE_MAX), st.integers(0, 40))
def test_a_persisted_edge_goes_on_as_if_it_had_never_stopped(size: int, more: int) -> None:
    leaves = numbered(size + more)
    frontier = Frontier()
    frontier.extend(leaves[:size])
    stored = frontier.to_bytes()
    revived = Frontier.from_bytes(stored)
    assert (revived.size, revived.peaks(), revived.to_bytes()) == (size, frontier.peaks(), stored)
    revived.extend(leaves[size:])
    assert revived.root() == tree_head(leaves)


@given(st.integers(0, SIZE_MAX), st.data())
def test_a_truncated_or_prolonged_edge_is_refused(size: int, data: st.DataObject) -> None:
    frontier = Frontier()
    frontier.extend(numbered(size))
    stored = frontier.to_bytes()
    length = data.draw(st.integers(0, len(stored) - 1))
    for damaged in (stored[:length], stored + b"\x00"):
        with pytest.raises(FrontierDamagedError):
            Frontier.from_bytes(damaged)


def test_a_copy_leaves_the_original_alone() -> None:
    for size in range(40):
        frontier = Frontier()
        frontier.extend(LEAVES[:size])
        frontier.copy().extend(LEAVES[size : size + 40])
        assert (frontier.size, frontier.root()) == (size, ROOTS[size])


def test_only_hashes_can_be_appended_and_a_refused_batch_changes_nothing() -> None:
    frontier = Frontier()
    with pytest.raises(MalformedHashError):
        frontier.extend([LEAVES[0], b"short"])
    assert (frontier.size, frontier.root()) == (0, EMPTY_ROOT)


def test_every_inclusion_proof_is_the_one_of_the_rfc_and_verifies() -> None:
    for size in range(1, SIZE_MAX + 1):
        for index in range(size):
            proof = inclusion_proof(index, size, in_memory(LEAVES))
            assert proof == path(index, LEAVES[:size])
            verify_inclusion(leaf=LEAVES[index], index=index, size=size, proof=proof, root=ROOTS[size])


def test_every_consistency_proof_is_the_one_of_the_rfc_and_verifies() -> None:
    for new in range(1, SIZE_MAX + 1):
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, in_memory(LEAVES))
            assert proof == subproof(old, LEAVES[:new], known=True)
            verify_consistency(old_size=old, new_size=new, proof=proof, old_root=ROOTS[old], new_root=ROOTS[new])


def flipped(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "big") ^ 1 << bit).to_bytes(len(value), "big")


@given(sizes, st.data())
def test_any_flipped_bit_breaks_an_inclusion_proof(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = [LEAVES[index], ROOTS[size], *path(index, LEAVES[:size])]
    place = data.draw(st.integers(0, len(hashes) - 1))
    hashes[place] = flipped(hashes[place], data.draw(st.integers(0, 255)))
    with pytest.raises(InclusionError):
        verify_inclusion(leaf=hashes[0], index=index, size=size, proof=hashes[2:], root=hashes[1])


@given(sizes, st.data())
def test_any_flipped_bit_breaks_a_consistency_proof(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    hashes = [ROOTS[old], ROOTS[new], *subproof(old, LEAVES[:new], known=True)]
    place = data.draw(st.integers(0, len(hashes) - 1))
    hashes[place] = flipped(hashes[place], data.draw(st.integers(0, 255)))
    with pytest.raises(ConsistencyError):
        verify_consistency(old_size=old, new_size=new, proof=hashes[2:], old_root=hashes[0], new_root=hashes[1])


absurd = st.one_of(st.integers(-3, SIZE_MAX + 3), st.integers(-(2**65), 2**65), st.sampled_from([2**63, 2**64 - 1]))


@given(sizes, st.data(), absurd)
def test_a_record_is_proven_at_no_other_index(size: int, data: st.DataObject, claimed: int) -> None:
    index = data.draw(st.integers(0, size - 1).filter(lambda index: index != claimed))
    with pytest.raises(InclusionError):
        verify_inclusion(
            leaf=LEAVES[index], index=claimed, size=size, proof=path(index, LEAVES[:size]), root=ROOTS[size]
        )


@given(sizes, st.data(), st.integers(-2, 66))
def test_absurd_sizes_prove_nothing(size: int, data: st.DataObject, exponent: int) -> None:
    claimed = 2**exponent if exponent >= 0 else exponent
    old = data.draw(st.integers(1, size).filter(lambda old: old != claimed))
    proof = subproof(old, LEAVES[:size], known=True)
    with pytest.raises(ConsistencyError):
        verify_consistency(old_size=claimed, new_size=size, proof=proof, old_root=ROOTS[old], new_root=ROOTS[size])
    if claimed <= 0:
        with pytest.raises(InclusionError):
            verify_inclusion(leaf=LEAVES[0], index=0, size=claimed, proof=path(0, LEAVES[:size]), root=ROOTS[size])


@given(sizes, st.data())
def test_proofs_one_hash_too_long_or_too_short_are_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    inclusion, consistency = path(index, LEAVES[:size]), subproof(old, LEAVES[:size], known=True)
    extra = data.draw(st.sampled_from([LEAVES[index], ROOTS[size], EMPTY_ROOT]))
    for proof in ([extra, *inclusion], [*inclusion, extra], inclusion[1:], inclusion[:-1]):
        if len(proof) != len(inclusion):
            with pytest.raises(InclusionError):
                verify_inclusion(leaf=LEAVES[index], index=index, size=size, proof=proof, root=ROOTS[size])
    for proof in ([extra, *consistency], [*consistency, extra], consistency[1:], consistency[:-1]):
        if len(proof) != len(consistency):
            with pytest.raises(ConsistencyError):
                verify_consistency(old_size=old, new_size=size, proof=proof, old_root=ROOTS[old], new_root=ROOTS[size])


@pytest.mark.parametrize("broken", [b"", LEAVES[0][:31], LEAVES[0] + b"\x00"])
def test_what_is_not_a_hash_is_refused(broken: bytes) -> None:
    right = path(0, LEAVES[:2])
    for leaf, proof, root in (
        (broken, right, ROOTS[2]),
        (LEAVES[0], [broken], ROOTS[2]),
        (LEAVES[0], right, broken),
    ):
        with pytest.raises(MalformedHashError):
            verify_inclusion(leaf=leaf, index=0, size=2, proof=proof, root=root)
        with pytest.raises(MalformedHashError):
            verify_consistency(old_size=1, new_size=2, proof=proof, old_root=leaf, new_root=root)


def test_two_roots_of_one_size_are_a_rewritten_log() -> None:
    with pytest.raises(ConsistencyError, match="rewritten"):
        verify_consistency(old_size=4, new_size=4, proof=[], old_root=ROOTS[4], new_root=ROOTS[5])
    verify_consistency(old_size=0, new_size=0, proof=[], old_root=EMPTY_ROOT, new_root=EMPTY_ROOT)
    with pytest.raises(ConsistencyError):
        verify_consistency(old_size=-1, new_size=-1, proof=[], old_root=EMPTY_ROOT, new_root=EMPTY_ROOT)


@pytest.mark.parametrize("proof", [[], [EMPTY_ROOT], LEAVES[:2], LEAVES[:4]])
def test_an_empty_log_is_no_evidence_for_a_later_one(proof: list[bytes]) -> None:
    with pytest.raises(ConsistencyError, match="cannot be shown to extend"):
        verify_consistency(old_size=0, new_size=4, proof=proof, old_root=EMPTY_ROOT, new_root=ROOTS[4])


def test_a_rewritten_log_cannot_pass_for_an_extension() -> None:
    rewritten = [sha256(b"\x00other"), *LEAVES[1:8]]
    proof = consistency_proof(5, 8, in_memory(rewritten))
    with pytest.raises(ConsistencyError, match="remembered at 5"):
        verify_consistency(old_size=5, new_size=8, proof=proof, old_root=ROOTS[5], new_root=tree_head(rewritten))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3), (3, 3), (2**64 - 1, 3)])
def test_no_proof_is_made_for_a_record_outside_the_log(index: int, size: int) -> None:
    with pytest.raises(InclusionError):
        inclusion_proof(index, size, in_memory(LEAVES))


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 4), (-1, 4), (5, 4)])
def test_no_proof_is_made_from_nothing_or_backwards(old: int, new: int) -> None:
    with pytest.raises(ConsistencyError):
        consistency_proof(old, new, in_memory(LEAVES))


def test_the_tree_can_be_imported_without_loading_a_crypto_library() -> None:
    code = "import sys, ledger.proof.merkle, ledger.proof.tiles; print(sorted({'hashlib', 'cryptography'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
