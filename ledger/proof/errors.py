"""Why a proof, a signature or a checkpoint was refused, one name for each reason."""

from __future__ import annotations

from events.errors import DealsError

__all__ = [
    "BadSignatureError",
    "ConsistencyError",
    "DuplicateSignatureError",
    "FrontierDamagedError",
    "InclusionError",
    "KeyFileError",
    "KeyFileNotWrittenError",
    "MalformedCheckpointError",
    "MalformedHashError",
    "MalformedKeyError",
    "MalformedNoteError",
    "MalformedReceiptError",
    "MissingNodesError",
    "UnverifiedNoteError",
    "VerificationError",
    "WrongOriginError",
]


class VerificationError(DealsError):
    """Something that was to be proven is not proven."""

    exit_code = 4


class MalformedHashError(VerificationError):
    """A SHA-256 hash is not 32 bytes long."""


class FrontierDamagedError(VerificationError):
    """The stored edge of the tree cannot be read back."""


class MissingNodesError(VerificationError):
    """The store returned fewer leaf hashes or tree nodes than the log's size promises."""


class InclusionError(VerificationError):
    """A record is not proven to stand at its place in the log."""


class ConsistencyError(VerificationError):
    """A later log is not proven to extend an earlier one."""


class MalformedKeyError(VerificationError):
    """A public key line cannot be read, or contradicts itself."""


class MalformedNoteError(VerificationError):
    """A signed note does not have the required form."""


class DuplicateSignatureError(VerificationError):
    """One key signed a note twice."""


class BadSignatureError(VerificationError):
    """A signature does not fit the text and the key it names."""


class UnverifiedNoteError(VerificationError):
    """No known key signed the note, so its text must not be believed."""


class MalformedCheckpointError(VerificationError):
    """A checkpoint does not consist of origin, size and root."""


class WrongOriginError(VerificationError):
    """A checkpoint speaks for another log."""


class MalformedReceiptError(VerificationError):
    """A receipt does not consist of an index, a proof and a signed checkpoint."""


class KeyFileError(DealsError):
    """A private key file cannot be read, or is open to others."""


class KeyFileNotWrittenError(KeyFileError):
    """A private key cannot be written, above all where a file is already there: keys are never overwritten."""

    exit_code = 73
