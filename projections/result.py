"""What a query gives back: rows and a summary of exact values, ready for a table, a notebook or JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from events.envelope import instant_text
from projections.clocks import Clocks
from projections.kinds import Form, Kind, misfits

__all__ = ["Column", "Result", "Row", "plain"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result: its name, what it holds, and whether a narrow table may leave it out.

    `unit` is the column that names the unit of a `measured` one, `form` what is in a column of `values`.
    """

    name: str
    kind: Kind
    optional: bool = False
    unit: str | None = None
    form: Form = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Result:
    """The answer to one question at one clock triple.

    `rows` hold Decimal, int, date, str, bool, list or None, by the names of `columns`; `summary` the same, nested, and
    `form` says what kind each of it is. `notes` are sentences for the reader: what was chosen and why, what cannot be
    computed and what is missing. `is_dated` says whether the answer is about the day of its clocks, as every measure's is;
    a list of all that the log holds is not. Raises TypeError for a summary that is not of its form.
    """

    verb: str
    clocks: Clocks
    columns: tuple[Column, ...]
    rows: list[Row]
    summary: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    form: Form = field(default_factory=dict)
    is_dated: bool = True

    def __post_init__(self) -> None:
        """Hold the summary to its form: a figure of no known kind could only be printed by guessing."""
        wrong = next(misfits(self.summary, self.form), None)
        if wrong:
            raise TypeError(f"summary of {self.verb}: {wrong}")

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def kinds(self) -> dict[str, Kind]:
        """Return the kind of each column."""
        return {column.name: column.kind for column in self.columns}


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of a row or summary; one return a type
    """Return a value as JSON has it: decimals and dates as strings without exponent or idle zeros, absent as None.

    An instant is written in UTC with its Z, as the log has it.
    """
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
        return _instant(value) if isinstance(value, dt.datetime) else value.isoformat()
    return value


def _instant(value: dt.datetime) -> str:
    """Write an instant with its zone; the tables hold theirs in UTC without saying so."""
    return instant_text(value if value.tzinfo else value.replace(tzinfo=dt.UTC))
