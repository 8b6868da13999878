"""Texts from flags and table cells become the plain values of an event, by dotted fields such as `lenders.0.company`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from events.errors import BadValueError
from events.housekeeping import EventCorrected
from events.quantities import NotReadableError, money
from events.registry import TYPES, event_class
from events.stored_form import Problem, stored_form
from events.values import Money

__all__ = ["plain_values", "texts_to_raw"]

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


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
        value = _value(annotation, text)
        if isinstance(value, list) and get_origin(annotation) is not tuple:
            problems.append(Problem(path, "is several texts where one belongs", str(text), "give the field once"))
        elif not _place(raw, path.split("."), _whole(annotation, value, texts, path)):
            problems.append(Problem(path, "is given both whole and in parts", str(text), "leave one of them out"))
    read, unread = stored_form({name: _lists(value) for name, value in raw.items()}, typed=True)
    return read, unread + problems


def _whole(annotation: object, value: object, texts: Mapping[str, object], path: str) -> object:
    """Return an amount beside whose text its parts stand (`amount`, `amount.currency`) as a group, to which they go."""
    is_money = isinstance(annotation, type) and issubclass(annotation, Money) and isinstance(value, str)
    if not is_money or not any(text and name.startswith(f"{path}.") for name, text in texts.items()):
        return value
    group = {"value": value}
    if not texts.get(f"{path}.currency"):
        with suppress(NotReadableError):  # which reading the group says
            read = money(str(value), usual="")
            group |= {"currency": "USD"} if read and not read["currency"] else {}
    return group


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


def _value(annotation: object, text: str | Sequence[str]) -> object:
    """Read a list of words, a truth or the text itself by the type of its field; several texts for one stay a list."""
    if get_origin(annotation) is tuple:
        items = text.split(";") if isinstance(text, str) else text
        return [item.strip() for item in items if item.strip()]
    if not isinstance(text, str):
        return text[0] if len(text) == 1 else list(text)
    return _TRUTHS.get(text.strip().casefold(), text) if annotation is bool else text


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
