"""Ctrl-C at any point: what was recorded is said to be recorded, what is not is not there, and nothing is printed twice."""

from __future__ import annotations

import linecache
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import cli.main
import cli.recording.writing
from ledger.application import Ledger
from ledger.interrupts import becoming_true, told, until_told, untold
from ledger.reader import LedgerReader
from tests.cli.running import ROOT, as_process, environment
from tests.effort import thorough
from tests.ledger.scenes import company, new_ledger

KEY = "oracle-openai-2025/compute/2025-09-10"
# Where a recording is made true and told; the rest of the way only reads.
OF_INTEREST = (
    "ledger/interrupts.py",
    "ledger/store/sqlite.py",
    "ledger/store/sqlite_connections.py",
    "ledger/record/writing.py",
    "ledger/application.py",
    "cli/done.py",
    "cli/main.py",
    "cli/boundary.py",
    "cli/streams.py",
    "cli/recording/writing.py",
    "cli/recording/row.py",
    "cli/verbs/retract.py",
    "eventsourcing/sqlite.py",
    "contextlib.py",
)


def position(db: Path) -> int:
    with LedgerReader(db) as reader:
        return reader.head().size


def interrupted_at(step: int, arguments: list[str], place: Path) -> int | None:
    """Run a command in a process of its own that is interrupted at a step; its exit code, None where it has fewer steps."""
    child = os.fork()
    if child == 0:  # pragma: no cover - a process of its own
        for name, descriptor in (("in", 0), ("out", 1), ("err", 2)):
            os.dup2(os.open(place / name, os.O_RDWR | os.O_CREAT | os.O_TRUNC), descriptor)
        streams = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
        sys.stdin, sys.stdout, sys.stderr = streams  # which live as long as the process
        signal.signal(signal.SIGINT, signal.default_int_handler)
        left, begun = step, False

        def trace(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - a tracing function gives itself
            nonlocal left, begun
            begun = begun or frame.f_code.co_name == "appending"  # before it nothing is written
            if not begun or not frame.f_code.co_filename.endswith(OF_INTEREST):
                return None
            # Python looks for signals as it calls and jumps; the line `try:` does neither.
            if event == "line" and linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip() != "try:":
                left -= 1
                if left == 0:
                    signal.raise_signal(signal.SIGINT)
            return trace

        code = 99
        sys.argv = ["deals", *arguments]
        try:
            sys.settrace(trace)
            cli.main.run()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is one too many
            os.write(2, "".join(["Traceback", *traceback.format_exception(error)]).encode())
        finally:
            sys.settrace(None)
            sys.stdout.flush()
            os._exit(code if left <= 0 else 98)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return None if code == 98 else code


def interrupted(arguments: list[str], place: Path) -> Iterator[tuple[int, str, str]]:
    """Yield the exit code and what was printed for an interrupt at each step in turn."""
    step = 1
    while (code := interrupted_at(step, arguments, place)) is not None:
        yield code, (place / "out").read_text(), (place / "err").read_text()
        step += 1


@thorough
def test_an_interrupt_at_any_step_of_a_recording_tells_what_was_recorded(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli.recording.writing, "_MADE_READY_MAX", 0)
    arguments = ["retract", KEY, "--reason", "hoax", "--announced-on", "2025-11-01", "--db", str(db)]
    acknowledged = f"recorded  19  {KEY}/retracted-2025-11-01\n"
    told_of = f"  done: the event was recorded: position 19, key {KEY}/retracted-2025-11-01\n"
    before = db.read_bytes()
    seen = set()
    for step, (code, out, err) in enumerate(interrupted(arguments, db.parent), 1):
        recorded = position(db) == 19
        seen.add((code, recorded))
        assert code in {0, 130}, (step, err)
        assert "Traceback" not in err
        assert out.count(acknowledged) == (1 if acknowledged in out else 0)
        if code == 130:
            assert "error: interrupted; nothing was left half done" in err
            assert (told_of in err) == recorded, err
        else:
            assert (recorded, out.startswith(acknowledged)) == (True, True)
        for left in ("-wal", "-shm"):
            Path(f"{db}{left}").unlink(missing_ok=True)
        db.write_bytes(before)
    assert {(130, False), (130, True)} <= seen


@pytest.fixture
def handled() -> Iterator[Callable[[], int]]:
    """Count the interrupts that come through instead of being interrupted."""
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    yield lambda: len(came)
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_waits_from_before_the_commit_to_the_word_of_it(handled: Callable[[], int]) -> None:
    with until_told():
        with becoming_true() as hold:
            signal.raise_signal(signal.SIGINT)
            assert handled() == 1, "nothing is true yet"
            hold()
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
        assert (handled(), untold()) == (1, True)
        told()
        assert (handled(), untold()) == (2, False)
    assert handled() == 2


def test_an_interrupt_comes_through_where_nothing_became_true(handled: Callable[[], int]) -> None:
    class RefusedError(Exception):
        pass

    def refused() -> None:
        with becoming_true() as hold:
            hold()
            signal.raise_signal(signal.SIGINT)
            raise RefusedError

    with until_told():
        with pytest.raises(RefusedError):
            refused()
        assert (handled(), untold()) == (1, False)
        with becoming_true():
            pass
        assert not untold()
        signal.raise_signal(signal.SIGINT)
        assert handled() == 2
    assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler


def test_where_nobody_tells_an_interrupt_waits_for_the_commit_alone(tmp_path: Path, handled: Callable[[], int]) -> None:
    with new_ledger(tmp_path) as ledger:
        ledger.record([company("amd")])
        signal.raise_signal(signal.SIGINT)
        assert handled() == 1
        with becoming_true() as hold:
            hold()
            signal.raise_signal(signal.SIGINT)
            assert handled() == 1
        assert handled() == 2
    with Ledger.open(tmp_path / "deals.db", read_only=True) as again:
        assert again.recorder.max_notification_id() == 1


def test_what_became_true_is_told_although_the_word_of_it_failed(
    db: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def lost(_receipt: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cli.verbs.retract.acknowledged", lost)
    with pytest.raises(SystemExit) as ended:
        cli.main.deals.main(["retract", KEY, "--reason", "hoax", "--db", str(db)])
    assert (ended.value.code, position(db)) == (73, 19)
    assert "  done: what was to be made or recorded was; see `deals log`" in capfd.readouterr().err


SLOW = """
import os, signal, sys, cli.main, cli.streams
write = cli.streams._Output.write
def interrupted(self, data):
    written = write(self, data)
    if self.begun and not getattr(self, "once", False):
        self.once = True
        signal.raise_signal(signal.SIGINT)
        for _ in range(10): pass
    return written
cli.streams._Output.write = interrupted
cli.main.run()
"""


def scripted(script: str, *arguments: str, db: Path) -> subprocess.CompletedProcess[str]:
    """Run a command line by a script; a shell starts background jobs with the interrupt ignored, and a child inherits that."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment(db),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_an_answer_that_is_interrupted_is_not_printed_twice(db: Path, form: str) -> None:
    whole = as_process("legs", "--format", form, db=db)
    ended = scripted(SLOW, "legs", "--format", form, db=db)
    assert ended.returncode == 130
    assert whole.stdout.startswith(ended.stdout)
    assert "interrupted; nothing was left half done, but the answer was not printed to its end" in ended.stderr


LONG = """
import os, signal, threading, cli.main, cli.verbs.sql
ask = cli.verbs.sql._ask
def interrupted(opened, text):
    threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    return ask(opened, text)
cli.verbs.sql._ask = interrupted
cli.main.run()
"""
