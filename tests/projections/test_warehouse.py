"""What questions share is made anew whenever it would be another, and what they keep always."""

from __future__ import annotations

import datetime as dt
import random

from projections.clocks import Clocks
from projections.queries.asked import points
from projections.queries.counted import keep_claims, share_evidence
from projections.warehouse import Warehouse
from tests.oracle.generate import GeneratedLedger, random_clocks, random_ledger, random_what_if
from tests.projections.comparison import as_leaves, read_side_clocks
from tests.projections.lent import lend

SHARED = ("legs_at", "claims_at", "evidence_at")


def shared_rows(warehouse: Warehouse, triples: list[Clocks]) -> list[object]:
    at = points(triples)
    keep_claims(warehouse, at)
    share_evidence(warehouse, at)
    return [warehouse.con.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in SHARED]


def asked_of_new_tables(ledger: GeneratedLedger, triples: list[Clocks], hypothetical: list[bytes]) -> list[object]:
    with lend(ledger.feed, hypothetical=hypothetical) as fresh:
        return shared_rows(fresh, triples)


def test_shared_rows_are_those_of_the_points_and_the_tables() -> None:
    rng = random.Random(4)
    ledger = random_ledger(rng)
    one, other = ([read_side_clocks(triple) for triple in random_clocks(rng, ledger, 3)] for _ in range(2))
    one.append(Clocks.on(dt.date(2100, 1, 1)))
    leaves = as_leaves(random_what_if(rng, ledger))
    with lend(ledger.feed) as warehouse:
        first = shared_rows(warehouse, one)
        assert first != shared_rows(warehouse, other)
        assert shared_rows(warehouse, one) == first == asked_of_new_tables(ledger, one, [])
        warehouse.overlay(leaves)
        supposed = shared_rows(warehouse, one)
        assert supposed != first
        assert supposed == asked_of_new_tables(ledger, one, leaves)


def test_shared_rows_follow_the_log() -> None:
    rng = random.Random(5)
    ledger = random_ledger(rng)
    day = max(entry.event.announced_on for entry in ledger.entries if hasattr(entry.event, "announced_on"))
    triples = [Clocks.on(day)]
    leaves = [leaf for batch in ledger.feed for leaf in batch]
    with lend([leaves[: len(leaves) // 2]]) as warehouse:
        half = shared_rows(warehouse, triples)
        warehouse.catch_up([leaves[len(leaves) // 2 :]])
        whole = shared_rows(warehouse, triples)
    assert half != whole
    assert whole == asked_of_new_tables(ledger, triples, [])


def test_what_is_shared_is_asked_once_and_what_is_kept_each_time() -> None:
    with lend([]) as warehouse:
        warehouse.con.execute("CREATE TEMP SEQUENCE asked")
        for _ in range(3):
            warehouse.share("counted", "SELECT nextval('asked') AS n")
        assert warehouse.query("FROM counted") == [{"n": 1}]
        warehouse.keep("counted", "SELECT nextval('asked') AS n")
        warehouse.share("counted", "SELECT nextval('asked') AS n")
        assert warehouse.query("FROM counted") == [{"n": 3}]
        warehouse.con.execute("DROP TABLE counted")
        warehouse.con.execute("DROP SEQUENCE asked")
