"""The balances of a generated workload are those of hledger, and those that the generator expects."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.intake.rows import InputDefaults
from ledger.intake.sources import read_rows
from ledger.reader import LedgerReader
from projections.clocks import Clocks
from projections.queries.exposure import exposure_over
from projections.warehouse import Warehouse
from tests.services import needs_hledger

GENERATOR = Path(__file__).parents[2].parent / "shared" / "bench" / "generate.py"
EVENTS = 10_000
Balances = dict[str, tuple[Decimal, Decimal]]

pytestmark = pytest.mark.skipif(
    not GENERATOR.exists(), reason="the shared workload generator is not beside this folder"
)


@pytest.fixture(scope="module")
def workload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workload")
    subprocess.run([sys.executable, str(GENERATOR), str(EVENTS), "--out", str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def expected(workload: Path) -> dict[str, Balances]:
    told = json.loads((workload / f"{EVENTS}.expect.json").read_text())
    return {
        day: {pair: (Decimal(row["headline"]), Decimal(row["performed"])) for pair, row in pairs.items()}
        for day, pairs in told.items()
    }


def test_ours(workload: Path, expected: dict[str, Balances], tmp_path: Path) -> None:
    path = tmp_path / "deals.db"
    with Ledger.create(path) as ledger:
        receipt = ledger.record_located(
            read_rows([str(workload / f"{EVENTS}.jsonl")], InputDefaults(), format_name=None)
        )
        assert receipt.size == EVENTS + 50
    days = [dt.date.fromisoformat(day) for day in expected]
    with LedgerReader(str(path)) as reader, Warehouse.in_memory(reader.feed()) as warehouse:
        results = exposure_over(warehouse, [Clocks.on(day) for day in days])
    for day, result in zip(expected, results, strict=True):
        found = {f"{row['to']}|{row['exposed']}": (row["headline"], row["performed"]) for row in result.rows}
        assert found == expected[day]


@needs_hledger
def test_hledger(workload: Path, expected: dict[str, Balances]) -> None:
    for day, balances in expected.items():
        after = dt.date.fromisoformat(day) + dt.timedelta(days=1)
        command = [
            "hledger",
            "-f",
            str(workload / f"{EVENTS}.journal"),
            "balance",
            "--flat",
            "-O",
            "csv",
            "-N",
            "-e",
            str(after),
        ]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found: dict[str, dict[str, Decimal]] = {}
        for account, amount in list(csv.reader(io.StringIO(printed)))[1:]:
            kind, *pair = account.split(":")
            if kind in {"Committed", "Paid"}:
                name = "|".join(part.replace("Co", "co-") for part in pair)
                found.setdefault(name, {})[kind] = Decimal(amount.removesuffix(" USD"))
        zero = Decimal(0)
        both = {name: (kinds.get("Committed", zero), kinds.get("Paid", zero)) for name, kinds in found.items()}
        # hledger leaves out accounts that come to nothing.
        assert both == {name: row for name, row in balances.items() if row != (zero, zero)}
