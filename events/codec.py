"""Events to canonical bytes and back: the bytes are the same on every machine, so that hashes can be compared."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import orjson
from pydantic import ValidationError

from events.base import Event
from events.errors import BadValueError
from events.registry import event_class, first_invalid, upcast_and_validate, validate_raw
from events.stored_form import stored_form

__all__ = ["NAMESPACE", "as_raw", "canonical", "decode", "derived_key", "encode", "event_id", "parse", "same_content"]

# The product's own namespace for UUIDv5; an event's id is derived from its key in it.
NAMESPACE = uuid.UUID("6f0a1d0e-8a55-5f0a-9c5e-1d3f6b7a2c41")
_KEY_PART = re.compile(r"[A-Za-z0-9._:+-]{1,80}\Z")


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
    """Give an event as plain JSON values."""
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
    """Read one event as a user wrote it, with a key derived where none is given.

    Raises UnknownTypeError or BadValueError.
    """
    raw, unread = stored_form(raw)
    if unread:
        raise BadValueError(
            "; ".join(f"{field}: {what} (got {got!r})" for field, what, got, _ in unread), advice=unread[0].advice
        )
    if "key" not in raw:
        raw = {**raw, "key": derived_key(raw)}
    try:
        return validate_raw(raw)
    except ValidationError as error:
        raise first_invalid(raw, error) from None


def derived_key(raw: dict[str, Any]) -> str:
    """Name an event after what it is about and the day it was announced, the same way every time.

    A company written by a name that no key can hold is replaced by a digest; the ledger derives the key anew once it
    knows the slug.
    """
    name, day = str(raw.get("type", "event")), _part(raw.get("announced_on", "undated"))
    if name in _KEY_MAKERS:
        return _KEY_MAKERS[name](raw, day)
    about = f"{_part(raw.get('deal'))}/{_part(raw.get('leg') or 'all-legs')}"
    terms = name.endswith(("_committed", "_granted", "_arranged", "_given"))
    # Several kinds of event can fall on one leg and day; only the terms keep the plain name.
    return f"{about}/{day}" if terms else f"{about}/{name.replace('_', '-')}/{day}"


def _part(value: object) -> str:
    text = str(value)
    return text if _KEY_PART.match(text) else uuid.uuid5(NAMESPACE, text).hex[:12]


def _metric_key(raw: dict[str, Any], day: str) -> str:
    period = _part(raw.get("on") or f"{raw.get('period_from')}--{raw.get('period_to')}")
    subject = "/".join(
        _part(part)
        for part in (
            raw.get("company") or raw.get("market"),
            raw.get("metric_name") or raw.get("metric"),
            raw.get("counterparty"),
            raw.get("basis"),
        )
        if part
    )
    return f"metric/{subject}/{period}/{day}"


def _price_key(raw: dict[str, Any], _day: str) -> str:
    return "/".join(["price", *(_part(raw.get(name)) for name in ("company", "session", "basis"))])


# The types that are not about a leg of a deal.
_KEY_MAKERS: dict[str, Callable[[dict[str, Any], str], str]] = {
    "company_registered": lambda raw, _day: f"company/{_part(raw.get('company'))}",
    "party_identified": lambda raw, day: f"party/{_part(raw.get('placeholder'))}/{day}",
    "metric_reported": _metric_key,
    "price_moved": _price_key,
    "event_corrected": lambda raw, day: f"{raw.get('corrects')}/corrected-{day}",
    "event_retracted": lambda raw, day: f"{raw.get('corrects')}/retracted-{day}",
    "document_attached": lambda raw, _day: f"{raw.get('about')}/document-{_part(str(raw.get('sha256'))[:12])}",
}


def event_id(key: str) -> uuid.UUID:
    """Derive an event's id from its key, so that recording twice is recognised anywhere."""
    return uuid.uuid5(NAMESPACE, key)


def same_content(one: Event, other: Event) -> bool:
    """Say whether two events say the same, whatever schema versions they were stored in."""
    return encode(one) == encode(other)
