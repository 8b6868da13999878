"""Which terms of a leg rank last: the ledger's answer is that of the read side's SQL, corrections and retractions included."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from events.codec import parse
from events.errors import DealsError
from ledger.application import Ledger
from ledger.clock import FixedClock
from ledger.reader import LedgerReader
from projections.warehouse import Warehouse
from tests.ledger.scenes import event, ledger_with, purchase
from tests.oracle.generate import random_ledger

LONG_AFTER = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)

# The standing reading of each leg's terms, by the packed key that every query of the read side ranks by.
BY_SQL = """
SELECT deal, leg, list(key ORDER BY okey) AS keys
FROM terms WHERE seen_to > 2147483645
GROUP BY deal, leg ORDER BY deal, leg
"""


def by_ledger(reader: LedgerReader) -> list[dict[str, Any]]:
    legs = sorted({(e.deal, e.leg) for e in reader.entries() if e.deal and e.leg and e.family == "terms"})
    found = [
        {"deal": deal, "leg": leg, "keys": [entry.key for entry in reader.standing_terms(deal, leg)]}
        for deal, leg in legs
    ]
    return [row for row in found if row["keys"]]


@pytest.mark.parametrize("seed", range(6))
def test_terms_rank_as_in_the_tables(seed: int, tmp_path: Path) -> None:
    history = random_ledger(random.Random(seed), 120)
    with Ledger.create(tmp_path / "deals.db", clock=FixedClock(LONG_AFTER)) as ledger:
        for entry in history.entries:
            # A leg that a condition names may have been retracted meanwhile, which the generator does not look at.
            with suppress(DealsError):
                ledger.record([parse(entry.raw)])
        with LedgerReader(ledger.path) as reader, Warehouse.in_memory(reader.feed()) as warehouse:
            rows = warehouse.query(BY_SQL, [])
            assert len(rows) > 5
            assert by_ledger(reader) == rows
        for row in rows:
            _rules_name_the_same(ledger, row["deal"], row["leg"], row["keys"][-1])


def _rules_name_the_same(ledger: Ledger, deal: str, leg: str, last: str) -> None:
    with LedgerReader(ledger.path) as reader:
        [entry] = [found for found in [reader.find(last)] if found]
        raw = reader.recorded(entry.position).raw
    again = {**raw, "key": "again", "announced_on": "2030-01-01", "effective_on": "2035-01-01"}
    again.pop("amends", None)
    with pytest.raises(DealsError) as caught:
        ledger.record([parse(again)])
    assert f"add amends: {last};" in f"{caught.value.message} {caught.value.advice}"
    assert (deal, leg) == (entry.deal, entry.leg)


def test_a_correction_of_the_dates_changes_which_terms_are_last(tmp_path: Path) -> None:
    first, second = purchase(), purchase(announced_on="2025-11-01", amends="one/supply/2025-10-06", key="second")
    with ledger_with(tmp_path, [first, second]) as ledger:
        with LedgerReader(ledger.path) as reader:
            assert [entry.key for entry in reader.standing_terms("one", "supply")] == [first.key, "second"]
        ledger.correct(
            "second",
            purchase(announced_on="2025-10-01", effective_on="2025-09-01", amends=first.key, key="second"),
            reason="misread",
        )
        with LedgerReader(ledger.path) as reader:
            assert [(e.key, e.effective_on) for e in reader.standing_terms("one")] == [
                ("second", "2025-09-01"), (first.key, "2025-10-06"),
            ]  # fmt: skip
        ledger.retract(first.key, reason="never happened")
        ledger.record([event("status_changed", deal="one", status="terminated", announced_on="2025-12-01")])
        with LedgerReader(ledger.path) as reader:
            assert [entry.key for entry in reader.standing_terms("one", "supply")] == ["second"]
            assert reader.standing_terms("one", "other") == reader.standing_terms("other") == []
