"""What DuckDB can return, as an answer carries it: exact numbers, days, text and lists; nothing rounded or cut short."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from projections.kinds import Kind

__all__ = ["carried", "carried_type", "kind_of"]

_DECIMALS = frozenset({"decimal"})
_FLOATS = frozenset({"float", "double"})
_INTEGERS = frozenset(
    {
        *("tinyint", "smallint", "integer", "bigint", "hugeint"),
        *("utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"),
    }
)
# What Python is handed as it is; all other types come as DuckDB writes them. It would make 90 days of three months, the last
# day of the calendar of infinity, and microseconds of nanoseconds; for a time with a zone it wants a package of its own.
_AS_THEY_ARE = _INTEGERS | _DECIMALS | _FLOATS | {"boolean"}
_INSTANT = re.compile(r"(\d{4,}-\d\d-\d\d) (?=\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_JSON_INTEGER_MAX = 2**63 - 1


def carried_type(sql_type: Any) -> str:  # noqa: ANN401 - DuckDB's type of a type
    """Return the SQL type that a column is cast to, so that Python gets each of its values whole."""
    if sql_type.id in _AS_THEY_ARE:
        return str(sql_type)
    if sql_type.id == "list":
        return f"{carried_type(_child(sql_type))}[]"
    if sql_type.id == "array":
        size = dict(sql_type.children)["size"]
        return f"{carried_type(_child(sql_type))}[{size}]"
    if sql_type.id == "map":
        of = dict(sql_type.children)
        return f"MAP({carried_type(of['key'])}, {carried_type(of['value'])})"
    if sql_type.id == "struct":
        return f"STRUCT({', '.join(f'{_quoted(name)} {carried_type(of)}' for name, of in sql_type.children)})"
    return "VARCHAR"


def carried(value: Any, sql_type: Any) -> Any:  # noqa: ANN401 - any value of a row; its SQL type
    """Return a value that was fetched as its carried type: Decimal, int, float, bool, str, None, or lists and groups of these.

    A number that JSON has no form for becomes one that it has: a large whole number a Decimal, `nan` and `inf` words.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _JSON_INTEGER_MAX else Decimal(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, list | tuple):
        return [carried(item, _child(sql_type)) for item in value]
    if isinstance(value, dict):
        of = dict(sql_type.children)
        return {str(name): carried(item, of.get(name, of.get("value"))) for name, item in value.items()}
    return _written(value, sql_type.id) if isinstance(value, str) else value


_KINDS: dict[str, Kind] = {"date": "date", "boolean": "flag"}


def kind_of(sql_type: Any, values: Sequence[Any]) -> Kind:  # noqa: ANN401 - as above
    """Return the kind of a column of carried values."""
    if sql_type.id in {"list", "array"}:
        return "list"
    # A column of numbers with one that is none (nan) or of days with one that is none (infinity) is a column of texts.
    if any(isinstance(value, str) for value in values):
        return "text"
    if sql_type.id in _INTEGERS:
        return "number" if any(isinstance(value, Decimal) for value in values) else "count"
    if sql_type.id in _DECIMALS | _FLOATS:
        return "number"
    return _KINDS.get(sql_type.id, "text")


def _child(sql_type: Any) -> Any:  # noqa: ANN401 - as above
    return dict(sql_type.children)["child"]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _written(text: str, type_id: str) -> str | dt.date:
    """Return a day as one, and an instant with a T between day and time, as everywhere else."""
    if type_id == "date" and _DAY.match(text):
        return dt.date.fromisoformat(text)
    return _INSTANT.sub(r"\1T", text, count=1) if type_id.startswith("timestamp") else text
