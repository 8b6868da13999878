"""`deals sql`: ask the tables anything; reading only, with no way to files or the network."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import click

from cli.asking.session import Opened, open_query
from cli.errors import UsageMistakeError
from cli.help import examples
from cli.input.options import Question, query_options
from projections.kinds import Kind
from projections.result import Column, Result

__all__ = ["sql"]


@click.command(
    epilog=examples(
        "deals sql 'SELECT deal, leg, status, binding FROM leg_state(points()) ORDER BY deal'",
        "deals sql 'SELECT type, count(*) AS events FROM log GROUP BY type' --format md",
        "deals sql --as-of 2025-10-14 < question.sql",
    )
)
@click.argument("query", required=False)
@query_options
def sql(*, question: Question, query: str | None) -> None:
    """Ask the tables anything, read-only.

    QUERY is one statement of DuckDB's SQL, or comes from standard input. `points()` hands the three clocks to the
    macros, and as_of(), known_by() and recorded_by() give them one by one. Queries can read the ledger's tables and
    nothing else.
    """
    text = query if query is not None else _from_stdin()
    with open_query(question) as opened:
        opened.answer(_ask(opened, text))


def _ask(opened: Opened, text: str) -> Result:
    """Run one reading statement with the clocks as macros and every way out of the tables closed."""
    import duckdb

    con, clocks = opened.warehouse.con, opened.clocks
    point = f"{{'pt': 1, 'as_of': as_of(), 'known_by': known_by(), 'recorded_by': {clocks.recorded_by}}}"
    try:
        _only_reads(con.extract_statements(text))
        con.execute(f"CREATE OR REPLACE TEMP MACRO as_of() AS DATE '{clocks.as_of}'")
        con.execute(f"CREATE OR REPLACE TEMP MACRO known_by() AS DATE '{clocks.known_by}'")
        con.execute(f"CREATE OR REPLACE TEMP MACRO recorded_by() AS {clocks.recorded_by}")
        con.execute(f"CREATE OR REPLACE TEMP MACRO points() AS [{point}]")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        cursor = con.execute(text)
        described = cursor.description or []
        found = cursor.fetchall()
    except duckdb.Error as error:
        raise UsageMistakeError(f"sql: {error}", advice="tables and macros: deals sql 'SHOW ALL TABLES'") from None
    names = _distinct([name for name, *_ in described])
    columns = tuple(Column(name, _kind(str(part[1]))) for name, part in zip(names, described, strict=True))
    rows = [dict(zip(names, row, strict=True)) for row in found]
    return Result("sql", clocks, columns, rows)


def _only_reads(statements: Sequence[Any]) -> None:
    kinds = [statement.type.name for statement in statements]
    if kinds not in (["SELECT"], ["EXPLAIN"]):
        raise UsageMistakeError(
            f"sql: one reading statement is allowed (got {', '.join(kinds) or 'none'})",
            advice="begin with SELECT, FROM, WITH, SHOW, DESCRIBE or EXPLAIN; the ledger is changed by its own verbs only",
        )


def _distinct(names: Sequence[str]) -> list[str]:
    """Tell apart by a number what two columns of a query are both called."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return told


_KINDS: dict[str, Kind] = {"DATE": "date", "BOOLEAN": "flag"}


def _kind(sql_type: str) -> Kind:
    """Give the kind of a column by its SQL type."""
    if sql_type.endswith("[]"):
        return "list"
    if sql_type.startswith("DECIMAL") or sql_type in {"DOUBLE", "FLOAT"}:
        return "number"
    return _KINDS.get(sql_type, "count" if sql_type.endswith("INT") or sql_type == "INTEGER" else "text")


def _from_stdin() -> str:
    if sys.stdin.isatty():
        raise UsageMistakeError("sql: no query given", advice="write it in quotes, or pass it on standard input")
    return sys.stdin.read()
