"""Lent tables are as good as new, whatever the test before did with them."""

from __future__ import annotations

import random

from projections.queries.registry import MEASURES
from projections.warehouse import Warehouse
from tests.oracle.generate import random_clocks, random_ledger, random_what_if
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import as_leaves, read_side_clocks
from tests.projections.lent import lend

EVERYTHING = (
    "FROM duckdb_tables() SELECT table_name, temporary, sql ORDER BY ALL",
    "FROM duckdb_views() SELECT view_name, temporary, sql WHERE NOT internal ORDER BY ALL",
    "FROM duckdb_functions() SELECT function_name, macro_definition WHERE NOT internal ORDER BY ALL",
    "FROM duckdb_variables() SELECT name, value ORDER BY ALL",
)


def contents(warehouse: Warehouse) -> list[object]:
    """Return everything that a database holds: what is defined in it, and every row."""
    defined = [warehouse.con.execute(query).fetchall() for query in EVERYTHING]
    rows = [
        warehouse.con.execute(f"FROM {name} ORDER BY ALL").fetchall()
        for name, temporary, _ in defined[0]
        if not temporary
    ]
    return [*defined, *rows]


def test_tables_that_were_used_come_back_as_new() -> None:
    rng = random.Random(0)
    ledger = random_ledger(rng)
    with lend(ledger.feed, hypothetical=as_leaves(random_what_if(rng, ledger))) as used:
        con = used.con
        for clocks in random_clocks(rng, ledger, 2):
            for asked in MEASURES.values():
                if asked.name in {"exposure", "legs", "loops", "check"}:
                    asked.over(used, [read_side_clocks(clocks)])
        con.execute("CREATE TEMP VIEW left_behind AS SELECT 1")
    entries = recorded(catalogue_raws())
    for feed in ([], [[(entry.position, entry.leaf) for entry in entries]]):
        with lend(feed) as lent, Warehouse.in_memory(feed) as new:
            assert lent.con is con
            assert contents(lent) == contents(new)
            assert (lent.position, lent.fingerprint()) == (new.position, new.fingerprint())


def test_two_at_a_time_are_two_databases() -> None:
    ledger = random_ledger(random.Random(0))
    with lend(ledger.feed) as one, lend([]) as other:
        assert one.con is not other.con
        assert (one.position, other.position) == (len(ledger.entries), 0)


def test_what_nobody_holds_any_more_is_lent_again() -> None:
    con = lend(random_ledger(random.Random(0)).feed).con
    with lend([]) as again:
        assert again.con is con
        assert again.query("FROM log") == []
