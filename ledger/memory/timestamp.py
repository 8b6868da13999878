"""Time stamps of a checkpoint by an authority (RFC 3161): proof that the log stood so at an hour that is not our word.

Needs the extra `timestamp`. What is stamped is the checkpoint as it is stored, signatures included.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from ledger.memory.errors import TimestampRefusedError, TimestampUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.memory.folder import Remembered

__all__ = ["ask_over_http", "stamped", "verify_stamp"]

_TIMEOUT_SECONDS = 30
_ANSWER_BYTES_MAX = 1 << 20


def _missing(error: ImportError) -> TimestampUnavailableError:
    return TimestampUnavailableError(
        f"the software for time stamps is not installed: {error.name}",
        advice="install the package with its extra: timestamp",
    )


def ask_over_http(url: str) -> Callable[[bytes], bytes]:
    """Return a function that sends a request to an authority and gives its answer (RFC 3161, 3.4).

    Raises TimestampUnavailableError, also when it is called.
    """
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    if not url.startswith(("http://", "https://")):
        raise TimestampUnavailableError(
            f"{url} is not the address of a time-stamping authority", advice="give an https:// address"
        )

    def ask(query: bytes) -> bytes:
        request = Request(url, data=query, headers={"Content-Type": "application/timestamp-query"})  # noqa: S310 - the scheme was checked
        try:
            with urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
                content: bytes = answer.read(_ANSWER_BYTES_MAX)
        except (URLError, OSError) as error:
            raise TimestampUnavailableError(f"{url} does not answer: {error}", advice="try again later") from error
        return content

    return ask


def stamped(checkpoint: Remembered, ask: Callable[[bytes], bytes], roots: bytes) -> Remembered:
    """Have a checkpoint stamped, check the stamp, and give the checkpoint with it.

    `ask` takes a request to the authority; `roots` are the certificates that are trusted (PEM).
    Raises TimestampUnavailableError or TimestampRefusedError.
    """
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError as error:
        raise _missing(error) from None
    builder = TimestampRequestBuilder().data(checkpoint.note).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.cert_request(cert_request=True).nonce(nonce=True).build()
    stamp = ask(request.as_bytes())
    verify_stamp(stamp, checkpoint.note, roots, nonce=request.nonce)
    return dataclasses.replace(checkpoint, stamp=stamp)


def verify_stamp(stamp: bytes, note: bytes, roots: bytes, *, nonce: int | None = None) -> dt.datetime:
    """Check that a trusted authority stamped this checkpoint, and give the instant that it says.

    Raises TimestampRefusedError, or TimestampUnavailableError where the software for it is not installed.
    """
    try:
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError as error:
        raise _missing(error) from None
    from cryptography.x509 import load_pem_x509_certificates

    try:
        builder = VerifierBuilder(roots=load_pem_x509_certificates(roots), nonce=nonce)
        answer = decode_timestamp_response(stamp)
        builder.build().verify_message(answer, note)
    except (VerificationError, ValueError) as error:
        raise TimestampRefusedError(
            f"the time stamp does not hold: {error}",
            advice="compare the certificates with those that the authority published",
        ) from error
    at: dt.datetime = answer.tst_info.gen_time
    return at
