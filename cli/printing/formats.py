"""An answer as bytes for programs: JSON, JSON lines, CSV, TSV, Markdown and Parquet."""

from __future__ import annotations

import re
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


def as_parquet(result: Result) -> bytes:
    """Write the rows as Parquet with exact decimals, days as days, and lists as lists of text."""
    import tempfile
    from pathlib import Path

    import duckdb

    def held(value: Any, kind: Kind) -> Any:  # noqa: ANN401 - any value of a row
        if kind == "list":
            return None if value is None else [flat(item) for item in value]
        return flat(value) if _SQL_TYPES.get(kind) is None and value is not None else value

    kinds = [(column.name, column.kind) for column in result.columns]
    select = ", ".join(
        f"""unnest(${n}::{_SQL_TYPES.get(kind, "VARCHAR")}[]) AS \"{name}\""""
        for n, (name, kind) in enumerate(kinds, 1)
    )
    values = [[held(row.get(name), kind) for row in result.rows] for name, kind in kinds]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as con:
        path = Path(folder) / "rows.parquet"
        con.execute(f"CREATE TABLE answer AS SELECT {select}", values)
        con.execute("COPY answer TO $path (FORMAT parquet)", {"path": str(path)})
        return path.read_bytes()
