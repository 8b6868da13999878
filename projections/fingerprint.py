"""One digest of everything that a database of tables holds, whatever the order of its rows."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

__all__ = ["contents", "fingerprint"]

_TABLES = """
SELECT
    schema_name, table_name,
    (
        SELECT string_agg(c.column_name || ' ' || c.data_type, ', ' ORDER BY c.column_index)
        FROM duckdb_columns() AS c WHERE c.table_oid = t.table_oid AND c.database_name = t.database_name
    )
FROM duckdb_tables() AS t
WHERE NOT internal AND NOT temporary AND database_name = current_database()
ORDER BY ALL
"""
_RULES = """
SELECT 'macro ' || schema_name || '.' || function_name, parameters::VARCHAR || ' ' || macro_definition
FROM duckdb_functions() WHERE NOT internal AND database_name = current_database()
UNION ALL
SELECT 'view ' || schema_name || '.' || view_name, "sql"
FROM duckdb_views() WHERE NOT internal AND NOT temporary AND database_name = current_database()
ORDER BY ALL
"""
_LIST = re.compile(r"\b(?:EXCLUDE|REPLACE) \(")


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return what stands for each table, macro and view of a connection's database, by its name."""
    held = {}
    for schema, table, columns in con.execute(_TABLES).fetchall():
        row = con.execute(
            f'SELECT count(*), bit_xor(hash(t)), sum(hash(t)::HUGEINT) FROM "{schema}"."{table}" AS t'  # noqa: S608 - names that the database gave
        ).fetchone()
        held[f"table {schema}.{table}"] = f"{columns}: {row}"
    for name, definition in con.execute(_RULES).fetchall():
        held[name] = _in_one_order(definition)
    return held


def fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """Return the SHA-256 (hexadecimal) of the contents."""
    return sha256(repr(sorted(contents(con).items())).encode()).hexdigest()


def _in_one_order(definition: str) -> str:
    """Sort the lists that DuckDB keeps without an order, so that a macro reads the same from a file as from its script."""
    found = _LIST.search(definition)
    if found is None:
        return definition
    items, end = _items(definition, found.end())
    within = ", ".join(sorted(_in_one_order(item) for item in items))
    return f"{definition[: found.end()]}{within}{_in_one_order(definition[end:])}"


def _items(text: str, begin: int) -> tuple[list[str], int]:
    """Return what commas part up to the bracket that closes, and the place of that bracket."""
    items, depth, quote, start = [], 0, "", begin
    for place in range(begin, len(text)):
        sign = text[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "(":
            depth += 1
        elif sign in {",", ")"} and depth == 0:
            items.append(text[start:place].strip())
            start = place + 1
            if sign == ")":
                return items, place
        elif sign == ")":
            depth -= 1
    return [text[begin:]], len(text)
