"""The fingerprint sees every table, macro and view, and no order of rows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from projections.fingerprint import contents, fingerprint
from projections.warehouse import Warehouse
from tests.projections.kept_parts import entries_of, feed_of

TABLES = (
    "attachment",
    "company",
    "log",
    "metric",
    "milestone",
    "party",
    "performance",
    "price",
    "source",
    "split",
    "state",
    "status",
    "terms",
)


@pytest.fixture
def warehouse() -> Warehouse:
    return Warehouse.in_memory(feed_of(entries_of(7)))


def test_it_names_everything_that_the_database_has(warehouse: Warehouse) -> None:
    held = contents(warehouse.con)
    assert [name for name in held if name.startswith("table ")] == [f"table main.{name}" for name in TABLES]
    rules = {name.removeprefix("macro main.") for name in held if name.startswith("macro ")}
    assert {"visible", "leg_state", "exposure_legs", "is_binding", "findings"} <= rules


@pytest.mark.parametrize("statement", [
    "UPDATE performance SET amount = 11 WHERE amount = 10",
    "UPDATE state SET root = 'another'",
    "DELETE FROM source WHERE slot = 1",
    "INSERT INTO log SELECT * FROM log WHERE position = 1",
    "ALTER TABLE terms RENAME COLUMN amount TO firm_amount",
    "ALTER TABLE status ALTER COLUMN conditional TYPE VARCHAR",
    "DROP TABLE price",
    "CREATE SCHEMA more; CREATE TABLE more.log AS SELECT 1 AS one",
    "CREATE VIEW seen AS SELECT 1 AS one",
    "CREATE OR REPLACE MACRO floor_zero(amount) AS amount",
    "CREATE OR REPLACE MACRO is_ended(status) AS status IN ('superseded', 'terminated')",
])  # fmt: skip
def test_any_change_shows(warehouse: Warehouse, statement: str) -> None:
    before = warehouse.fingerprint()
    warehouse.con.execute(statement)
    assert warehouse.fingerprint() != before


def test_neither_the_order_of_rows_nor_temporary_tables_count(warehouse: Warehouse) -> None:
    before = warehouse.fingerprint()
    warehouse.con.execute("CREATE TABLE turned AS SELECT * FROM source ORDER BY slot DESC")
    warehouse.con.execute("DELETE FROM source")
    warehouse.con.execute("INSERT INTO source SELECT * FROM turned")
    warehouse.con.execute("DROP TABLE turned")
    warehouse.con.execute("CREATE TEMP TABLE mine AS SELECT 1 AS one")
    assert warehouse.fingerprint() == before


def test_a_file_reads_as_it_was_written_however_often(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.copy_to(tmp_path / "x.duckdb")
    for number in range(3):
        con = duckdb.connect(str(tmp_path / "x.duckdb"))
        assert fingerprint(con) == warehouse.fingerprint(), number
        # Written anew by DuckDB, which keeps some lists of a macro in no order.
        con.execute("UPDATE state SET position = position")
        con.execute("CREATE OR REPLACE TABLE unused (one INTEGER)")
        con.execute("DROP TABLE unused")
        con.execute("CHECKPOINT")
        con.close()


def test_lists_without_an_order_are_sorted_and_nothing_else_is() -> None:
    def read(definition: str) -> str:
        with duckdb.connect() as con:
            con.execute("CREATE TABLE t (x INTEGER, y VARCHAR, z INTEGER)")
            con.execute(f"CREATE MACRO m(a, b) AS TABLE {definition}")
            return fingerprint(con)

    one = read("SELECT * REPLACE (a + b AS x, 'it''s, (odd' AS y), greatest(a, b) AS most FROM t")
    assert one == read("SELECT * REPLACE ('it''s, (odd' AS y, a + b AS x), greatest(a, b) AS most FROM t")
    assert one != read("SELECT * REPLACE (b + a AS x, 'it''s, (odd' AS y), greatest(a, b) AS most FROM t")
    assert one != read("SELECT * REPLACE (a + b AS x, 'it''s, (odd' AS y), greatest(b, a) AS most FROM t")
    assert read("SELECT * EXCLUDE (x, y) FROM t") == read("SELECT * EXCLUDE (y, x) FROM t")
