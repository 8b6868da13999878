"""Runs every benchmark beside this file and prints its table: `python -m benchmarks [NAME...]`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

names = sys.argv[1:] or sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
for name in names:
    print(f"\n## {name}\n")
    importlib.import_module(f"benchmarks.bench_{name}").main()
