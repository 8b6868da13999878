"""An answer as bytes for programs: JSON, JSON lines, CSV, TSV, Markdown and Parquet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from cli.printing.cells import column_cells
from projections.csv_table import cells, csv_bytes, flat
from projections.kinds import NUMERIC, Kind
from projections.result import Result, plain

__all__ = [
    "Answered",
    "as_csv",
    "as_document",
    "as_json",
    "as_jsonl",
    "as_markdown",
    "as_parquet",
    "as_tsv",
]

Answered = dict[str, Any]
"""What every JSON answer begins with: the query, the log's position and its root."""


def _dumps(value: object, *, indented: bool) -> bytes:
    import orjson

    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if indented else 0))


def as_document(value: object, *, indented: bool = True) -> bytes:
    """Write any answer that is not a table as JSON."""
    return _dumps(plain(value), indented=indented)


def as_json(result: Result, answered: Answered, *, hypothetical: bool = False) -> bytes:
    """Write the whole answer; amounts and dates are strings, undisclosed is null."""
    whole = {**answered, "rows": plain(result.rows), "summary": plain(result.summary)}
    if result.notes:
        whole["notes"] = list(result.notes)
    if hypothetical:
        whole["hypothetical"] = True
    return _dumps(whole, indented=True)


def as_jsonl(result: Result) -> bytes:
    """Write the rows alone, one a line."""
    return b"".join(_dumps(plain(row), indented=False) for row in result.rows)


def as_csv(result: Result) -> bytes:
    """Write the rows as RFC 4180 has it: a header, CRLF, quotes where they are needed, UTF-8."""
    return csv_bytes([column.name for column in result.columns], result.rows)


def as_tsv(result: Result) -> bytes:
    """Write the rows with tabs between cells and no quotes; a tab or line break within a cell becomes a blank."""
    names = [column.name for column in result.columns]
    lines = [names, *(cells(names, row) for row in result.rows)]
    return "".join("\t".join(re.sub(r"[\t\r\n]+", " ", text) for text in line) + "\n" for line in lines).encode()


def as_markdown(result: Result) -> bytes:
    """Write the rows as a Markdown table, amounts as in the terminal's table and in full width."""
    columns = [
        [text.strip().replace("|", "\\|") for text in column_cells(column, result.rows)] for column in result.columns
    ]
    rule = ["---:" if column.kind in NUMERIC else "---" for column in result.columns]
    lines = [[column.name.replace("_", " ") for column in result.columns], rule, *map(list, zip(*columns, strict=True))]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines).encode()


_SQL_TYPES: dict[Kind, str] = {
    **dict.fromkeys(("money", "price", "measured", "number", "gw"), "DECIMAL(38,6)"),
    **dict.fromkeys(("multiple", "share", "years"), "DECIMAL(38,18)"),
    **dict.fromkeys(("count", "shares", "days", "year"), "BIGINT"),
    "date": "DATE",
    "flag": "BOOLEAN",
    "list": "VARCHAR[]",
}
_DIGITS_MAX = 38
_BIGINT = range(-(2**63), 2**63)


def _fitting_type(kind: Kind, values: Sequence[Any]) -> str:
    """Return the SQL type of a column: the one of its kind, or a wider one where that would round or refuse a value."""
    usual = _SQL_TYPES.get(kind, "VARCHAR")
    if usual not in {"DECIMAL(38,6)", "BIGINT"}:
        return usual
    known = [value for value in values if value is not None]
    if any(isinstance(value, float) for value in known):
        return "DOUBLE"
    if usual == "BIGINT" and all(value in _BIGINT for value in known):
        return usual
    parts = [Decimal(value).as_tuple() for value in known]
    exponents = [part.exponent for part in parts if isinstance(part.exponent, int)]
    decimals = max([0 if usual == "BIGINT" else 6, *(-exponent for exponent in exponents)])
    whole = max([len(part.digits) + exponent for part, exponent in zip(parts, exponents, strict=True)], default=0)
    return f"DECIMAL(38,{decimals})" if whole + decimals <= _DIGITS_MAX else "VARCHAR"


def as_parquet(result: Result) -> bytes:
    """Write the rows as Parquet with exact decimals, days as days, and lists as lists of text."""
    import tempfile
    from pathlib import Path

    import duckdb

    def held(value: Any, sql_type: str) -> Any:  # noqa: ANN401 - any value of a row
        if sql_type == "list":
            return None if value is None else [None if item is None else flat(item) for item in value]
        return flat(value) if sql_type == "VARCHAR" and value is not None else value

    listed = [[row.get(column.name) for row in result.rows] for column in result.columns]
    types = [_fitting_type(column.kind, values) for column, values in zip(result.columns, listed, strict=True)]
    names = [column.name.replace('"', '""') for column in result.columns]
    select = ", ".join(
        f'unnest(${n}::{sql_type}[]) AS "{name}"'
        for n, (sql_type, name) in enumerate(zip(types, names, strict=True), 1)
    )
    values = [
        [held(value, "list" if sql_type.endswith("[]") else sql_type) for value in column]
        for sql_type, column in zip(types, listed, strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as con:
        path = Path(folder) / "rows.parquet"
        con.execute(f"CREATE TABLE answer AS SELECT {select}", values)
        con.execute("COPY answer TO $path (FORMAT parquet)", {"path": str(path)})
        return path.read_bytes()
