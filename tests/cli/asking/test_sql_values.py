"""Whatever type DuckDB returns, the answer holds its value whole, or says in words what no number can."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cli.asking.sql_values import carried, carried_type, kind_of
from projections.result import plain
from tests.cli.running import Run

CASES: list[tuple[str, Any, str]] = [
    ("TIMESTAMPTZ '2026-01-01 09:00:00.5+08'", "2026-01-01T01:00:00.5+00", "text"),
    ("TIMESTAMP '2026-01-01 09:00:00'", "2026-01-01T09:00:00", "text"),
    ("TIMESTAMP_NS '2026-01-01 01:02:03.123456789'", "2026-01-01T01:02:03.123456789", "text"),
    ("TIMESTAMPTZ 'infinity'", "infinity", "text"),
    ("TIMESTAMP '-infinity'", "-infinity", "text"),
    ("DATE '2026-01-01'", dt.date(2026, 1, 1), "date"),
    ("DATE '9999-12-31'", dt.date(9999, 12, 31), "date"),
    ("DATE 'infinity'", "infinity", "text"),
    ("DATE '-infinity'", "-infinity", "text"),
    ("DATE '10000-01-01'", "10000-01-01", "text"),
    ("DATE '0044-03-15 (BC)'", "0044-03-15 (BC)", "text"),
    ("INTERVAL 3 MONTH", "3 months", "text"),
    ("TIME '12:00:01.5'", "12:00:01.5", "text"),
    ("TIMETZ '12:00:00+02'", "12:00:00+02", "text"),
    ("UUID '01234567-89ab-cdef-0123-456789abcdef'", "01234567-89ab-cdef-0123-456789abcdef", "text"),
    ("1::TINYINT", 1, "count"),
    ("7::HUGEINT", 7, "count"),
    ("9223372036854775807::HUGEINT", 2**63 - 1, "count"),
    ("9223372036854775808::HUGEINT", Decimal(2**63), "number"),
    ("(-170141183460469231731687303715884105727)::HUGEINT", Decimal(-(2**127) + 1), "number"),
    ("18446744073709551615::UBIGINT", Decimal(2**64 - 1), "number"),
    ("340282366920938463463374607431768211455::UHUGEINT", Decimal(2**128 - 1), "number"),
    ("123456789012345678901234567890123456789012::BIGNUM", "123456789012345678901234567890123456789012", "text"),
    ("1.50::DECIMAL(9,2)", Decimal("1.50"), "number"),
    ("0.00000000000000000000000000000000000001::DECIMAL(38,38)", Decimal("1e-38"), "number"),
    ("0.1::DOUBLE", 0.1, "number"),
    ("'nan'::DOUBLE", "nan", "text"),
    ("'-inf'::FLOAT", "-inf", "text"),
    ("1e300", 1e300, "number"),
    ("'\\xAA\\x00'::BLOB", "\\xAA\\x00", "text"),
    ("'0101'::BIT", "0101", "text"),
    ("'a'::ENUM('a', 'b')", "a", "text"),
    ("union_value(num := 2)", "2", "text"),
    ("NULL", None, "text"),
    ("true", True, "flag"),
    ("[1, NULL]", [1, None], "list"),
    ("[TIMESTAMPTZ '2026-01-01 00:00:00+00']", ["2026-01-01T00:00:00+00"], "list"),
    ("array_value(DATE '2026-01-01', DATE 'infinity')", [dt.date(2026, 1, 1), "infinity"], "list"),
    ("[['nan'::DOUBLE]]", [["nan"]], "list"),
    ("{'a b': 1, 'c\"d': 9223372036854775808::HUGEINT}", {"a b": 1, 'c"d': Decimal(2**63)}, "text"),
    ("MAP {1: INTERVAL 1 DAY}", {"1": "1 day"}, "text"),
    ("MAP {DATE '2026-01-01': 1.5::DECIMAL(4,1)}", {"2026-01-01": Decimal("1.5")}, "text"),
    ("row(1, 'x')", "(1, x)", "text"),
    ("'{\"a\": 1}'::JSON", '{"a": 1}', "text"),
]


@pytest.mark.parametrize(("expression", "value", "kind"), CASES, ids=[case[0] for case in CASES])
def test_a_value_is_carried_whole(expression: str, value: object, kind: str) -> None:
    with duckdb.connect(":memory:", config={"autoload_known_extensions": "false"}) as con:
        con.execute("SET TimeZone = 'UTC'")
        asked = con.sql(f"SELECT {expression}")
        (sql_type,) = asked.types
        ((fetched,),) = asked.project(f"CAST(#1 AS {carried_type(sql_type)})").fetchall()
    held = carried(fetched, sql_type)
    assert (held, type(held)) == (value, type(value))
    assert kind_of(sql_type, [held, None]) == kind


def test_minus_nought_stays_one() -> None:
    with duckdb.connect(":memory:") as con:
        ((value,),) = con.sql("SELECT -0.0::DOUBLE").fetchall()
        assert str(carried(value, con.sql("SELECT 0.0::DOUBLE").types[0])) == "-0.0"


ALL = "SELECT " + ", ".join(f"{expression} AS c{number}" for number, (expression, *_) in enumerate(CASES))


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "md", "parquet"])
def test_every_type_is_answered_in_every_form(run: Run, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"x.{form}"
    said = run("sql", ALL, "--format", form, "--output", str(path.with_suffix(".txt") if form == "table" else path))
    assert (said.exit_code, said.stdout, said.stderr) == (0, "", "")


def test_json_and_csv_hold_the_values(run: Run) -> None:
    (row,) = run.json("sql", ALL)["rows"]
    (cells,) = csv.DictReader(io.StringIO(run.ok("sql", ALL, "--format", "csv"), newline=""))
    for number, (expression, value, _) in enumerate(CASES):
        said = row[f"c{number}"]
        if isinstance(value, Decimal | dt.date):
            assert said == plain(value), expression
        elif not isinstance(value, list | dict):
            assert said == value, expression
            written = "" if value is None else "true" if value is True else str(value)
            assert cells[f"c{number}"].removeprefix("'") == written, expression
    assert row[f"c{[case[0] for case in CASES].index('[1, NULL]')}"] == [1, None]
    assert json.loads(cells[f"c{[case[0] for case in CASES].index('[1, NULL]')}"]) == [1, None]


def test_parquet_rounds_nothing(run: Run, tmp_path: Path) -> None:
    exact = {
        "1e-9::DOUBLE": 1e-9,
        "1e300": 1e300,
        "1.123456789::DECIMAL(12,9)": Decimal("1.123456789"),
        "9223372036854775808::HUGEINT": Decimal(2**63),
        "0.00000000000000000000000000000000000001::DECIMAL(38,38)": Decimal("1e-38"),
        "12345678901234567890123456789012.123456::DECIMAL(38,6)": Decimal("12345678901234567890123456789012.123456"),
        "[1, NULL]": ["1", None],
        "count(*)": 1,
        "DATE 'infinity'": "infinity",
    }
    names = ", ".join(f'{expression} AS "{number}"' for number, expression in enumerate(exact))
    run.ok("sql", f"SELECT {names}", "--output", str(tmp_path / "x.parquet"))
    (row,) = duckdb.read_parquet(str(tmp_path / "x.parquet")).fetchall()
    assert list(row) == list(exact.values())


def test_columns_that_share_a_name_are_told_apart_in_every_form(run: Run, tmp_path: Path) -> None:
    query = 'SELECT 1 AS x, 2 AS X, 3 AS x, 4 AS x_2, 5 AS "a""b"'
    (row,) = run.json("sql", query)["rows"]
    assert row == {"x": 1, "X_3": 2, "x_4": 3, "x_2": 4, 'a"b': 5}
    run.ok("sql", query, "--output", str(tmp_path / "x.parquet"))
    assert duckdb.read_parquet(str(tmp_path / "x.parquet")).fetchall() == [(1, 2, 3, 4, 5)]


@pytest.mark.parametrize(
    "query",
    ["SELECT now()", "EXPLAIN SELECT 1", "SHOW ALL TABLES", "DESCRIBE log", "FROM log ORDER BY position DESC; -- all", "SUMMARIZE log",
     "SELECT now(), ';' AS \"輝達;\" /* ; */ ; ; -- ; done"],
)  # fmt: skip
def test_what_reads_is_answered(run: Run, query: str) -> None:
    assert run.json("sql", query)["rows"]


def test_the_order_of_a_query_is_kept(run: Run) -> None:
    rows = run.json("sql", "SELECT position, now() AS at FROM log ORDER BY position DESC")["rows"]
    assert [row["position"] for row in rows] == list(range(18, 0, -1))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT 1/0::", "syntax error"),
        ("SELECT 'x'::INTEGER", "Conversion Error"),
        ("SELECT $1", "Invalid Input Error"),
        ("SELECT repeat('x', 9000000000000)", "Error"),
    ],
)
def test_what_cannot_be_answered_is_a_mistake_with_a_name(run: Run, query: str, said: str) -> None:
    refused = run("sql", query)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
