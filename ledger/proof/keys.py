"""The keys that sign checkpoints: one Ed25519 key, shown as a note key, as an OpenSSH key and as PEM.

The note form `<name>+<id>+<base64>` (a *vkey*) is that of C2SP signed-note and Go's `sumdb/note`: the id is the first
four bytes of SHA-256 over name, newline, algorithm byte and public key, in hexadecimal (https://c2sp.org/signed-note).
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.files import refuse_no_file
from ledger.proof.errors import KeyFileError, KeyFileNotWrittenError, MalformedKeyError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = [
    "KEY_ID_BYTES",
    "SigningKey",
    "VerifierKey",
    "decode_base64",
    "generate_key",
    "is_key_name",
    "load_key",
    "parse_vkey",
]

KEY_ID_BYTES = 4
PUBLIC_KEY_BYTES = 32
ED25519 = b"\x01"
"""The signature type assigned to plain Ed25519 notes."""

# Narrower than the notes allow, so that a name can stand in an OpenSSH allowed-signers file, a URL and a shell line.
_NEW_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:/@-]{0,254}")
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def decode_base64(text: str) -> bytes:
    """Decode standard base64 in its one canonical spelling; raises `binascii.Error` for any other."""
    decoded = base64.b64decode(text.encode(), validate=True)
    if base64.b64encode(decoded).decode() != text:
        raise binascii.Error("not the canonical base64 of its bytes")
    return decoded


def is_key_name(name: str) -> bool:
    """Tell whether a name may stand in a signature line: not empty, and valid UTF-8 without spaces, plus or controls."""
    return bool(name) and not any(
        letter.isspace() or letter == "+" or letter < " " or "\ud800" <= letter <= "\udfff" for letter in name
    )


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name it signs under; raises `MalformedKeyError` for a wrong name or length."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise MalformedKeyError(f"{self.name!r} cannot be the name of a key: no spaces, plus or control characters")
        if len(self.public) != PUBLIC_KEY_BYTES:
            raise MalformedKeyError(f"the public key of {self.name} does not have {PUBLIC_KEY_BYTES} bytes")

    @cached_property
    def key_id(self) -> bytes:
        """The four bytes that name this key in a signature line; a label, not a fingerprint to rely on."""
        from hashlib import sha256

        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_BYTES]

    @property
    def vkey(self) -> str:
        """The one line to hand to whoever is to verify."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @property
    def public_pem(self) -> str:
        """The key for `openssl pkeyutl -pubin -inkey`."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        key = Ed25519PublicKey.from_public_bytes(self.public)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Tell whether the signature is this key's over exactly this message."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A private key with the name it signs under."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @cached_property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature."""
        return self.private.sign(message)


def parse_vkey(text: str) -> VerifierKey:
    """Read one vkey, without a line end; raises `MalformedKeyError` unless name, id and key agree."""
    parts = text.split("+", 2)
    try:
        name, key_id, encoded = parts
        key = decode_base64(encoded)
    except ValueError as error:  # binascii.Error and UnicodeEncodeError are ValueErrors too
        raise MalformedKeyError(f"{text!r} is not a public key of the form name+id+base64") from error
    if key[:1] != ED25519:
        raise MalformedKeyError(f"the key {name} is not an Ed25519 note key")
    verifier = VerifierKey(name, key[1:])
    if verifier.key_id.hex() != key_id:
        raise MalformedKeyError(f"the key {name} has the id {verifier.key_id.hex()}, but the line says {key_id}")
    return verifier


def generate_key(path: Path, name: str) -> SigningKey:
    """Make a key pair and write the private half to a new file that only its owner can read (PKCS #8 PEM, mode 0600).

    Raises `MalformedKeyError` for a name outside ASCII letters, digits and `._~:/@-`, and `KeyFileNotWrittenError`
    where the file exists or cannot be written.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    if not _NEW_NAME.fullmatch(name):
        raise MalformedKeyError(
            f"{name!r} cannot name a new key",
            advice="use ASCII letters, digits and . _ ~ : / @ -, for example ledger.example/deals",
        )
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise KeyFileNotWrittenError(
            f"the private key cannot be written to {path}: {error.strerror}",
            advice="keys are never overwritten: choose another file, or move the old key away"
            if isinstance(error, FileExistsError)
            else "check that the folder may be written and that the disk has room",
        ) from error
    return SigningKey(name, private)


def load_key(path: Path, name: str) -> SigningKey:
    """Read a private key that `generate_key` wrote.

    Raises `KeyFileError` where the file is missing, is not an unencrypted Ed25519 key, or can be read by others.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        refuse_no_file(path)
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            pem = file.read()
    except OSError as error:
        raise KeyFileError(f"the private key {path} cannot be read: {error.strerror}") from error
    if mode & _OPEN_TO_OTHERS:
        raise KeyFileError(f"the private key {path} can be read by others", advice=f"chmod 600 {path}")
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"{path} is not an unencrypted private key in PEM form") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"{path} is not an Ed25519 key")
    return SigningKey(name, private)
