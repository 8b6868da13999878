"""Signed notes: a text with signatures below it that anyone can check with the signer's public key.

The format of https://c2sp.org/signed-note and of Go's `sumdb/note`: UTF-8 text, an empty line, and one line
`— <key name> <base64 of key id and signature>` for each signature.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.proof.errors import (
    BadSignatureError,
    DuplicateSignatureError,
    MalformedKeyError,
    MalformedNoteError,
    UnverifiedNoteError,
)
from ledger.proof.keys import KEY_ID_BYTES, SigningKey, VerifierKey, decode_base64, is_key_name

__all__ = ["Note", "OpenedNote", "Signature", "cosign", "detach", "open_note", "parse_note", "sign_note"]

NOTE_BYTES_MAX = 1_000_000
SIGNATURES_MAX = 100
"""As in Go; the specification asks for at least 16."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_MARK = "\N{EM DASH} "


@dataclass(frozen=True)
class Signature:
    """One signature line."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line as it stands in the note, without its end."""
        return f"{_MARK}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}"


@dataclass(frozen=True)
class Note:
    """A note as written: nothing in it may be believed before `open_note` has checked a signature."""

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """Return the note as it is stored and sent."""
        return "".join([self.text, "\n", *(f"{signature.line}\n" for signature in self.signatures)]).encode()


@dataclass(frozen=True)
class OpenedNote:
    """A note that known keys have signed; signatures of unknown keys are set aside and say nothing."""

    text: str
    signers: tuple[VerifierKey, ...]
    unknown: tuple[Signature, ...]


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_MARK).partition(" ")
    try:
        decoded = decode_base64(encoded)
    except ValueError as error:
        raise MalformedNoteError(f"the signature of {name!r} is not base64") from error
    if not line.startswith(_MARK) or not is_key_name(name) or len(decoded) <= KEY_ID_BYTES:
        raise MalformedNoteError(f"{line!r} is not a signature line")
    return Signature(name, decoded[:KEY_ID_BYTES], decoded[KEY_ID_BYTES:])


def parse_note(data: bytes) -> Note:
    """Read a note without checking any signature; raises `MalformedNoteError` for anything but the exact form."""
    if len(data) > NOTE_BYTES_MAX:
        raise MalformedNoteError(f"a note of more than {NOTE_BYTES_MAX:,} bytes is not read")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise MalformedNoteError(f"the note is not UTF-8 at byte {error.start}") from error
    control = _CONTROL.search(whole)
    if control:
        raise MalformedNoteError(
            f"the note has a control character ({control.group()!r}) at character {control.start()}"
        )
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise MalformedNoteError("the note does not end with an empty line and complete signature lines")
    signatures = tuple(map(_parse_signature, lines[:-1].split("\n")))
    if len(signatures) > SIGNATURES_MAX:
        raise MalformedNoteError(f"a note with more than {SIGNATURES_MAX} signatures is not read")
    return Note(f"{text}\n", signatures)


def open_note(data: bytes, known: Iterable[VerifierKey]) -> OpenedNote:
    """Read a note and check the signature of every known key in it.

    Raises `MalformedNoteError`, `BadSignatureError` where a known key's signature does not fit,
    `DuplicateSignatureError` where a known key signed twice, `UnverifiedNoteError` where none of the keys signed, and
    `MalformedKeyError` where two different known keys share name and id.
    """
    keys: dict[tuple[str, bytes], VerifierKey] = {}
    for key in known:
        if keys.setdefault((key.name, key.key_id), key) != key:
            raise MalformedKeyError(f"two different keys share the name {key.name} and the id {key.key_id.hex()}")
    note = parse_note(data)
    signers: list[VerifierKey] = []
    unknown: list[Signature] = []
    for signature in note.signatures:
        signer = keys.get((signature.name, signature.key_id))
        if signer is None:
            unknown.append(signature)
            continue
        if signer in signers:
            raise DuplicateSignatureError(f"{signer.name} signed the note twice")
        if not signer.verifies(note.text.encode(), signature.signature):
            raise BadSignatureError(f"the signature of {signer.name} does not fit the text: one of them was altered")
        signers.append(signer)
    if not signers:
        raise UnverifiedNoteError(
            f"none of the known keys signed the note, only {', '.join(sorted({item.name for item in unknown}))}",
            advice="compare the public key with the one that its owner published",
        )
    return OpenedNote(note.text, tuple(signers), tuple(unknown))


def _signature(text: str, key: SigningKey) -> Signature:
    return Signature(key.name, key.verifier.key_id, key.sign(text.encode()))


def sign_note(text: str, key: SigningKey) -> bytes:
    """Sign a text, which must end with a newline and have no other control character.

    Raises `MalformedNoteError`; further keys add their signatures with `cosign`.
    """
    if not text.endswith("\n"):
        raise MalformedNoteError("the text of a note ends with a newline")
    try:
        signed = Note(text, (_signature(text, key),)).to_bytes()
    except UnicodeEncodeError as error:
        raise MalformedNoteError(f"the text has no UTF-8 form at character {error.start}") from error
    parse_note(signed)
    return signed


def cosign(data: bytes, key: SigningKey) -> bytes:
    """Add one more signature below those that a note has, without judging those.

    Raises `DuplicateSignatureError` where the key has signed the note already.
    """
    note = parse_note(data)
    added = _signature(note.text, key)
    if any((old.name, old.key_id) == (added.name, added.key_id) for old in note.signatures):
        raise DuplicateSignatureError(f"{key.name} has already signed the note")
    cosigned = Note(note.text, (*note.signatures, added)).to_bytes()
    parse_note(cosigned)
    return cosigned


def detach(data: bytes, key: VerifierKey) -> tuple[bytes, bytes]:
    """Return the signed text and the bare 64-byte signature, the two files of `openssl pkeyutl -verify -rawin`.

    Raises the errors of `open_note` where the key did not sign the note.
    """
    open_note(data, [key])
    note = parse_note(data)
    signature = next(item.signature for item in note.signatures if (item.name, item.key_id) == (key.name, key.key_id))
    return note.text.encode(), signature
