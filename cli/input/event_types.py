"""Event types as arguments of the command line, by short or full name."""

from __future__ import annotations

from events.errors import NotFoundError, UnknownTypeError
from events.type_names import full_type, type_advice

__all__ = ["full_name", "recorded_type"]


def full_name(name: str) -> str:
    """Return the full name of a type that is asked for, by its short or full one. Raises NotFoundError with the nearest name."""
    full = full_type(name)
    if full is None:
        raise NotFoundError(f"no event type is called {name!r}", advice=type_advice(name))
    return full


def recorded_type(name: str) -> str:
    """Return the full name of the type of what is to be recorded. Raises UnknownTypeError, as a file that names it would."""
    full = full_type(name)
    if full is None:
        raise UnknownTypeError(f"no event type is called {name!r}", advice=type_advice(name))
    return full
