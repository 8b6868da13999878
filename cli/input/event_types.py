"""Event types as arguments of the command line, by short or full name."""

from __future__ import annotations

from events.errors import NotFoundError
from events.type_names import full_type, type_advice

__all__ = ["full_name"]


def full_name(name: str) -> str:
    """Return a type's full name from its short or full one. Raises NotFoundError with the nearest name."""
    full = full_type(name)
    if full is None:
        raise NotFoundError(f"no event type is called {name!r}", advice=type_advice(name))
    return full
