"""`deals sql`: ask the tables anything; reading only, with no way to files or the network."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from cli.asking.once_more import once_more
from cli.asking.session import Opened, open_query
from cli.asking.sql_values import carried, carried_type, kind_of
from cli.asking.tables import damage_of
from cli.errors import UsageMistakeError
from cli.help import examples
from cli.input.options import Question, query_options
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

    def answer() -> None:
        with open_query(question) as opened:
            opened.answer(_ask(opened, text))

    once_more(answer)


def _ask(opened: Opened, text: str) -> Result:
    """Run one reading statement with the clocks as macros and every way out of the tables closed."""
    import duckdb

    # Of these a statement is to blame itself; of all others the file may be, if it is damaged.
    slips = duckdb.ParserException | duckdb.BinderException | duckdb.CatalogException | duckdb.DataError
    con, clocks = opened.warehouse.con, opened.clocks
    point = f"{{'pt': 1, 'as_of': as_of(), 'known_by': known_by(), 'recorded_by': {clocks.recorded_by}}}"
    try:
        _only_reads(con.extract_statements(text))
        con.execute(f"CREATE OR REPLACE TEMP MACRO as_of() AS DATE '{clocks.as_of}'")
        con.execute(f"CREATE OR REPLACE TEMP MACRO known_by() AS DATE '{clocks.known_by}'")
        con.execute(f"CREATE OR REPLACE TEMP MACRO recorded_by() AS {clocks.recorded_by}")
        con.execute(f"CREATE OR REPLACE TEMP MACRO points() AS [{point}]")
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET python_enable_replacements = false")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        asked = con.sql(_without_end(text))
        types = asked.types
        cast = ", ".join(f"CAST(#{place} AS {carried_type(of)})" for place, of in enumerate(types, 1))
        found = asked.project(cast).fetchall()
    except duckdb.Error as error:
        damage = None if isinstance(error, slips) else damage_of(opened.question.db, error)
        if damage is not None:
            raise damage from error
        raise UsageMistakeError(f"sql: {error}", advice="tables and macros: deals sql 'SHOW ALL TABLES'") from None
    names = _distinct(asked.columns)
    filled = [[carried(row[place], of) for row in found] for place, of in enumerate(types)]
    columns = tuple(Column(name, kind_of(of, held)) for name, of, held in zip(names, types, filled, strict=True))
    rows = [dict(zip(names, row, strict=True)) for row in zip(*filled, strict=True)]
    return Result("sql", clocks, columns, rows)


def _only_reads(statements: Sequence[Any]) -> None:
    kinds = [statement.type.name for statement in statements]
    if kinds not in (["SELECT"], ["EXPLAIN"]):
        raise UsageMistakeError(
            f"sql: one reading statement is allowed (got {', '.join(kinds) or 'none'})",
            advice="begin with SELECT, FROM, WITH, SHOW, DESCRIBE or EXPLAIN; the ledger is changed by its own verbs only",
        )


def _without_end(text: str) -> str:
    """Return a statement without the semicolons that end it, and what stands behind them: it is made part of another."""
    import duckdb

    data = text.encode()
    for begin, kind in reversed(duckdb.tokenize(text)):
        if kind is duckdb.token_type.operator and data[begin : begin + 1] == b";":
            data = data[:begin]
        elif kind is not duckdb.token_type.comment:
            break
    return data.decode()


def _distinct(names: Sequence[str]) -> list[str]:
    """Tell apart by a number what two columns of a query are both called, in whatever case."""
    taken = {name.casefold() for name in names}
    seen: set[str] = set()
    told = []
    for name in names:
        one = name
        number = 1
        while one.casefold() in (seen if number == 1 else seen | taken):
            number += 1
            one = f"{name}_{number}"
        seen.add(one.casefold())
        told.append(one)
    return told


def _from_stdin() -> str:
    if sys.stdin.isatty():
        raise UsageMistakeError("sql: no query given", advice="write it in quotes, or pass it on standard input")
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise UsageMistakeError(
            f"sql: standard input is not UTF-8 text: {error}", advice="save the query as UTF-8"
        ) from None
