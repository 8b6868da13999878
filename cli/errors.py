"""What can go wrong in the command line itself, beside what the ledger and the projections refuse."""

from __future__ import annotations

from events.errors import DealsError, NotFoundError

__all__ = [
    "CannotWriteOutputError",
    "EditAbortedError",
    "FileMissingError",
    "InputLostError",
    "KeptTablesDamagedError",
    "OutputLostError",
    "PipeClosedError",
    "UsageMistakeError",
]


class UsageMistakeError(DealsError):
    """Options or arguments do not fit together."""

    exit_code = 2


class FileMissingError(NotFoundError):
    """A file named on the command line is not there or cannot be read."""


class InputLostError(FileMissingError):
    """Standard input is closed or cannot be read."""


class CannotWriteOutputError(DealsError):
    """The place that the answer should go to cannot be written."""

    exit_code = 73


class OutputLostError(CannotWriteOutputError):
    """Standard output is closed or full."""


class KeptTablesDamagedError(DealsError):
    """The tables kept beside a ledger turned out to be damaged as they were asked; asked again, they are made anew."""


class PipeClosedError(Exception):
    """Whoever read the output went away."""


class EditAbortedError(DealsError):
    """The editor was left without a text to record."""

    exit_code = 1
