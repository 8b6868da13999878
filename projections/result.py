"""What a query gives back: rows and a summary of exact values, ready for a table, a notebook or JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks

__all__ = ["Column", "Result", "plain"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result: its name, what it holds, and whether a narrow table may leave it out."""

    name: str
    kind: str  # text, money, number, integer, ratio, date, list, flag
    optional: bool = False


@dataclass(frozen=True)
class Result:
    """The answer to one question at one clock triple.

    `rows` hold Decimal, int, date, str, bool, list or None, by the names of `columns`; `summary` the same, nested.
    `notes` are sentences for the reader: what was chosen and why, what cannot be computed and what is missing.
    """

    verb: str
    clocks: Clocks
    columns: tuple[Column, ...]
    rows: list[Row]
    summary: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of a row or summary; one return a type
    """Give a value as JSON has it: decimals and dates as strings without exponent or idle zeros, absent as None."""
    # Most values are of exactly these types, and a long timeline has millions of them.
    kind = type(value)
    if value is None or kind is str or kind is int or kind is bool:
        return value
    if kind is Decimal:
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if kind is list or kind is tuple:
        return [plain(inner) for inner in value]
    if kind is dict:
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, dt.date):  # an instant is a date too
        return value.isoformat()
    return value
