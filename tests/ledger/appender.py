"""A process that appends to a ledger and says on its output what was acknowledged; started by the tests, and killed."""

from __future__ import annotations

import sys
from pathlib import Path

from ledger.application import Ledger
from ledger.intake.located import Located
from tests.ledger.scenes import company


def single(path: Path, name: str, count: int) -> None:
    """Append events one by one."""
    with Ledger.open(path, recorder_name=name) as ledger:
        for number in range(count):
            position = ledger.record([company(f"{name}-{number}")]).first
            print(f"{position} {name}-{number}", flush=True)  # noqa: T201 - the output is what this program is for


def batches(path: Path, name: str, count: int) -> None:
    """Append batches of a few hundred events, one transaction each, without end."""
    with Ledger.open(path, recorder_name=name) as ledger:
        batch = 0
        while True:
            rows = [Located("f", line, company(f"{name}-{batch}-{line}")) for line in range(1, count + 1)]
            receipt = ledger.record_located(rows)
            print(f"{receipt.first} {receipt.size} {receipt.root}", flush=True)  # noqa: T201 - as above
            batch += 1


if __name__ == "__main__":
    {"single": single, "batches": batches}[sys.argv[1]](Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
