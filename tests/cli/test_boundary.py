"""What the system refuses is told by its name: no state of the machine ends as a fault of the software."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import duckdb
import pytest

from cli.boundary import report
from tests.cli.running import environment, invoke
from tests.effort import first_of

APPEND = "append company --company zz --name ZZ --layer chips --announced-on 2024-01-01"
ROOM = "that the disk has room"


def run(line: str, db: Path, before: Callable[[], object], **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process for which the system is not what it should be."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *line.split()],
        env=environment(db, PYTHONDONTWRITEBYTECODE="1", **env),  # a limit must not cut off what Python keeps
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: before() and None,
    )


def no_room(size: int) -> Callable[[], object]:
    """Let no file grow beyond a size, as on a full disk."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("size", first_of([0, 5_000, 40_000]))
@pytest.mark.parametrize(
    "line",
    ["rebuild", APPEND, "audit checkpoint", "audit export out.zip", "init new.db", "attach company/amd story.jsonl"],
)
def test_a_disk_without_room_takes_nothing_and_is_told(db: Path, line: str, size: int) -> None:
    (db.parent / "story.jsonl").write_text("x" * 50_000)
    line = line.replace("out.zip", str(db.parent / "out.zip")).replace("new.db", str(db.parent / "new.db"))
    line = line.replace("story.jsonl", str(db.parent / "story.jsonl"))
    ended = run(line, db, no_room(size))
    assert ended.returncode in ({0, 73} if size else {73}), ended.stderr
    if ended.returncode:
        assert ended.stderr.startswith("error: ")
        assert "`deals init`" not in ended.stderr
    for after in (APPEND, "audit checkpoint", "audit verify", "exposure"):
        went_on = invoke(after.split(), db=db)
        assert went_on.exit_code == 0, went_on.stderr


def test_a_disk_without_room_is_read(db: Path) -> None:
    for line in ("log --format csv", "exposure --format json", "companies", "show amd"):
        right, ended = run(line, db, dict), run(line, db, no_room(0))
        assert (ended.returncode, ended.stdout) == (0, right.stdout), ended.stderr


@pytest.mark.parametrize("name", ["HOME", "TMPDIR"])
def test_folders_of_the_user_that_are_not_there_stop_nothing(db: Path, name: str) -> None:
    for line in ("exposure", "rebuild", APPEND, "audit checkpoint"):
        ended = run(line, db, dict, **{name: "/nonexistent"})
        assert ended.returncode == 0, ended.stderr


def test_a_folder_that_is_gone_is_told(db: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    def leave() -> None:
        gone.mkdir(exist_ok=True)
        os.chdir(gone)
        gone.rmdir()

    made = run("init new.db", db, leave)
    assert (made.returncode, made.stdout) == (3, "")
    assert made.stderr == (
        "error: the folder that this was started in is not there any more\n  next: go to another folder, and try again\n"
    )
    for line in ("exposure", "rebuild", APPEND, "audit checkpoint", "audit verify"):
        assert run(line, db, leave).returncode == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), 75),
        (duckdb.OutOfMemoryException("failed to allocate"), 75),
        (OSError(errno.EMFILE, "Too many open files", "x.db"), 75),
        (OSError(errno.ENFILE, "Too many open files in system"), 75),
        (OSError(errno.ENOSPC, "No space left on device"), 73),
        (OSError(errno.ENOENT, "No such file or directory"), 70),
        (RuntimeError("Query interrupted"), 130),
        (RuntimeError("anything else"), 70),
    ],
    ids=repr,
)
def test_each_refusal_of_the_system_has_its_exit_code(error: Exception, code: int) -> None:
    assert report(error, colour=False) == code


def test_what_ends_too_soon_is_no_interrupt(capfd: pytest.CaptureFixture[str]) -> None:
    """Click makes the same of both: a file of Python's own that was cut off must not look like Ctrl-C."""
    aborted = click.Abort()
    aborted.__cause__ = EOFError("marshal data too short")
    assert report(aborted, colour=False) == 70
    assert "EOFError: marshal data too short" in capfd.readouterr().err
    assert report(click.Abort(), colour=False) == 130
