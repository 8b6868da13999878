"""One event read from JSON, from plain values or from texts, by the type that it names."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from events.errors import UnknownTypeError
from events.type_names import type_advice
from events.upcasters import upcast

if TYPE_CHECKING:
    from events.base import Event

__all__ = ["TYPES", "event_class", "upcast_and_validate", "validate_json", "validate_raw", "validate_texts"]

TYPES: dict[str, type[Event]] = {}
"""Every type by its name; `events.registry` fills it. It stands here, below the types, because a correction is a type
that holds an event of any other."""


def event_class(name: object) -> type[Event]:
    """Return the model of a type's name. Raises UnknownTypeError."""
    if isinstance(name, str) and name in TYPES:
        return TYPES[name]
    raise UnknownTypeError(f"type: unknown event type {name!r}", advice=type_advice(name))


def validate_json(name: str, payload: bytes | str) -> Event:
    """Read one event of a known type from JSON. Raises pydantic's ValidationError."""
    return TYPES[name].model_validate_json(payload)


def validate_raw(raw: dict[str, Any]) -> Event:
    """Read one event from plain Python values as JSON has them (strings, integers, booleans, lists, None).

    Raises UnknownTypeError, or pydantic's ValidationError.
    """
    return event_class(raw.get("type")).model_validate_json(_json(raw))


def _json(raw: dict[str, Any]) -> bytes | str:
    """Write plain values as JSON without losing what is wrong with them, so that validation can say it."""
    import orjson

    try:
        written = orjson.dumps(raw)
    except TypeError:  # an integer of more than 64 bits, half a character, a float of another library
        return json.dumps(raw, default=_plain)
    # orjson writes a float that is no number as null, which would read as "undisclosed".
    return json.dumps(raw, default=_plain) if b"null" in written and _holds_float(raw) else written


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else math.nan
    return str(value)


def _holds_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_float(item) for item in value.values())
    return any(_holds_float(item) for item in value) if isinstance(value, list | tuple) else isinstance(value, float)


def validate_texts(raw: dict[str, Any]) -> Event:
    """Read one event whose numbers and booleans are still text, as flags and CSV give them.

    Raises UnknownTypeError, or pydantic's ValidationError.
    """
    return event_class(raw.get("type")).model_validate(raw, strict=False)


def upcast_and_validate(name: str, version: int, payload: dict[str, Any]) -> Event:
    """Read a stored payload of any version of its type."""
    return validate_raw(upcast(name, version, payload))
