"""What is made aside is one's own, and goes with whoever made it; nobody else's is touched."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from projections.aside import clear_away, making_aside
from tests.cli.running import ROOT

HOLDER = """
import sys
from pathlib import Path
from projections.aside import making_aside

with making_aside(Path(sys.argv[1])) as fresh:
    fresh.write_text("half")
    print(fresh.parent.name, flush=True)
    sys.stdin.readline()
"""


def held(path: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_nothing_stays_of_what_was_made_aside(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with making_aside(path) as first, making_aside(path) as second:
        assert first != second
        first.write_text("one")
        second.write_text("two")
        first.replace(path)
    assert (names(tmp_path), path.read_text()) == (["x.duckdb"], "one")


def test_a_living_process_keeps_its_folder_and_a_killed_one_loses_it(tmp_path: Path) -> None:
    path = tmp_path / "x [1]*.duckdb"
    living, its = held(path)
    killed, left = held(path)
    clear_away(path)
    assert names(tmp_path) == sorted([its, left])
    killed.kill()
    killed.communicate()
    clear_away(path)
    assert names(tmp_path) == [its]
    living.communicate("\n")
    assert names(tmp_path) == []


def test_a_folder_that_nobody_came_to_own_goes(tmp_path: Path) -> None:
    (tmp_path / "x.duckdb.a1b2c3_4.new").mkdir()
    clear_away(tmp_path / "x.duckdb")
    assert names(tmp_path) == []


def test_what_a_former_release_left_goes_once_it_is_old_and_other_names_stay(tmp_path: Path) -> None:
    ours = ["x.duckdb.4711.new", "x.duckdb.4711.new.wal", "x.duckdb.4712.new"]
    others = ["x.duckdb.new", "x.duckdb.backup.new", "y.duckdb.4711.new", "x.duckdb.4711.newer", "x.duckdb"]
    for name in (*ours, *others):
        (tmp_path / name).write_text("")
    old = time.time() - 2 * 3600
    for name in (*ours[:2], *others):
        os.utime(tmp_path / name, (old, old))
    clear_away(tmp_path / "x.duckdb")
    assert names(tmp_path) == sorted([ours[2], *others])
