"""Why a trail could not be handed out, opened, verified or taken in, one name for each reason."""

from __future__ import annotations

from events.errors import DealsError, NotFoundError
from ledger.proof.errors import VerificationError

__all__ = [
    "BundleExistsError",
    "BundleNotFoundError",
    "BundleNotWrittenError",
    "BundleUnreadableError",
    "EmptyLogError",
    "ForkedLogError",
    "MemoryDamagedError",
    "NoSigningKeyError",
    "NothingMatchesError",
    "RestoreDiffersError",
    "RestoreNotEmptyError",
    "RewrittenLogError",
    "RolledBackLogError",
    "TimestampError",
    "TimestampRefusedError",
    "TimestampUnavailableError",
    "UnsafeBundleError",
]


class EmptyLogError(VerificationError):
    """A log without records has nothing to verify, so that "verified" would say nothing."""


class RolledBackLogError(VerificationError):
    """The log is shorter than it was when a checkpoint of it was remembered."""


class RewrittenLogError(VerificationError):
    """The log no longer begins with the records that a remembered checkpoint vouches for."""


class ForkedLogError(VerificationError):
    """One key signed two different logs of the same size."""


class MemoryDamagedError(VerificationError):
    """The file of remembered checkpoints cannot be read back."""


class UnsafeBundleError(VerificationError):
    """A bundle has names, links or sizes that no honest export has; nothing of it was read or written."""


class BundleUnreadableError(VerificationError):
    """A bundle is cut off or damaged so that it cannot be taken apart."""


class BundleNotFoundError(NotFoundError):
    """There is no bundle at the place named."""


class BundleExistsError(DealsError):
    """There is something already where a bundle was to be written."""

    exit_code = 73


class BundleNotWrittenError(DealsError):
    """A bundle cannot be written to the place named."""

    exit_code = 73


class NothingMatchesError(NotFoundError):
    """No event fits the filter of an export."""


class NoSigningKeyError(NotFoundError):
    """The ledger has no key to sign with, and none may be made for it here."""


class RestoreNotEmptyError(DealsError):
    """A ledger that has events already cannot be restored from a bundle."""


class RestoreDiffersError(VerificationError):
    """What a bundle restored is not what it says; nothing was kept of it."""


class TimestampError(DealsError):
    """A time stamp could not be had."""


class TimestampUnavailableError(TimestampError):
    """The time-stamping authority cannot be reached, or the software for it is not installed."""

    exit_code = 75


class TimestampRefusedError(VerificationError):
    """A time stamp is not one of this checkpoint by the authority that is trusted."""
