"""Why an input cannot be read at all; what is wrong with single rows of it are findings instead."""

from __future__ import annotations

from events.errors import DealsError, NotFoundError

__all__ = ["InputNotFoundError", "NoEventsError", "UnknownFormatError"]


class InputNotFoundError(NotFoundError):
    """A file or folder to be imported is not there or cannot be read."""


class NoEventsError(DealsError):
    """A folder to be imported holds no file of a known format."""


class UnknownFormatError(DealsError):
    """The format asked for is none of the known ones."""

    exit_code = 2
