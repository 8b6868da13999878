"""Texts from flags and table cells become the plain values of an event: `up_to 100B USD`, `lenders.0.company`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from events.errors import BadValueError
from events.housekeeping import EventCorrected
from events.registry import TYPES, event_class
from events.values import Money

__all__ = ["BadTextError", "Problem", "money", "plain_values", "texts_to_raw", "whole_number"]

Problem = tuple[str, str, str, str]
"""What is wrong with a text: the field, what, the text, and what to write instead."""

_SCALES = {"": 0, "K": 3, "M": 6, "B": 9, "T": 12}
_NUMBER = r"(?P<number>[0-9]{1,40}(?:\.[0-9]{1,40})?)\s*(?P<scale>[KMBTkmbt])?"
_MONEY = re.compile(
    rf"(?:(?P<qualifier>exactly|about|up[_ ]to|at[_ ]least)\s+)?{_NUMBER}(?:\s*(?P<currency>[A-Za-z]{{3}}))?\Z"
)
_WHOLE = re.compile(rf"{_NUMBER}\Z")
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_UNDISCLOSED = "undisclosed"


class BadTextError(BadValueError):
    """A text does not have the form that its field wants; `what` is wrong with it, `got` is the text."""

    def __init__(self, kind: str, text: str | Sequence[str]) -> None:
        what, advice = _EXPECTED[kind]
        super().__init__(f"{what} (got {text!r})", advice=advice)
        self.what = what
        self.got = str(text)


_EXPECTED = {
    "money": ("is not an amount", "write it like 100B USD, up_to 1.5M EUR or undisclosed"),
    "count": ("is not a whole number", "write it like 160000000, 160M or undisclosed"),
    "word": ("is several texts where one belongs", "give the field once"),
}


def _scaled(found: re.Match[str]) -> str:
    """Shift the decimal point by the scale, exactly: `1.5B` is 1500000000."""
    with localcontext(prec=100):
        return format(Decimal(found["number"]).scaleb(_SCALES[(found["scale"] or "").upper()]), "f")


def money(text: str) -> dict[str, str] | None:
    """Read `[qualifier] NUMBER[K|M|B|T] [CURRENCY]`, exactly and in USD where not told; `undisclosed` is None.

    Raises BadTextError for anything else; bounds and the currency's code are the event's to check.
    """
    if text.strip().casefold() == _UNDISCLOSED:
        return None
    found = _MONEY.match(text.strip())
    if not found:
        raise BadTextError("money", text)
    return {
        "value": _scaled(found),
        "currency": (found["currency"] or "USD").upper(),
        "qualifier": (found["qualifier"] or "exactly").replace(" ", "_"),
    }


def whole_number(text: str) -> int | None:
    """Read a count such as `160000000` or `160M`; `undisclosed` is None. Raises BadTextError for anything else."""
    if text.strip().casefold() == _UNDISCLOSED:
        return None
    found = _WHOLE.match(text.strip())
    whole, _, fraction = _scaled(found).partition(".") if found else ("", "", "x")
    if fraction.strip("0"):
        raise BadTextError("count", text)
    return int(whole)


def texts_to_raw(type_name: str, texts: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
    """Make the plain values of an event from texts by field, for `events.registry.validate_texts`.

    Raises UnknownTypeError, or BadValueError that names every text that cannot be read.
    """
    raw, problems = plain_values(type_name, texts)
    if problems:
        said = "; ".join(f"{field}: {what} (got {got!r})" for field, what, got, _ in problems)
        raise BadValueError(said, advice=problems[0][3])
    return raw


def plain_values(type_name: str, texts: Mapping[str, str | Sequence[str]]) -> tuple[dict[str, Any], list[Problem]]:
    """Make the plain values of an event from texts by field, and list the texts that cannot be read.

    Fields of groups are dotted (`amount.value`), items of lists numbered (`lenders.0.company`); a list of words is one
    text with `;` between them, or several texts. An empty text is a field left out. Raises UnknownTypeError.
    """
    cls = event_class(type_name)
    raw: dict[str, Any] = {"type": type_name}
    problems: list[Problem] = []
    for path in sorted(texts, key=lambda path: path.count(".")):  # a whole before its parts
        text = texts[path]
        if text in ("", []) or path == "type":
            continue
        annotation = _annotation(cls, path.split("."), texts)
        try:
            value = _value(annotation, text)
        except BadTextError as error:
            problems.append((path, error.what, error.got, error.advice))
            continue
        if value is not None and not _place(raw, path.split("."), value):
            problems.append((path, "is given both whole and in parts", str(text), "leave one of them out"))
    return {name: _lists(value) for name, value in raw.items()}, problems


def _unwrapped(annotation: object) -> object:
    """Take the optional and the annotated off a type: `Money | None` is Money, a ShareCount is int."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrapped(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _unwrapped(next(member for member in get_args(annotation) if member is not type(None)))
    return annotation


def _annotation(cls: type[BaseModel], parts: Sequence[str], texts: Mapping[str, str | Sequence[str]]) -> object:
    """Find the type of a field by its dotted path, None where there is no such field."""
    annotation: object = cls
    if parts[0] == "replacement" and issubclass(cls, EventCorrected):  # whose type another text tells
        annotation, parts = TYPES.get(str(texts.get("replacement.type"))), parts[1:]
    for part in parts:
        if get_origin(annotation) is tuple and part.isdigit():
            annotation = _unwrapped(get_args(annotation)[0])
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            fields = annotation.model_fields.items()
            annotation = _unwrapped(next((f.annotation for name, f in fields if part in (name, f.alias)), None))
        else:
            return None
    return annotation


def _kind(annotation: object) -> str:
    if isinstance(annotation, type) and issubclass(annotation, Money):
        return "money"
    return "count" if annotation is int else ""


def _value(annotation: object, text: str | Sequence[str]) -> object:
    """Read one text by the type of its field. Raises BadTextError where it does not fit."""
    if get_origin(annotation) is tuple:
        items = text.split(";") if isinstance(text, str) else text
        return [item.strip() for item in items if item.strip()]
    if not isinstance(text, str):
        if len(text) != 1:
            raise BadTextError("word", text)
        text = text[0]
    if annotation is bool:
        return _TRUTHS.get(text.strip().casefold(), text)
    kind = _kind(annotation)
    if kind == "money":
        return money(text)
    return whole_number(text) if kind == "count" else text


def _place(raw: dict[str, Any], parts: Sequence[str], value: object) -> bool:
    """Put a value under its dotted path; False where a part of the path holds a plain value already."""
    group: object = raw
    for part in parts[:-1]:
        if not isinstance(group, dict):
            return False
        group = group.setdefault(part, {})
    if not isinstance(group, dict):
        return False
    group[parts[-1]] = value
    return True


def _lists(value: Any) -> Any:  # noqa: ANN401 - any plain value
    """Turn groups whose fields are numbers into lists, in the order of the numbers."""
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(item) for name, item in value.items()}
    if inner and all(name.isascii() and name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
