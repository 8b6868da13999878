"""Recording and querying: cold commands against importing duckdb, imports per second, queries against ledger-cli."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

GENERATOR = Path(__file__).parents[2] / "shared" / "bench" / "generate.py"
EVENTS = 100_000
DEALS = [sys.executable, "-m", "cli"]
ROOT = Path(__file__).parents[1]


def best(action: Callable[[], object], runs: int = 5) -> float:
    """Return the least seconds of some runs: the machine is shared, and noise only adds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return min(times)


def command(*words: str, db: Path) -> Callable[[], object]:
    environment = {**os.environ, "DEALS_DB": str(db)}
    return lambda: subprocess.run([*DEALS, *words], check=True, capture_output=True, env=environment, cwd=ROOT)


def peak_mib(*words: str, db: Path) -> float:
    """Run a command in a process of its own and give its peak resident memory."""
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, "
        "stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *DEALS, *words],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DEALS_DB": str(db)},
    )
    return int(done.stdout) / 1024


def row(what: str, value: str, target: str) -> None:
    print(f"| {what} | {value} | {target} |")


def main() -> None:
    print("| what | measured | target |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _catalogue(folder)
        if GENERATOR.exists():
            _workload(folder)
        else:
            print("\nThe shared workload generator is not beside this folder; the 100,000 events were left out.")


def _catalogue(folder: Path) -> None:
    db = folder / "catalogue.db"
    command("init", db=db)()
    command("import", "events/catalogue", db=db)()
    floor = best(lambda: subprocess.run([sys.executable, "-c", "import duckdb"], check=True))
    ours = best(command("exposure", "--as-of", "2025-10-14", db=db))
    row(
        "cold `deals exposure` on the catalogue / `import duckdb`",
        f"{ours:.2f} s / {floor:.2f} s = {ours / floor:.1f}x",
        "≤ 3x",
    )
    help_page = best(command("-h", db=db))
    row("`deals -h`", f"{help_page * 1000:.0f} ms", "≤ 100 ms")


def _workload(folder: Path) -> None:
    subprocess.run([sys.executable, str(GENERATOR), str(EVENTS), "--out", str(folder)], check=True)
    db = folder / "workload.db"
    command("init", db=db)()
    took = best(command("import", str(folder / f"{EVENTS}.jsonl"), db=db), runs=1)
    row("import, validated, hashed, durable", f"{(EVENTS + 50) / took:,.0f} events/s", "≥ 15,000")
    first = best(command("exposure", "--as-of", "2024-06-30", "--format", "csv", db=db), runs=1)
    cached = best(command("exposure", "--as-of", "2024-06-30", "--format", "csv", db=db))
    if shutil.which("ledger"):
        journal = str(folder / f"{EVENTS}.journal")
        peer = best(
            lambda: subprocess.run(
                ["ledger", "-f", journal, "bal", "--flat", "-e", "2024-07-01"], check=True, capture_output=True
            )
        )
        row("cold as-of query / ledger-cli `bal`", f"{cached:.2f} s / {peer:.2f} s = {cached / peer:.2f}x", "≤ 1.5x")
        row("the same with no projection file yet", f"{first:.2f} s = {first / peer:.2f}x", "")
    peak = peak_mib("exposure", "--as-of", "2024-06-30", "--format", "csv", db=db)
    row("peak memory of the query", f"{peak:.0f} MiB", "≤ 300 MiB")
    months = ("--from", "2023-01-31", "--to", "2025-12-31", "--format", "csv")
    timeline = best(command("timeline", "exposure", *months, db=db), runs=3)
    row("36-month timeline of exposure / one as-of query", f"{timeline:.2f} s = {timeline / cached:.1f}x", "≤ 6x")
    compared = best(command("diff", "exposure", "2024-06-30", "2025-06-30", "--format", "csv", db=db), runs=3)
    row("`diff` of exposure / one as-of query", f"{compared:.2f} s = {compared / cached:.1f}x", "≤ 3x")
    own = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    row("peak memory of any command above", f"{own:.0f} MiB", "")


if __name__ == "__main__":
    main()
