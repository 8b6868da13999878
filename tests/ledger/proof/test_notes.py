"""Signed notes against the published example, and against every way to spoil one."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.errors import (
    BadSignatureError,
    DuplicateSignatureError,
    MalformedKeyError,
    MalformedNoteError,
    UnverifiedNoteError,
    VerificationError,
)
from ledger.proof.keys import SigningKey, VerifierKey, parse_vkey
from ledger.proof.notes import Note, Signature, cosign, detach, open_note, parse_note, sign_note

# The example in the documentation of golang.org/x/mod/sumdb/note.
PETER = parse_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
PETER_PRIVATE = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.
"""
SIGNED = f"""{TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
""".encode()


def key_named(name: str, seed: int = 0) -> SigningKey:
    return SigningKey(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


LOG = key_named("ledger.example/deals", 1)
WITNESS = key_named("witness.example", 2)
PETER_SIGNS = SigningKey("PeterNeumann", Ed25519PrivateKey.from_private_bytes(base64.b64decode(PETER_PRIVATE)[1:]))


def test_the_published_note_opens() -> None:
    opened = open_note(SIGNED, [PETER])
    assert (opened.text, opened.signers, opened.unknown) == (TEXT, (PETER,), ())


def test_signing_the_published_text_gives_the_published_note() -> None:
    assert sign_note(TEXT, PETER_SIGNS) == SIGNED


texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"], include_characters="\n—")).map(
    lambda text: f"{text}\n"
)


@given(texts)
def test_any_text_comes_back_from_its_note(text: str) -> None:
    opened = open_note(cosign(sign_note(text, LOG), WITNESS), [WITNESS.verifier, LOG.verifier])
    assert (opened.text, opened.signers) == (text, (LOG.verifier, WITNESS.verifier))


@given(texts)
def test_a_parsed_note_is_written_back_unchanged(text: str) -> None:
    data = cosign(sign_note(text, LOG), WITNESS)
    assert parse_note(data).to_bytes() == data


@pytest.mark.parametrize("bit", range(8))
def test_one_bit_flipped_at_any_byte_is_noticed(bit: int) -> None:
    for place in range(len(SIGNED)):
        flipped = bytearray(SIGNED)
        flipped[place] ^= 1 << bit
        with pytest.raises(VerificationError):
            open_note(bytes(flipped), [PETER])


def test_a_note_truncated_at_any_byte_is_refused() -> None:
    for length in range(len(SIGNED)):
        with pytest.raises(MalformedNoteError):
            open_note(SIGNED[:length], [PETER])


@pytest.mark.parametrize(
    "spoilt",
    [
        SIGNED + b"\n",
        SIGNED + b" ",
        SIGNED + b"trailing\n",
        SIGNED + "— \n".encode(),
        SIGNED + "— name\n".encode(),
        SIGNED + "— name AAAAAA==\n".encode(),  # a key id without a signature
        SIGNED + "— na+me AAAAAAAA\n".encode(),
        SIGNED + "—  AAAAAAAA\n".encode(),
        SIGNED + "— name\N{NO-BREAK SPACE}d AAAAAAAA\n".encode(),
        SIGNED + "— name AAAAAAAA \n".encode(),
        SIGNED + "— name AAAAAAA\n".encode(),  # padding missing
        SIGNED + "— name AAAAAAB=\n".encode(),  # bits set that no byte uses
        SIGNED + "— name AAAA-AA_\n".encode(),  # the other alphabet
        SIGNED + b"- name AAAAAAAA\n",
        SIGNED + b"name AAAAAAAA\n",
        SIGNED.replace(b"\n", b"\r\n"),
        SIGNED.replace(b"problem,", b"problem,\t"),
        SIGNED.replace(b"problem,", b"problem\x00"),
        SIGNED.replace(b"problem,", b"problem\xff"),
        SIGNED.replace(b"\n\n", b"\n"),
        TEXT.encode(),
        b"\n\n",
        b"",
    ],
)
def test_anything_but_the_exact_form_is_refused(spoilt: bytes) -> None:
    with pytest.raises(MalformedNoteError):
        open_note(spoilt, [PETER])


def test_notes_beyond_the_limits_are_not_read() -> None:
    line = "— unknown.example AAAAAAAA\n".encode()
    assert len(open_note(SIGNED + line * 99, [PETER]).unknown) == 99
    with pytest.raises(MalformedNoteError, match="100 signatures"):
        open_note(SIGNED + line * 100, [PETER])
    with pytest.raises(MalformedNoteError, match="1,000,000 bytes"):
        parse_note(b"x" * 1_000_001)


def test_unknown_signatures_are_set_aside_wherever_they_stand() -> None:
    stranger = Signature("stranger.example", b"\x01\x02\x03\x04", b"anything")
    note = parse_note(cosign(sign_note(TEXT, LOG), WITNESS))
    mixed = Note(note.text, (stranger, *note.signatures)).to_bytes()
    opened = open_note(mixed, [LOG.verifier])
    assert (opened.signers, opened.unknown) == ((LOG.verifier,), (stranger, note.signatures[1]))


def test_sharing_a_name_or_an_id_is_not_enough_to_be_known() -> None:
    namesake = key_named(LOG.name, 9)
    data = sign_note(TEXT, LOG)
    with pytest.raises(UnverifiedNoteError):
        open_note(data, [namesake.verifier])
    assert open_note(data, [namesake.verifier, LOG.verifier]).signers == (LOG.verifier,)


def test_without_a_known_signature_nothing_is_believed() -> None:
    for known in ([], [WITNESS.verifier]):
        with pytest.raises(UnverifiedNoteError, match="PeterNeumann"):
            open_note(SIGNED, known)


def test_one_false_known_signature_condemns_the_note() -> None:
    note = parse_note(sign_note(TEXT, LOG))
    forged = Signature(WITNESS.name, WITNESS.verifier.key_id, bytes(64))
    data = Note(note.text, (*note.signatures, forged)).to_bytes()
    assert open_note(data, [LOG.verifier]).unknown == (forged,)
    with pytest.raises(BadSignatureError):
        open_note(data, [LOG.verifier, WITNESS.verifier])


@pytest.mark.parametrize("length", [1, 63, 65, 128])
def test_a_known_signature_of_the_wrong_length_is_false(length: int) -> None:
    forged = Note(TEXT, (Signature(LOG.name, LOG.verifier.key_id, bytes(length)),)).to_bytes()
    with pytest.raises(BadSignatureError):
        open_note(forged, [LOG.verifier])


def test_a_key_signs_once() -> None:
    note = parse_note(SIGNED)
    twice = Note(note.text, note.signatures * 2).to_bytes()
    with pytest.raises(DuplicateSignatureError):
        open_note(twice, [PETER])
    with pytest.raises(DuplicateSignatureError):
        cosign(SIGNED, PETER_SIGNS)


def test_repeated_strangers_do_no_harm() -> None:
    stranger = "— stranger.example AAAAAAAA\n".encode()
    assert len(open_note(SIGNED + stranger * 2, [PETER]).unknown) == 2


def test_two_known_keys_under_one_label_are_refused() -> None:
    first, second = VerifierKey("a.example", bytes(32)), VerifierKey("a.example", bytes(31) + b"\x01")
    for key in (first, second):
        vars(key)["key_id"] = b"same"  # a collision that would take hours to search for
    with pytest.raises(MalformedKeyError):
        open_note(SIGNED, [first, second, PETER])
    assert open_note(SIGNED, [PETER, PETER]).signers == (PETER,)


@pytest.mark.parametrize(
    "text", ["", "no line end", "control\x07\n", "tab\t\n", "surrogate \udcff\n", "a\n\n— b AAAAAAAA"]
)
def test_texts_that_no_note_may_have_are_not_signed(text: str) -> None:
    with pytest.raises(MalformedNoteError):
        sign_note(text, LOG)


def test_the_bare_signature_is_over_the_text_alone() -> None:
    text, signature = detach(cosign(SIGNED, LOG), PETER)
    assert text == TEXT.encode()
    assert len(signature) == 64
    assert PETER.verifies(text, signature)
    with pytest.raises(UnverifiedNoteError):
        detach(SIGNED, LOG.verifier)
