"""Events to canonical bytes and back: the bytes are the same on every machine, so that hashes can be compared."""

from __future__ import annotations

from typing import Any

import orjson
from pydantic import ValidationError

from events.base import Event
from events.errors import BadValueError
from events.keys import derived_key, nth_of
from events.registry import event_class, first_invalid, upcast_and_validate, validate_raw
from events.stored_form import stored_form
from events.type_names import full_type

__all__ = ["as_raw", "canonical", "decode", "encode", "parse", "same_content"]


def canonical(value: object) -> bytes:
    """Write a JSON value by RFC 8785.

    Values hold only strings, booleans, null, integers below 2^53 and ASCII keys, for which sorted orjson output is
    what the RFC asks for; the tests hold it against an implementation of the RFC.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def encode(event: Event) -> bytes:
    """Write an event as canonical JSON; what was left out is left out, and undisclosed is never 0."""
    return canonical(orjson.loads(event.__pydantic_serializer__.to_json(event, exclude_none=True, by_alias=True)))


def as_raw(event: Event) -> dict[str, Any]:
    """Return an event as plain JSON values."""
    raw: dict[str, Any] = orjson.loads(encode(event))
    return raw


def decode(raw: dict[str, Any], schema_version: int) -> Event:
    """Read a stored event of any schema version. Raises BadValueError where the bytes are not one."""
    name = str(raw.get("type"))
    event_class(name)
    try:
        return upcast_and_validate(name, schema_version, raw)
    except ValidationError as error:
        raise first_invalid(raw, error) from None


def parse(raw: dict[str, Any]) -> Event:
    """Read one event as a user wrote it: its type by any name, its key derived where it is left out or `auto#2`.

    Raises UnknownTypeError or BadValueError.
    """
    known, nth = full_type(raw.get("type")), nth_of(raw.get("key"))
    if known:
        raw = {**raw, "type": known}
    raw, unread = stored_form(raw)
    if unread:
        raise BadValueError(
            "; ".join(f"{field}: {what} (got {got!r})" for field, what, got, _ in unread), advice=unread[0].advice
        )
    if nth:
        raw = {**raw, "key": derived_key(raw, nth)}
    try:
        return validate_raw(raw)
    except ValidationError as error:
        raise first_invalid(raw, error) from None


def same_content(one: Event, other: Event) -> bool:
    """Say whether two events say the same, whatever schema versions they were stored in."""
    return encode(one) == encode(other)
