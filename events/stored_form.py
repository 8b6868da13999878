"""Texts in an event's fields become the exact form that the field stores: `amount: 1.5B USD`, `shares: 160M`, `stake: 25%`.

An event's model takes the stored form alone, so that reading a ledger guesses nothing; what people type comes by here
first, from whatever door.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from events.currencies import codes_of
from events.housekeeping import EventCorrected
from events.observations import style_of_metric
from events.quantities import (
    NotReadableError,
    capacity,
    count,
    currency_of,
    is_undisclosed,
    money,
    number,
    plain,
    share,
)
from events.registry import TYPES
from events.scalars import ReadAs
from events.values import Condition, Money

__all__ = ["Problem", "ReadField", "fields_read", "stored_form", "threshold"]


class Problem(NamedTuple):
    """A text that cannot be read: the dotted field, what is wrong with it, the text as typed, what to write instead."""

    field: str
    what: str
    got: str
    advice: str


_STORED = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


class ReadField(NamedTuple):
    """How one field is read: as a kind of quantity, as a group of fields, or not at all; `is_list` of either."""

    kind: str
    group: type[BaseModel] | None
    is_list: bool


def stored_form(raw: Mapping[str, Any], *, typed: bool = False) -> tuple[dict[str, Any], list[Problem]]:
    """Return an event's plain values with its quantities in their stored form, and what cannot be read.

    What cannot be read, and what is `undisclosed`, is left out. A decimal string that has the stored form already stands
    as it is, unless all of it was `typed` (options, cells), where `1.125` is as ambiguous as `1.080`.
    """
    cls = TYPES.get(str(raw.get("type")))
    problems: list[Problem] = []
    return (dict(raw) if cls is None else _group(cls, raw, "", problems, typed=typed)), problems


def _group(
    cls: type[BaseModel], raw: Mapping[str, Any], path: str, problems: list[Problem], *, typed: bool
) -> dict[str, Any]:
    """Read the fields of a group one by one; what no field wants is left for the event to refuse."""
    fields, found = fields_read(cls), {}
    for name, value in raw.items():
        field, place = fields.get(name), f"{path}{name}"
        if field is None:
            found[name] = value
            continue
        if cls is EventCorrected and name == "replacement" and isinstance(value, Mapping):
            field = field._replace(group=TYPES.get(str(value.get("type"))))
        try:
            read = _read(field, value, place, problems, typed=typed, metric=raw.get("metric"))
        except NotReadableError as error:
            problems.append(Problem(place, error.what, error.got, error.advice))
            continue
        if read is not None or value is None:
            found[name] = read
    return found


def _read(
    field: ReadField,
    value: Any,  # noqa: ANN401 - any plain value
    place: str,
    problems: list[Problem],
    *,
    typed: bool,
    metric: object,
) -> Any:  # noqa: ANN401 - any plain value
    """Read one value, a list item by item; raises NotReadableError for a quantity that cannot be read."""
    if field.is_list and isinstance(value, list | tuple):
        one = field._replace(is_list=False)
        return [_read(one, item, f"{place}.{i}", problems, typed=typed, metric=metric) for i, item in enumerate(value)]
    if field.kind == "money":
        return _money(value, typed=typed)
    if field.group is not None and isinstance(value, Mapping):
        inner = _group(field.group, value, f"{place}.", problems, typed=typed)
        return _condition(inner, place, problems, typed=typed) if field.group is Condition else inner
    is_read = isinstance(value, str) and field.kind and (typed or field.kind == "count" or not _STORED.match(value))
    return _quantity(field.kind, value, metric) if is_read else value


def _quantity(kind: str, text: str, metric: object) -> str | int | None:
    """Read a number by its kind; `undisclosed` is None. The number of a metric may have a scale, as in `13.1B`."""
    if is_undisclosed(text):
        return None
    if metric is not None:
        return plain(number(text, style=style_of_metric(metric), scaled=True))
    if kind == "count":
        return count(text)
    if kind == "capacity":
        found = capacity(text)
        return None if found is None else plain(found)
    return plain(share(text) if kind == "share" else number(text))


def _money(value: Any, *, typed: bool) -> Any:  # noqa: ANN401 - any plain value
    """Read an amount, whole or as a group of its parts; what stands beside its value must not contradict it."""
    if isinstance(value, str):
        return money(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise NotReadableError("is a number without a currency", str(value), f'write it like "{value} USD", in quotes')
    if not isinstance(value, Mapping):
        return value
    group = dict(value)
    text, currency, qualifier = (group.get(name) for name in ("value", "currency", "qualifier"))
    if isinstance(currency, str) and currency.strip():
        group["currency"] = currency = currency_of(currency)
    if isinstance(qualifier, str):
        group["qualifier"] = qualifier = re.sub("[ -]", "_", qualifier.strip().casefold())
    if not isinstance(text, str) or (not typed and _STORED.match(text)):
        return group
    # A group names its currency itself, so none is taken for granted here.
    read = money(text, currency=currency or None, qualifier=qualifier or None, usual="")
    return read and {**group, **{name: said for name, said in read.items() if said}}


def _condition(group: dict[str, Any], place: str, problems: list[Problem], *, typed: bool) -> dict[str, Any]:
    """Read the threshold of a condition by the condition's kind, and what unit it names."""
    text, unit = group.get("threshold"), group.get("unit")
    if not isinstance(text, str) or not isinstance(unit, str | None):
        return group
    if group.get("kind") == "capacity" and str(unit).casefold() == "mw" and _STORED.match(text):
        text, unit = f"{text} MW", None
    elif not typed and _STORED.match(text):
        return group
    rest = {name: value for name, value in group.items() if name not in {"threshold", "unit"}}
    try:
        level, unit = threshold(str(group.get("kind")), text, unit)
    except NotReadableError as error:
        problems.append(Problem(f"{place}.threshold", error.what, error.got, error.advice))
        return rest
    return rest | {name: said for name, said in (("threshold", level), ("unit", unit)) if said}


def threshold(kind: str, text: str, unit: str | None = None) -> tuple[str, str | None]:
    """Return the level of a condition of some kind in its stored form, and its unit: GW, a currency, or as given.

    Raises NotReadableError.
    """
    if kind == "date" or (kind == "other" and _DAY.match(text)):
        return text.strip(), unit
    if kind == "capacity":
        read = capacity(text)
        return ("" if read is None else plain(read)), "GW"
    if kind in {"purchases", "share_price"}:
        named = unit if unit and codes_of(unit) else None
        amount = money(text, currency=named)
        return ("", unit) if amount is None else (amount["value"], unit or amount["currency"])
    return plain(number(text, style="whole", scaled=True)), unit


@lru_cache(maxsize=256)
def fields_read(cls: type[BaseModel]) -> dict[str, ReadField]:
    """Return how each field of a model is read, by the name that it has in a file; those that are plain text left out."""
    read = {
        field.alias or name: _field(field.annotation, [*field.metadata]) for name, field in cls.model_fields.items()
    }
    return {name: field for name, field in read.items() if field.kind or field.group}


def _field(annotation: object, marks: list[Any], *, is_list: bool = False) -> ReadField:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return _field(inner, [*more, *marks], is_list=is_list)
    if origin in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        return _field(members[0], marks, is_list=is_list)
    if origin is tuple:
        return _field(get_args(annotation)[0], marks, is_list=True)
    kinds = [mark.kind for mark in marks if isinstance(mark, ReadAs)]
    if isinstance(annotation, type) and issubclass(annotation, Money):
        return ReadField("money", annotation, is_list)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return ReadField("", annotation, is_list)
    return ReadField(kinds[-1] if kinds else "count" if annotation is int else "", None, is_list)
