"""Signatures that `ssh-keygen -Y verify` checks, so that an outsider needs nothing of ours.

The SSHSIG format of OpenSSH's PROTOCOL.sshsig: the signed message names its purpose (the *namespace*), so a signature
made for a checkpoint can never pass for one on a commit or a file.
"""

from __future__ import annotations

import base64

from ledger.proof.errors import BadSignatureError
from ledger.proof.keys import SigningKey, VerifierKey, decode_base64

__all__ = ["NAMESPACE", "allowed_signer", "public_key_line", "ssh_sign", "verify_ssh_signature"]

NAMESPACE = "deals-checkpoint"

_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_KEY_TYPE = b"ssh-ed25519"
_HASH = b"sha512"
_SIGNATURE_BYTES = 64
_LINE_LENGTH = 70
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"


def _string(content: bytes) -> bytes:
    """Return an SSH string: four bytes of length, then the content (RFC 4251, 5)."""
    return len(content).to_bytes(4, "big") + content


def _public_blob(key: VerifierKey) -> bytes:
    return _string(_KEY_TYPE) + _string(key.public)


def public_key_line(key: VerifierKey) -> str:
    """Return the key as one line of an OpenSSH `.pub` file, without a line end."""
    return f"{_KEY_TYPE.decode()} {base64.b64encode(_public_blob(key)).decode()} {key.name}"


def allowed_signer(key: VerifierKey, *, namespace: str = NAMESPACE) -> str:
    """Return the line for the allowed-signers file that `ssh-keygen -Y verify -f` reads, without a line end.

    The principal (`-I`) is the key's name.
    """
    return f'{key.name} namespaces="{namespace}" {_KEY_TYPE.decode()} {base64.b64encode(_public_blob(key)).decode()}'


def _to_be_signed(message: bytes, namespace: str) -> bytes:
    from hashlib import sha512

    return _MAGIC + b"".join(map(_string, (namespace.encode(), b"", _HASH, sha512(message).digest())))


def _envelope(key: VerifierKey, namespace: str, signature: bytes) -> str:
    """Return the armoured signature, byte for byte as `ssh-keygen -Y sign` writes it."""
    inner = _string(_KEY_TYPE) + _string(signature)
    fields = (_public_blob(key), namespace.encode(), b"", _HASH, inner)
    encoded = base64.b64encode(_MAGIC + _VERSION + b"".join(map(_string, fields))).decode()
    lines = [encoded[start : start + _LINE_LENGTH] for start in range(0, len(encoded), _LINE_LENGTH)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def ssh_sign(message: bytes, key: SigningKey, *, namespace: str = NAMESPACE) -> str:
    """Sign a message; the answer is the content of the `.sig` file, and the same for the same message and key."""
    return _envelope(key.verifier, namespace, key.sign(_to_be_signed(message, namespace)))


def verify_ssh_signature(message: bytes, armoured: str, key: VerifierKey, *, namespace: str = NAMESPACE) -> None:
    """Check a `.sig` file; raises `BadSignatureError` unless it is this key's, for this namespace and message.

    Only Ed25519 with SHA-512 is accepted, which is what `ssh-keygen` writes for such a key.
    """
    body = armoured.removeprefix(_BEGIN).removesuffix(f"{_END}\n").replace("\n", "")
    try:
        signature = decode_base64(body)[-_SIGNATURE_BYTES:]
    except ValueError as error:
        raise BadSignatureError("the SSH signature is not base64") from error
    # Everything but the last 64 bytes is known beforehand, so comparing the whole leaves nothing to be parsed.
    if armoured != _envelope(key, namespace, signature):
        raise BadSignatureError(f"the SSH signature is not one of {key.name} for {namespace}")
    if not key.verifies(_to_be_signed(message, namespace), signature):
        raise BadSignatureError(f"the SSH signature of {key.name} does not fit the file: one of them was altered")
