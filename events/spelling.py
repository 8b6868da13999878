"""The fields of a type as people head the columns of a table with them: `Announced On`, `amount.Value`, `lenders.0.company`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from events.base import Event
from events.explain import model_in

__all__ = ["field_path", "field_paths", "plain_spelling", "required_fields"]

# An item of a list is counted with at most three digits: no announcement has a thousand parts.
_PLACE = re.compile(r"[0-9]{1,3}\Z")
_LONGEST = 100


def plain_spelling(name: str) -> str:
    """Return the form in which two spellings of a field are equal: whatever the case, the spaces, `_`, `-` or a BOM."""
    return re.sub(r"[\s_\ufeff-]+", "", unicodedata.normalize("NFKC", name)).casefold()


def field_path(cls: type[BaseModel], written: str) -> str | None:
    """Return the dotted path of the field that a text names in any spelling; None where the type has no such field.

    What a replacement may hold depends on a type that stands beside it, so its parts are taken as they are.
    """
    model: type[BaseModel] | None = cls
    listed, found = False, list[str]()
    parts = [part.strip() for part in written.split(".")] if len(written) <= _LONGEST else []
    for at, part in enumerate(parts):
        if listed and _PLACE.match(part):
            found.append(str(int(part)))
            listed = False
            continue
        field = _field(model, part) if model is not None and not listed else None
        if field is None:
            return None
        name, info = field
        found.append(name)
        model, listed = _inner(info)
        if model is not None and issubclass(model, Event):
            return ".".join([*found, *parts[at + 1 :]])
    return ".".join(found) or None


def _inner(info: FieldInfo) -> tuple[type[BaseModel] | None, bool]:
    """Return the group of fields in a field, and whether the field is a list."""
    inner = model_in(info.annotation)
    return inner, _holds_list(info.annotation)


def _holds_list(annotation: object) -> bool:
    return get_origin(annotation) is tuple or any(_holds_list(part) for part in getattr(annotation, "__args__", ()))


def _field(model: type[BaseModel], written: str) -> tuple[str, FieldInfo] | None:
    wanted = plain_spelling(written)
    for name, info in model.model_fields.items():
        if wanted in {plain_spelling(name), plain_spelling(info.alias or name)}:
            return info.alias or name, info
    return None


def field_paths(cls: type[BaseModel], prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Yield every field of a type and every part of one, by dotted path; items of lists as the first, `0`."""
    for name, info in cls.model_fields.items():
        path = prefix + (info.alias or name)
        yield path
        inner, listed = _inner(info)
        if inner is not None and not issubclass(inner, Event) and depth < 3:  # noqa: PLR2004 - no group is deeper
            yield from field_paths(inner, f"{path}.0." if listed else f"{path}.", depth + 1)


def required_fields(cls: type[Event]) -> list[str]:
    """Return the fields that an author must give: a key is derived where it is left out, and so is the effective day."""
    return [info.alias or name for name, info in cls.model_fields.items() if info.is_required() and name != "key"]
