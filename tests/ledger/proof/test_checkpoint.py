"""Checkpoints and receipts: exact forms, round trips, and every way to forge one."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.checkpoint import (
    Checkpoint,
    Receipt,
    open_checkpoint,
    parse_checkpoint,
    parse_receipt,
    sign_checkpoint,
    verify_extension,
    verify_receipt,
)
from ledger.proof.errors import (
    ConsistencyError,
    InclusionError,
    MalformedCheckpointError,
    MalformedReceiptError,
    UnverifiedNoteError,
    VerificationError,
    WrongOriginError,
)
from ledger.proof.keys import SigningKey
from ledger.proof.merkle import EMPTY_ROOT, consistency_proof, inclusion_proof, leaf_hashes
from ledger.proof.notes import cosign, sign_note
from tests.ledger.naive_tree import in_memory, tree_head

ORIGIN = "ledger.example/deals"
LOG = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(32)))
WITNESS = SigningKey("witness.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32))
RECORDS = [f'{{"record":{number}}}'.encode() for number in range(40)]
HASHED = leaf_hashes(RECORDS)
# The example of https://c2sp.org/tlog-checkpoint.
PUBLISHED = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def checkpoint_at(size: int, *extensions: str) -> Checkpoint:
    return Checkpoint(ORIGIN, size, tree_head(HASHED[:size]), extensions)


def receipt_for(index: int, size: int, extra: bytes = b"") -> Receipt:
    proof = inclusion_proof(index, size, in_memory(HASHED))
    return Receipt(index, tuple(proof), sign_checkpoint(checkpoint_at(size), LOG), extra)


def test_the_published_checkpoint_reads_back() -> None:
    checkpoint = parse_checkpoint(PUBLISHED)
    root = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert checkpoint == Checkpoint("example.com/behind-the-sofa", 20_852_163, root)
    assert checkpoint.text == PUBLISHED


lines = st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=1, max_size=20)


@given(lines, st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(lines, max_size=3).map(tuple))
def test_any_checkpoint_reads_back(origin: str, size: int, root: bytes, extensions: tuple[str, ...]) -> None:
    checkpoint = Checkpoint(origin, size, root, extensions)
    assert parse_checkpoint(checkpoint.text) == checkpoint


ROOT_LINE = base64.b64encode(b"r" * 32).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        f"{ORIGIN}\n1\n",
        f"{ORIGIN}\n1\n{ROOT_LINE}",
        f"\n1\n{ROOT_LINE}\n",
        f"{ORIGIN}\n01\n{ROOT_LINE}\n",
        f"{ORIGIN}\n+1\n{ROOT_LINE}\n",
        f"{ORIGIN}\n-1\n{ROOT_LINE}\n",
        f"{ORIGIN}\n1 \n{ROOT_LINE}\n",
        f"{ORIGIN}\n1_0\n{ROOT_LINE}\n",
        f"{ORIGIN}\n\u0661\n{ROOT_LINE}\n",
        f"{ORIGIN}\n0x1\n{ROOT_LINE}\n",
        f"{ORIGIN}\n\n{ROOT_LINE}\n",
        f"{ORIGIN}\n{2**63}\n{ROOT_LINE}\n",
        f"{ORIGIN}\n{2**64}\n{ROOT_LINE}\n",
        f"{ORIGIN}\n{'9' * 5000}\n{ROOT_LINE}\n",
        f"{ORIGIN}\n0\n{ROOT_LINE}\n",
        f"{ORIGIN}\n1\n{ROOT_LINE}=\n",
        f"{ORIGIN}\n1\n{ROOT_LINE[:-1]}\n",
        f"{ORIGIN}\n1\n{ROOT_LINE[:-2]}J=\n",
        f"{ORIGIN}\n1\n {ROOT_LINE}\n",
        f"{ORIGIN}\n1\n{base64.b64encode(bytes(31)).decode()}\n",
        f"{ORIGIN}\n1\n{base64.b64encode(bytes(33)).decode()}\n",
        f"{ORIGIN}\n1\n{ROOT_LINE}\n\n",
        f"{ORIGIN}\n1\n{ROOT_LINE}\n\nextension\n",
        f"{ORIGIN}\r\n1\n{ROOT_LINE}\n",
    ],
)
def test_any_other_text_is_no_checkpoint(text: str) -> None:
    with pytest.raises(MalformedCheckpointError):
        parse_checkpoint(text)


def test_signed_checkpoints_open_with_and_without_a_witness() -> None:
    checkpoint = checkpoint_at(7, "extension")
    signed = sign_checkpoint(checkpoint, LOG)
    assert open_checkpoint(signed, [LOG.verifier]) == checkpoint
    assert open_checkpoint(cosign(signed, WITNESS), [LOG.verifier, WITNESS.verifier]) == checkpoint
    assert open_checkpoint(cosign(signed, WITNESS), [LOG.verifier]) == checkpoint


def test_an_empty_log_has_a_checkpoint() -> None:
    assert open_checkpoint(sign_checkpoint(checkpoint_at(0), LOG), [LOG.verifier]).root == EMPTY_ROOT


def test_only_the_log_speaks_for_itself() -> None:
    with pytest.raises(WrongOriginError):
        sign_checkpoint(checkpoint_at(7), WITNESS)
    witnessed_only = sign_note(checkpoint_at(7).text, WITNESS)
    with pytest.raises(WrongOriginError):
        open_checkpoint(witnessed_only, [LOG.verifier, WITNESS.verifier])


def test_a_checkpoint_signed_by_another_key_of_the_same_name_is_not_believed() -> None:
    impostor = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"i" * 32))
    with pytest.raises(UnverifiedNoteError):
        open_checkpoint(sign_checkpoint(checkpoint_at(7), impostor), [LOG.verifier])


def test_a_signed_text_that_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(MalformedCheckpointError):
        open_checkpoint(sign_note("hello\n", LOG), [LOG.verifier])


def test_a_log_extends_each_of_its_checkpoints() -> None:
    for old in range(1, 41):
        proof = consistency_proof(old, 40, in_memory(HASHED))
        verify_extension(old=checkpoint_at(old), new=checkpoint_at(40), proof=proof)


def test_roll_back_fork_and_another_log_are_no_extensions() -> None:
    proof = consistency_proof(20, 40, in_memory(HASHED))
    old, new = checkpoint_at(20), checkpoint_at(40)
    with pytest.raises(ConsistencyError):
        verify_extension(old=new, new=old, proof=proof)
    with pytest.raises(ConsistencyError, match="rewritten"):
        verify_extension(old=replace(new, root=old.root), new=new, proof=[])
    with pytest.raises(WrongOriginError):
        verify_extension(old=replace(old, origin="other.example"), new=new, proof=proof)


@given(st.integers(1, 40), st.data(), st.binary(max_size=40))
def test_receipts_read_back_and_prove_their_record(size: int, data: st.DataObject, extra: bytes) -> None:
    index = data.draw(st.integers(0, size - 1))
    receipt = receipt_for(index, size, extra)
    assert parse_receipt(receipt.to_bytes()) == receipt
    assert verify_receipt(receipt, RECORDS[index], [LOG.verifier]) == checkpoint_at(size)
    with pytest.raises(InclusionError):
        verify_receipt(receipt, RECORDS[index] + b" ", [LOG.verifier])


def test_a_receipt_is_written_as_the_specification_shows() -> None:
    receipt = receipt_for(1, 2, b"context")
    sibling = base64.b64encode(HASHED[0]).decode()
    head = f"c2sp.org/tlog-proof@v1\nextra Y29udGV4dA==\nindex 1\n{sibling}\n\n{ORIGIN}\n2\n".encode()
    assert receipt.to_bytes().startswith(head)
    assert receipt.to_bytes().endswith(receipt.checkpoint)


@pytest.mark.parametrize("bit", range(8))
def test_one_bit_flipped_at_any_byte_of_a_receipt_is_noticed(bit: int) -> None:
    data = receipt_for(11, 23).to_bytes()
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << bit
        with pytest.raises(VerificationError):
            verify_receipt(parse_receipt(bytes(flipped)), RECORDS[11], [LOG.verifier])


def test_a_receipt_truncated_at_any_byte_is_refused() -> None:
    data = receipt_for(11, 23, b"extra").to_bytes()
    for length in range(len(data)):
        with pytest.raises(VerificationError):
            parse_receipt(data[:length])


def test_only_the_extra_line_is_not_vouched_for() -> None:
    changed = replace(receipt_for(3, 9, b"one"), extra=b"two")
    assert verify_receipt(changed, RECORDS[3], [LOG.verifier]) == checkpoint_at(9)


@pytest.mark.parametrize("index", [9, 10, -1, 2**64 - 1])
def test_a_receipt_for_a_record_that_the_log_does_not_have_is_refused(index: int) -> None:
    receipt = receipt_for(8, 9)
    with pytest.raises(MalformedReceiptError):
        replace(receipt, index=index)
    with pytest.raises(MalformedReceiptError):
        parse_receipt(receipt.to_bytes().replace(b"index 8", f"index {index}".encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"tlog-proof@v1", b"tlog-proof@v2"),
        (b"extra ", b"extra  "),
        (b"extra ZXh0cmE=", b"extra "),
        (b"extra ZXh0cmE=", b"extra ZXh0cmE"),
        (b"extra ZXh0cmE=\n", b"extra ZXh0cmE=\nextra ZXh0cmE=\n"),
        (b"index 3", b"index 03"),
        (b"index 3", b"index"),
        (b"index 3", b"index +3"),
        (b"index 3", b"index three"),
        (b"index 3", b"Index 3"),
        (b"index 3", "index \u0663".encode()),
        (b"index 3\n", b"index 3\n\n"),
        (b"index 3\n", b"index 3\nAAAA\n"),
        (b"index 3\n", b"index 3\n" + f"{ROOT_LINE}\n".encode() * 64),
        (b"\n\n", b"\n"),
        (b"\n\n", b"\n\n\n"),
        (b"\n", b"\r\n"),
    ],
)
def test_receipts_of_any_other_form_are_refused(old: bytes, new: bytes) -> None:
    data = receipt_for(3, 9, b"extra").to_bytes()
    assert old in data
    with pytest.raises(VerificationError):
        parse_receipt(data.replace(old, new, 1) if old != b"\n" else data.replace(old, new))


def test_what_is_not_a_hash_is_neither_root_nor_proof() -> None:
    with pytest.raises(MalformedCheckpointError):
        replace(checkpoint_at(9), root=bytes(31))
    with pytest.raises(MalformedReceiptError):
        replace(receipt_for(3, 9), proof=(bytes(31),))


def test_a_receipt_is_worth_its_checkpoint() -> None:
    with pytest.raises(UnverifiedNoteError):
        verify_receipt(receipt_for(3, 9), RECORDS[3], [WITNESS.verifier])
    overlong = replace(receipt_for(3, 9), proof=(*receipt_for(3, 9).proof, HASHED[0]))
    with pytest.raises(InclusionError):
        verify_receipt(overlong, RECORDS[3], [LOG.verifier])


VALID = receipt_for(11, 23, b"extra").to_bytes()


@given(
    st.integers(0, len(VALID)),
    st.integers(0, len(VALID)),
    st.binary(max_size=30) | st.text(max_size=10).map(str.encode),
)
def test_whatever_is_spliced_into_a_receipt_is_refused_by_name(start: int, stop: int, junk: bytes) -> None:
    spliced = VALID[: min(start, stop)] + junk + VALID[max(start, stop) :]
    try:
        receipt = parse_receipt(spliced)
        checkpoint = verify_receipt(receipt, RECORDS[11], [LOG.verifier])
    except VerificationError:
        return
    assert (replace(receipt, extra=b"extra"), checkpoint) == (parse_receipt(VALID), checkpoint_at(23))
