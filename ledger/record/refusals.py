"""Every reason for which the ledger refuses an event, by name, each with what to do next."""

from __future__ import annotations

from events.errors import DealsError, Finding

__all__ = [
    "AmendsAnotherLegError",
    "AnnouncedInFutureError",
    "CompanyLooksAlikeError",
    "CompanyNameTakenError",
    "ContradictionError",
    "DanglingReferenceError",
    "DayOutOfReachError",
    "DeceptiveNameError",
    "IdentifierTakenError",
    "KeyConflictError",
    "LegExistsError",
    "LegTypeDiffersError",
    "NotAStandInError",
    "NotLastOfChainError",
    "PartCircleError",
    "PerformanceTypeError",
    "RefusedError",
    "RepeatedRowError",
    "ReplacementDiffersError",
    "StandInCircleError",
    "StandInIdentifiedError",
    "StandInNotRegisteredError",
    "UnknownCompanyError",
    "UnknownLegError",
    "UnknownTrancheError",
]


class RefusedError(DealsError):
    """One event is refused: its key, the field at fault, what is wrong, the value, and what to do next.

    `lacks` names what was missing, as `(kind, name)`: another row of the same input may be to blame for it.
    """

    def __init__(
        self,
        key: str,
        field: str,
        what: str,
        *,
        got: str = "",
        advice: str = "",
        lacks: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(f"{key}: {field}: {what}" + (f" (got {got})" if got else ""), advice=advice)
        self.key = key
        self.field = field
        self.what = what
        self.got = got
        self.lacks = lacks

    def finding(self, file: str, line: int) -> Finding:
        """Return the refusal as a bad row of an input."""
        return Finding(file, line, self.field, self.what, self.got, type(self).__name__, self.advice)


class UnknownCompanyError(RefusedError):
    """A company is named that no registration mentions."""


class CompanyNameTakenError(RefusedError):
    """A slug, name, ticker or alias belongs to another company already."""


class CompanyLooksAlikeError(RefusedError):
    """A name cannot be told by the eye from that of another company."""


class DeceptiveNameError(RefusedError):
    """A name mixes alphabets within a word or has characters that show nothing."""


class IdentifierTakenError(RefusedError):
    """A CIK or LEI belongs to another company already."""


class StandInIdentifiedError(RefusedError):
    """A stand-in is identified as one company while it stands that it is another."""


class PartCircleError(RefusedError):
    """A leg is part of one that is, over whatever legs between, a part of it."""


class StandInCircleError(RefusedError):
    """A stand-in is identified as itself, or as one that turned out to be it."""


class StandInNotRegisteredError(RefusedError):
    """The stand-in that turns out to be a company was never registered."""


class NotAStandInError(RefusedError):
    """A company that is registered, and not as a stand-in, is said to have turned out to be another."""


class LegExistsError(RefusedError):
    """Terms on a leg that has terms already do not say which ones they amend."""


class LegTypeDiffersError(RefusedError):
    """Terms on a leg are of another type than the leg's terms so far."""


class AmendsAnotherLegError(RefusedError):
    """`amends` names terms of another leg."""


class DanglingReferenceError(RefusedError):
    """A field points to an event or a leg that is not there."""


class UnknownLegError(RefusedError):
    """Something happened on a leg that has no terms."""


class UnknownTrancheError(RefusedError):
    """Something happened on a tranche that the leg's terms do not name."""


class PerformanceTypeError(RefusedError):
    """What happened cannot happen on terms of this type."""


class NotLastOfChainError(RefusedError):
    """A correction or retraction names an event that was corrected or retracted since."""


class ReplacementDiffersError(RefusedError):
    """A replacement is about something else than the event it replaces."""


class AnnouncedInFutureError(RefusedError):
    """An announcement is dated after the present day everywhere on Earth."""


class DayOutOfReachError(RefusedError):
    """A day lies in no year that an agreement or a figure can be about."""


class ContradictionError(RefusedError):
    """An event says two things that cannot both be true."""


class KeyConflictError(RefusedError):
    """An event with this key is recorded already, or stands in the same input, and says something else."""


class RepeatedRowError(RefusedError):
    """An input says the same twice without a key of its own: two facts, or a slip."""
