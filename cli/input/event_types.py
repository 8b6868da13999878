"""Event types as arguments of the command line, by short or full name."""

from __future__ import annotations

from cli.errors import UsageMistakeError
from events.type_names import full_type, type_advice

__all__ = ["full_name"]


def full_name(name: str) -> str:
    """Return a type's full name from its short or full one. Raises UsageMistakeError with the nearest name."""
    full = full_type(name)
    if full is None:
        raise UsageMistakeError(f"no event type is called {name!r}", advice=type_advice(name))
    return full
