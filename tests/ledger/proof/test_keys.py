"""The forms in which a signing key is kept and shown."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.errors import KeyFileError, KeyFileNotWrittenError, MalformedKeyError
from ledger.proof.keys import SigningKey, VerifierKey, generate_key, is_key_name, load_key, parse_vkey

NAME = "ledger.example/deals"
# Published in the documentation of golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

public_keys = st.binary(min_size=32, max_size=32)
key_names = st.text(st.characters(codec="utf-8"), min_size=1).filter(is_key_name)


def test_the_published_key_reads_back_as_published() -> None:
    key = parse_vkey(PETER)
    assert (key.name, key.key_id.hex(), key.vkey) == ("PeterNeumann", "c74f20a3", PETER)


@given(key_names, public_keys)
def test_a_vkey_reads_back(name: str, public: bytes) -> None:
    key = VerifierKey(name, public)
    assert parse_vkey(key.vkey) == key


@given(st.integers(0, len(PETER) - 1), st.integers(0, 6))
def test_a_vkey_with_any_bit_flipped_is_refused(place: int, bit: int) -> None:
    flipped = f"{PETER[:place]}{chr(ord(PETER[place]) ^ 1 << bit)}{PETER[place + 1 :]}"
    with pytest.raises(MalformedKeyError):
        parse_vkey(flipped)


@given(st.integers(0, len(PETER) - 1))
def test_a_truncated_vkey_is_refused(length: int) -> None:
    with pytest.raises(MalformedKeyError):
        parse_vkey(PETER[:length])


def other_algorithm() -> str:
    key = b"\x04" + parse_vkey(PETER).public
    key_id = hashlib.sha256(b"PeterNeumann\n" + key).digest()[:4].hex()
    return f"PeterNeumann+{key_id}+{base64.b64encode(key).decode()}"


@pytest.mark.parametrize(
    "line",
    [
        PETER + "\n",
        " " + PETER,
        PETER + "A",
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("PeterNeumann", "Peter\udcff"),
        PETER.replace("PeterNeumann", "Peter Neumann"),
        PETER.replace("PeterNeumann", ""),
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
    ],
)
def test_other_lines_are_no_vkeys(line: str) -> None:
    with pytest.raises(MalformedKeyError):
        parse_vkey(line)


def test_a_key_of_another_algorithm_is_called_that() -> None:
    with pytest.raises(MalformedKeyError, match="not an Ed25519 note key"):
        parse_vkey(other_algorithm())


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(MalformedKeyError):
        VerifierKey(NAME, bytes(31))


def test_a_new_key_is_kept_for_its_owner_alone_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    old_umask = os.umask(0)
    try:
        key = generate_key(path, NAME)
    finally:
        os.umask(old_umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="ascii").startswith("-----BEGIN PRIVATE KEY-----\n")
    loaded = load_key(path, NAME)
    assert loaded.verifier == key.verifier
    assert key.verifier.verifies(b"text", loaded.sign(b"text"))


def test_the_public_pem_is_the_same_key(tmp_path: Path) -> None:
    key = generate_key(tmp_path / "key.pem", NAME)
    loaded = load_pem_public_key(key.verifier.public_pem.encode())
    assert loaded == key.private.public_key()


def test_the_private_key_is_not_shown(tmp_path: Path) -> None:
    assert repr(generate_key(tmp_path / "key.pem", NAME)) == f"SigningKey(name={NAME!r})"


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    generate_key(path, NAME)
    before = path.read_bytes()
    with pytest.raises(KeyFileNotWrittenError) as refused:
        generate_key(path, NAME)
    assert (path.read_bytes(), refused.value.exit_code) == (before, 73)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "*", "a,b", 'a"b', "ünïcode", "a\n", "-a", "a" * 256])
def test_names_that_a_verifier_could_misread_are_not_given_to_new_keys(name: str, tmp_path: Path) -> None:
    with pytest.raises(MalformedKeyError):
        generate_key(tmp_path / "key.pem", name)
    assert list(tmp_path.iterdir()) == []


def written(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_unusable_key_files_are_refused(tmp_path: Path) -> None:
    ed25519 = Ed25519PrivateKey.generate()
    plain = ed25519.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    locked = ed25519.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    refused = {
        "absent": tmp_path / "absent.pem",
        "read by others": written(tmp_path / "open.pem", plain, 0o640),
        "junk": written(tmp_path / "junk.pem", b"junk"),
        "encrypted": written(tmp_path / "locked.pem", locked),
        "another algorithm": written(tmp_path / "other.pem", other),
        "truncated": written(tmp_path / "short.pem", plain[:-30]),
    }
    for path in refused.values():
        with pytest.raises(KeyFileError):
            load_key(path, NAME)
    usable = load_key(written(tmp_path / "plain.pem", plain), NAME)
    assert usable.verifier == SigningKey(NAME, ed25519).verifier
