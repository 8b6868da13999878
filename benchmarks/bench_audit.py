"""Measures the audit trail on a million events: appending, a proof, exporting, and verifying ledger and bundle.

    python -m benchmarks audit, or python benchmarks/bench_audit.py [--events N] [--folder DIR]

Each step runs in a process of its own, whose peak memory is taken, the processes it starts included one by one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1]))

from events.envelope import instant_text
from ledger.application import Ledger
from ledger.exchange.export import export_bundle
from ledger.memory.signing import checkpoint_at, prove, sign_head
from ledger.proof.merkle import Frontier
from ledger.reader import LedgerReader
from ledger.record.drafts import Draft
from ledger.record.rules import Verdict
from ledger.record.state import State
from ledger.record.writing import write
from ledger.verify.bundle import verify_bundle
from ledger.verify.ledger import verify_ledger

AT = dt.datetime(2026, 1, 31, 9, 30, tzinfo=dt.UTC)
PORTION = 50_000
COMPARED = 100_000

_PAYMENT = (
    '{"amount":{"currency":"USD","qualifier":"exactly","value":"%d.%02d"},"announced_on":"%s","confidence":"high",'
    '"deal":"deal-%07d","effective_on":"%s","key":"%s","leg":"supply","payee":"co-%02d","payer":"co-%02d",'
    '"source":{"kind":"press","publisher":"generated","url":"https://example.test/"},"type":"payment_made"}'
)


def drafts(first: int, count: int) -> list[Draft]:
    """Make payments that look like those of a real import."""
    made = []
    for position in range(first, first + count):
        day = (dt.date(2023, 1, 1) + dt.timedelta(days=position % 1000)).isoformat()
        deal = position // 10
        key = f"deal-{deal:07d}/paid/{day}-{position}"
        payee, payer = position % 50, (position * 7 + 1) % 50
        text = _PAYMENT % (position * 31 % 10**9, position % 100, day, deal, day, key, payee, payer)
        names = (f"co-{payee:02d}", f"co-{payer:02d}")
        made.append(
            Draft(
                "bench", position, key, "payment_made", "performance", text.encode(), 1, names, f"deal-{deal:07d}",
                "supply", day, day, None, None, None, (), (), None, False, None, None, position, position,
            )
        )  # fmt: skip
    return made


def portions(events: int) -> Iterator[list[Draft]]:
    for first in range(1, events + 1, PORTION):
        yield drafts(first, min(PORTION, events + 1 - first))


def append(path: Path, events: int, *, hashing: bool) -> float:
    """Write events through the ledger's own writer; gives the seconds that it took, making them apart."""
    nothing = mock.patch.multiple("ledger.record.writing", leaf_hash=lambda _leaf: bytes(32))
    still = mock.patch.object(Frontier, "extend", _only_count)
    spent = 0.0
    with Ledger.create(path) as ledger:
        for portion in portions(events):
            begin = time.perf_counter()
            with ledger.recorder.appending() as store:
                head = store.head()._replace(at=instant_text(AT + dt.timedelta(seconds=portion[0].position)))
                state = State(store, size=head.size, day_max="9999-12-31")
                if hashing:
                    write(Verdict(portion), state, store, head, "bench", None)
                else:
                    with nothing, still:
                        write(Verdict(portion), state, store, head, "bench", None)
            spent += time.perf_counter() - begin
    return spent


def _only_count(frontier: Frontier, leaves: list[bytes]) -> list[tuple[int, int, bytes]]:
    frontier.size += len(leaves)
    frontier._peaks = [bytes(32)] * frontier.size.bit_length()  # noqa: SLF001 - a tree that hashes nothing
    return []


def step_ratio(folder: Path, _events: int) -> str:
    """Append with and without hashing, in turns."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(6):
        hashing = turn % 2 == 0
        path = folder / f"ratio-{turn}.db"
        spent[hashing].append(append(path, COMPARED, hashing=hashing))
        for left in folder.glob(f"{path.name}*"):
            left.unlink()
    with_it, without = min(spent[True]), min(spent[False])
    return f"{COMPARED / with_it:,.0f}/s with hashing, {COMPARED / without:,.0f}/s without: {without / with_it:.0%}"


def step_append(folder: Path, events: int) -> str:
    """Build the ledger that the other steps read."""
    spent = append(folder / "deals.db", events, hashing=True)
    return f"{events / spent:,.0f} events/s"


def step_checkpoint(folder: Path, _events: int) -> str:
    with LedgerReader(folder / "deals.db") as reader:
        begin = time.perf_counter()
        sign_head(reader, at=AT)
        return f"{(time.perf_counter() - begin) * 1000:.2f} ms"


def step_proof(folder: Path, events: int) -> str:
    spent = []
    with LedgerReader(folder / "deals.db") as reader:
        signed = checkpoint_at(reader, events, at=AT)
        keys = [reader.recorded(position * 7919 % events + 1).key for position in range(1, 201)]
        for key in keys:
            begin = time.perf_counter()
            prove(reader, key, signed)
            spent.append(time.perf_counter() - begin)
    return f"{statistics.median(spent) * 1000:.2f} ms median, {max(spent) * 1000:.2f} ms worst of {len(spent)}"


def step_export(folder: Path, events: int) -> str:
    shutil.rmtree(folder / "bundle", ignore_errors=True)
    with LedgerReader(folder / "deals.db") as reader:
        begin = time.perf_counter()
        export_bundle(reader, folder / "bundle", at=AT, processes=os.cpu_count() or 1)
        return f"{events / (time.perf_counter() - begin):,.0f} rows/s"


def step_verify_ledger(folder: Path, events: int) -> str:
    with LedgerReader(folder / "deals.db") as reader:
        begin = time.perf_counter()
        verify_ledger(reader, processes=os.cpu_count() or 1).require()
        return f"{events / (time.perf_counter() - begin):,.0f} events/s"


def step_verify_bundle(folder: Path, events: int) -> str:
    begin = time.perf_counter()
    verify_bundle(folder / "bundle", processes=os.cpu_count() or 1).require()
    return f"{events / (time.perf_counter() - begin):,.0f} events/s"


STEPS = {
    "append, ratio": (step_ratio, "at least 60 %"),
    "append": (step_append, ""),
    "checkpoint": (step_checkpoint, "instant"),
    "proof": (step_proof, "under 5 ms"),
    "export": (step_export, "at least 50,000 rows/s"),
    "verify ledger": (step_verify_ledger, "at least 100,000 events/s"),
    "verify bundle": (step_verify_bundle, "at least 100,000 events/s"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder otherwise")
    parser.add_argument("--step", choices=STEPS, help="run one step in this process (what the table is made of)")
    asked = parser.parse_known_args()[0]
    if asked.step:
        said = STEPS[asked.step][0](asked.folder, asked.events)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        helpers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"{said}|{own // 1024} MiB" + (f" + {helpers // 1024} MiB for each helper" if helpers else ""))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        print(f"{asked.events:,} events, {os.cpu_count()} processors\n")
        print(f"{'step':15}{'measured':62}{'wanted':28}peak memory (wanted: 400 MiB)")
        for name, (_, wanted) in STEPS.items():
            command = [sys.executable, __file__, "--events", str(asked.events), "--folder", str(folder), "--step", name]
            said, _, memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.partition("|")
            print(f"{name:15}{said:62}{wanted:28}{memory.strip()}", flush=True)


if __name__ == "__main__":
    main()
