"""Rows as a table of comma-separated values: exact, flat, and with nothing in it that a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from events.spreadsheet import RULE, neutralised, quoted
from projections.result import Row, plain

__all__ = ["cells", "csv_bytes", "flat"]

# Numbers cannot be formulas.
_NUMBERS = frozenset({Decimal, int, float, bool, type(None)})
_NESTED = (list, tuple, dict)


def flat(value: Any) -> str:  # noqa: ANN401 - any value of a row
    """Write a value as text: undisclosed is empty, a list is joined by semicolons, a group is JSON."""
    import orjson

    kind = type(value)  # nearly every cell is of exactly one of these types
    if value is None:
        return ""
    if kind is str:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, list | tuple) and not any(item is None or isinstance(item, _NESTED) for item in value):
        return "; ".join(map(flat, value))
    if isinstance(value, list | tuple | dict):
        return orjson.dumps(plain(value)).decode()
    return str(plain(value))


def cells(names: Sequence[str], row: Row, rule: int = RULE) -> list[str]:
    """Write the values of a row under the names given, each harmless by a rule of `events.spreadsheet`."""
    values = (row.get(name) for name in names)
    return [flat(value) if type(value) in _NUMBERS else neutralised(flat(value), rule) for value in values]


def csv_bytes(names: Sequence[str], rows: Iterable[Row], rule: int = RULE) -> bytes:
    """Write rows as RFC 4180 has it: a header, CRLF, quotes where they are needed, UTF-8."""
    table = (names, *(cells(names, row, rule) for row in rows))
    # A line with nothing on it would be no row.
    lines = (",".join(quoted(cell, rule) for cell in line) or '""' for line in table)
    return "".join(f"{line}\r\n" for line in lines).encode()
