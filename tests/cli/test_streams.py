"""Standard streams that are full, closed or gone: the exit code says so, and what was recorded is said to be recorded."""

from __future__ import annotations

import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT, Run, environment, invoke
from tests.effort import thorough

APPEND = "append payment --deal oracle-openai-2025 --payer openai --payee oracle --announced-on 2025-11-01 --amount 1B --key paid"
CORRECT = "correct oracle-openai-2025/compute/2025-09-10 --set amount=310B --reason misread --announced-on 2025-11-01"
RETRACT = "retract oracle-openai-2025/compute/2025-09-10 --reason hoax --announced-on 2025-11-01"
KEY = "oracle-openai-2025/compute/2025-09-10"
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")


def shell(line: str, *, db: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `deals` is the command."""
    return subprocess.run(
        ["bash", "-c", f'deals() {{ "{sys.executable}" -m cli "$@"; }}; {line}'],
        env=environment(db, COLUMNS="80"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def position(db: Path) -> int:
    with sqlite3.connect(db) as connection:
        return int(connection.execute("SELECT size FROM log_head").fetchone()[0])


LOST = [
    pytest.param("> /dev/full", "cannot be used: No space left on device", id="full", marks=full),
    pytest.param(">&-", "is closed", id="closed", marks=thorough),
    pytest.param(">&- <&-", "is closed", id="all closed", marks=thorough),
]


@pytest.mark.parametrize(("lost", "why"), LOST)
@pytest.mark.parametrize(
    ("line", "done"),
    [
        (APPEND, "the event was recorded: position 19, key paid"),
        (CORRECT, f"the event was recorded: position 19, key {KEY}/corrected-2025-11-01"),
        (RETRACT, f"the event was recorded: position 19, key {KEY}/retracted-2025-11-01"),
        (f"attach {KEY} story.txt", f"the event was recorded: position 19, key {KEY}/document-"),
        ("import two.jsonl", "2 events were recorded: positions 19 to 20, keys company/a-one to company/a-two"),
        ("append two.jsonl", "2 events were recorded: positions 19 to 20, keys company/a-one to company/a-two"),
    ],
    ids=lambda value: value.partition(" ")[0],
)
def test_what_was_recorded_is_told_although_nobody_can_read_it(
    db: Path, monkeypatch: pytest.MonkeyPatch, line: str, done: str, lost: str, why: str
) -> None:
    for name in ("one", "two"):
        with (db.parent / "two.jsonl").open("a") as file:
            file.write(
                f'{{"type": "company_registered", "company": "a-{name}", "name": "A {name}", "layer": "cloud", "announced_on": "2024-01-01"}}\n'
            )
    (db.parent / "story.txt").write_text("a story")
    ended = shell(f"cd {db.parent} && PYTHONPATH={ROOT} deals {line} {lost}", db=db)
    assert (ended.returncode, ended.stdout) == (73, "")
    error, told, *advice = ended.stderr.splitlines()
    assert error == f"error: standard output {why}"
    assert told.startswith(f"  done: {done}")
    assert advice == ["  next: send it to a place that has room and is open"]
    assert position(db) in {19, 20}
    # Given again the acknowledgement is another, and true.
    monkeypatch.chdir(db.parent)
    again = invoke(shlex.split(line), db=db)
    assert again.exit_code == 0
    assert all(line.startswith(("note: ", "passed by: ")) for line in again.stderr.splitlines())


@full
@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("init fresh.db", "an empty ledger was made: fresh.db"),
        ("rebuild", "the tables were made anew: "),
        ("audit checkpoint", "the checkpoint of 18 events was signed, and this ledger remembers it"),
        ("audit key --rotate", "the key was replaced by a new one: "),
        ("audit export trail.zip", "the bundle was written: 18 of 18 events, trail.zip"),
        ("import trail.zip --db second.db", "the bundle was restored: 18 events recorded"),
        ("import trail.zip --merge --db third.db", "the bundle was merged: "),
        ("audit witness kept", "the checkpoint of 18 events fits the log and is remembered"),
    ],
    ids=lambda value: value,
)
def test_what_was_done_is_told_by_every_verb(db: Path, monkeypatch: pytest.MonkeyPatch, line: str, done: str) -> None:
    go = f"cd {db.parent} && export PYTHONPATH={ROOT}"
    monkeypatch.chdir(db.parent)
    prepared = ["audit key", "audit checkpoint --output kept"]
    if line.startswith("import"):
        other = "append company --company other --name Other --layer cloud --announced-on 2024-01-01 --db third.db"
        prepared += ["init --db second.db", "init --db third.db", other, "audit export trail.zip"]
    for first in prepared:
        ready = invoke(shlex.split(first), db=db)
        assert ready.exit_code == 0, (first, ready.stderr)
    ended = shell(f"{go} && deals {line} > /dev/full", db=db)
    assert (ended.returncode, ended.stdout) == (73, ""), ended.stderr
    assert "error: standard output cannot be used: No space left on device\n" in ended.stderr
    assert f"  done: {done}" in ended.stderr


@full
@pytest.mark.parametrize(
    "line",
    [
        *("legs", "legs --format json", "legs --format parquet", "legs --format table", "show amd", "explain amd-openai-2025/warrant"),
        *("sql 'SELECT 1'", "log", "companies", "check", "doctor", "schema", "schema --all", "audit verify", "audit log"),
        *("-h", "exposure -h", "append warrant -h", "--version", "audit prove company/amd", "audit key"),
        f"{APPEND} --dry-run",
    ],
)  # fmt: skip
def test_an_answer_that_is_lost_is_no_success(db: Path, line: str) -> None:
    for lost, why in (("> /dev/full", "cannot be used: No space left on device"), (">&-", "is closed")):
        ended = shell(f"deals {line} {lost}", db=db)
        assert (ended.returncode, ended.stdout) == (73, ""), ended.stderr
        assert f"error: standard output {why}\n" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert "Exception ignored" not in ended.stderr


@full
@pytest.mark.parametrize("lost", ["2> /dev/full", "2>&-"])
def test_remarks_that_are_lost_change_nothing(db: Path, lost: str) -> None:
    assert shell(f"deals legs {lost}", db=db).stdout == shell("deals legs", db=db).stdout != ""
    recorded = shell(f"deals {APPEND} {lost}", db=db)
    assert (recorded.returncode, recorded.stdout.splitlines()[0]) == (0, "recorded  19  paid")
    refused = shell(f"deals show nothing {lost}", db=db)
    assert (refused.returncode, refused.stdout) == (3, "")


def test_recording_needs_no_standard_input(db: Path) -> None:
    recorded = shell(f"deals {APPEND} <&-", db=db)
    assert (recorded.returncode, recorded.stdout.splitlines()[0]) == (0, "recorded  19  paid")


@pytest.mark.parametrize(
    "line", ["import -", "append -", "sql", "import - --format csv", "correct KEY --file - --reason x"]
)
def test_standard_input_that_is_closed_is_told(db: Path, line: str) -> None:
    ended = shell(f"deals {line.replace('KEY', KEY)} <&-", db=db)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith("error: standard input is closed\n  next: ")


def test_nothing_is_written_into_the_ledger_for_want_of_a_stream(db: Path) -> None:
    """A closed descriptor is not given to the file that is opened next."""
    for line in ("legs --format json", APPEND, "legs --format csv", "nonsense"):
        shell(f"deals {line} <&- >&- 2>&-", db=db)
    verified = shell("deals audit verify && deals legs --format jsonl | wc -l", db=db)
    assert verified.returncode == 0, verified.stderr
    assert "verified: 19 events" in verified.stdout


def test_whoever_leaves_early_is_told_what_was_recorded(db: Path) -> None:
    ended = shell(f"exec 3>&1; deals {APPEND} > >(exec true) || true; sleep 0.1; echo done", db=db)
    assert ended.stdout.splitlines()[-1] == "done"
    assert position(db) == 19
    if ended.stderr:  # the reader was gone before the acknowledgement was written
        assert ended.stderr == "  done: the event was recorded: position 19, key paid\n"


def test_recorded_is_recorded_although_the_tables_cannot_be_made(run: Run) -> None:
    with sqlite3.connect(run.db) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE stored_events SET state = X'FF' || state WHERE originator_version = 2")
    connection.close()
    Path(f"{run.db}.projection.duckdb").unlink(missing_ok=True)  # so that the broken leaf has to be read
    recorded = run(*APPEND.split())
    assert recorded.exit_code == 0
    assert recorded.stdout.splitlines()[0] == "recorded  19  paid"
    *_, said = recorded.stderr.splitlines()
    assert said.startswith("note: recorded, but the tables are not ready for queries yet (")
