"""What a measure refuses to calculate with: a caller's mistake, never missing data (that answers None)."""

from __future__ import annotations

from events.errors import DealsError

__all__ = ["MeasureError", "NaiveInstantError", "NotANumberError", "OutOfRangeError", "ShapeError"]


class MeasureError(DealsError, ValueError):
    """A measure was asked something it cannot mean; also a ValueError, for callers outside the product."""


class NotANumberError(MeasureError):
    """A value is undisclosed, infinite or not a number where the formula needs one."""


class OutOfRangeError(MeasureError):
    """A number lies where the formula has no meaning: a negative amount, a probability above 1."""


class ShapeError(MeasureError):
    """Lists or matrices that belong together differ in length."""


class NaiveInstantError(MeasureError):
    """An instant was given without its time zone, so no exchange session can be named for it."""
