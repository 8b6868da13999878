"""What kind each figure of an answer is: said once, by the question that gives it, and read by everything that prints.

A `Form` says of a summary what it holds, name by name: a kind, a group of names, a mapping by currency or another key, or a
list. It has the shape of the summary itself, so that the one reads beside the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, TypeAlias, get_args

__all__ = [
    "KINDS",
    "NUMERIC",
    "Form",
    "InOrder",
    "Keyed",
    "Kind",
    "Listed",
    "Shape",
    "inner",
    "kind_at",
    "misfits",
]

Kind: TypeAlias = Literal[
    "text",  # words as they stand, names among them
    "word",  # a word of the vocabulary, such as a type or a kind of leg
    "status",  # a word of the ladder of statuses, or several with commas
    "party",  # a company that may go without a name
    "flag",  # yes or no
    "date",
    "instant",
    "year",
    "list",  # several texts
    "values",  # several values by name, of a form that the column has
    "money",  # an amount of a currency; absent is undisclosed
    "price",  # money for one of something: a share, an hour
    "measured",  # an amount of what another column names: a currency, or anything that is counted
    "number",  # a bare number: an index, points
    "gw",  # gigawatts of capacity
    "shares",  # shares of stock
    "count",  # a whole number: how many, or which in an order
    "days",
    "years",
    "multiple",  # one amount over another, written with an x
    "share",  # a part of a whole, or a rate, written in per cent
]
"""What kind a figure is. Units are in the kind, save that of `measured` and the currency of `money` and `price`."""

KINDS: tuple[Kind, ...] = get_args(Kind)
NUMERIC: frozenset[Kind] = frozenset(
    {"money", "price", "measured", "number", "gw", "shares", "count", "days", "years", "year", "multiple", "share"}
)
"""The kinds whose values are numbers."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping by currency, status or company: under each key the same shape; `beside` are names of the mapping's own."""

    each: Shape
    beside: Form = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of things of one shape."""

    each: Shape


@dataclass(frozen=True, slots=True)
class InOrder:
    """A list of things each of which has a shape of its own."""

    shapes: tuple[Shape, ...]


Form: TypeAlias = "Mapping[str, Shape]"
Shape: TypeAlias = "Kind | Form | Keyed | Listed | InOrder"

_HOLDS: dict[Kind, tuple[type, ...]] = {
    **dict.fromkeys(("text", "word", "status", "party"), (str,)),
    "flag": (bool,),
    "date": (dt.date,),
    "instant": (str, dt.datetime),
    "list": (list, tuple),
    "values": (dict,),
    **dict.fromkeys(NUMERIC, (Decimal, int)),
}


def inner(shape: Shape | None, name: str) -> Shape | None:
    """Return the shape of what a group or a keyed mapping holds under a name; None where it holds nothing of the name."""
    if isinstance(shape, Keyed):
        return shape.beside.get(name, shape.each)
    return shape.get(name) if isinstance(shape, Mapping) else None


def kind_at(shape: Shape | None, path: Sequence[str]) -> Kind | None:
    """Return the kind of the figure at the end of a path of names; None where a form has no figure there."""
    found = shape
    for name in path:
        found = inner(found, name)
    return found if isinstance(found, str) else None


def misfits(value: Any, shape: Shape | None, where: str = "") -> Iterator[str]:  # noqa: ANN401 - any value of a summary
    """List what a value has that its shape does not say: a place and a reason each.

    Names of a form may be left out; of a list the first entry stands for all. Nothing is said of None, which fits
    everywhere: what is not known is of no less a kind.
    """
    if value is None:
        return
    if shape is None:
        yield f"{where}: not declared"
    elif isinstance(shape, str):
        if not isinstance(value, _HOLDS[shape]) or (isinstance(value, bool) and shape != "flag"):
            yield f"{where}: {value!r} is no {shape}"
    elif isinstance(shape, Listed | InOrder):
        yield from _misfits_of_list(value, shape, where)
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from misfits(entry, inner(shape, name), f"{where}.{name}" if where else name)
    else:
        yield f"{where}: {value!r} is no group"


def _misfits_of_list(value: Any, shape: Listed | InOrder, where: str) -> Iterator[str]:  # noqa: ANN401 - as above
    shapes = (shape.each,) if isinstance(shape, Listed) else shape.shapes
    if not isinstance(value, list | tuple):
        yield f"{where}: {value!r} is no list"
    elif isinstance(shape, InOrder) and len(shapes) != len(value):
        yield f"{where}: {len(value)} entries, of which {len(shapes)} are declared"
    else:
        for entry, part in zip(value, shapes, strict=False):
            yield from misfits(entry, part, f"{where}[]")
