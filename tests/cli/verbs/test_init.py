"""A new ledger and its key, whenever making them is interrupted: what comes next works or says what to do."""

from __future__ import annotations

import linecache
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ledger.memory.errors import MemoryDamagedError, NoSigningKeyError
from ledger.memory.folder import AuditFolder, audit_folder
from ledger.proof.errors import KeyFileError, KeyFileNotWrittenError, MalformedKeyError
from tests.cli.running import Run, invoke
from tests.effort import thorough

COMPANY = (
    *("append", "company", "--company", "amd", "--name", "AMD", "--layer", "chips"),
    *("--announced-on", "2024-01-01"),
)
# Lines that change a file, in the modules that make ledgers and keys.
STEP = re.compile(
    r"\b(execute|commit|write|rename|replace|unlink|hardlink_to|fsync|open|close|mkdir|sync_folder|_\w+)\("
)
MAKERS = (
    *("ledger/store/", "ledger/memory/", "ledger/proof/keys.py", "ledger/files.py", "ledger/application.py"),
    *("cli/verbs/init.py", "eventsourcing/sqlite.py"),
)


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Do something in a process that is killed as it comes to a step; False where it came to its end before that."""
    child = os.fork()
    if child == 0:  # pragma: no cover - ends by a signal or at once
        left = step

        def count(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - a tracing function gives itself
            nonlocal left
            name = frame.f_code.co_filename
            if not any(maker in name for maker in MAKERS):
                return None
            if event == "line" and STEP.search(linecache.getline(name, frame.f_lineno)):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        sys.settrace(count)
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@thorough
def test_init_killed_at_any_step_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.recording.writing._MADE_READY_MAX", 0)
    place = tmp_path / "at"
    run = Run(place / "x.db")
    step, ends = 1, set()
    place.mkdir()
    while killed_at(step, lambda: invoke(["init", "--name", "ledger.example/x"], db=run.db)):
        looked, log = run("doctor"), run("log")
        assert "fault of the software" not in looked.stdout + looked.stderr + log.stderr
        if log.exit_code:
            assert (log.exit_code, "`deals init`" in log.stderr) == (3, True), log.stderr
        again = run("init", "--name", "ledger.example/x")
        whole = again.exit_code == 73
        ends.add((log.exit_code, again.exit_code))
        assert whole or again.exit_code == 0, again.stderr
        if whole:
            assert again.stderr.startswith(f"error: {run.db} is there already\n")
        assert audit_folder(run.db).key().name == "ledger.example/x"
        assert (run("doctor").exit_code, run(*COMPANY).exit_code) == (0, 0)
        assert run("audit", "checkpoint").exit_code == 0
        assert not list(audit_folder(run.db).folder.glob(".key-*"))
        shutil.rmtree(place)
        place.mkdir()
        step += 1
    assert step > 40
    assert {(3, 0), (0, 0), (0, 73)} <= ends, "killed before the ledger was made, before its key, and after both"


def test_a_ledger_that_was_made_without_its_key_is_as_good_as_any(tmp_path: Path) -> None:
    run = Run(tmp_path / "x.db")
    run.ok("init")
    shutil.rmtree(audit_folder(run.db).folder)
    run.ok(*COMPANY)
    assert run("init").exit_code == 73, "a ledger with events in it is never touched"
    assert "ok  key           none yet; `deals audit key` makes one" in run.ok("doctor")
    run.ok("audit", "checkpoint")
    assert run("doctor").exit_code == 0


@pytest.mark.parametrize("content", [b"", b"text\n"])
def test_only_what_holds_nothing_is_made_a_ledger(tmp_path: Path, content: bytes) -> None:
    run = Run(tmp_path / "x.db")
    run.db.write_bytes(content)
    made = run("init")
    assert made.exit_code == (73 if content else 0)
    assert content == b"" or run.db.read_bytes() == content


def keys_at(folder: Path) -> AuditFolder:
    made = AuditFolder(folder)
    made.make_key("ledger.example/x")
    return made


def test_a_key_that_is_replaced_is_the_old_or_the_new_one_wherever_that_ends(tmp_path: Path) -> None:
    keys_at(tmp_path / "before")
    step, seen = 1, set()
    place = tmp_path / "at"
    shutil.copytree(tmp_path / "before", place)
    while killed_at(step, lambda: AuditFolder(place).rotate()):
        old = AuditFolder(tmp_path / "before").verifier()
        folder = AuditFolder(place)
        key = folder.key()
        seen.add(key.verifier == old)
        assert (folder.verifier(), folder.keys.trouble()) == (key.verifier, "")
        assert old in folder.known_keys()
        if key.verifier != old:
            note = (place / f"retired-{old.key_id.hex()}.note").read_text()
            assert note.startswith(f"deals key rotation\n{old.vkey}\n{key.verifier.vkey}\n")
        fresh, _ = folder.rotate()
        assert {old, key.verifier, fresh.verifier} == set(AuditFolder(place).known_keys())
        assert not list(place.glob(".key-*"))
        shutil.rmtree(place)
        shutil.copytree(tmp_path / "before", place)
        step += 1
    assert step > 15
    assert seen == {True, False}


def pipe_for_key(folder: Path) -> None:
    (folder / "key.pem").unlink()
    os.mkfifo(folder / "key.pem")


HARMS: dict[str, tuple[Callable[[Path], object], str]] = {
    "an empty private half": (
        lambda folder: (folder / "key.pem").write_bytes(b""),
        "is not an unencrypted private key",
    ),
    "an empty public half": (lambda folder: (folder / "key.vkey").write_bytes(b""), "key.vkey is empty"),
    "no private half": (lambda folder: (folder / "key.pem").unlink(), "key.pem cannot be read"),
    "no public half": (lambda folder: (folder / "key.vkey").unlink(), "key.vkey cannot be read"),
    "a pipe": (pipe_for_key, "key.pem cannot be read"),
    "halves of two keys": (
        lambda folder: shutil.copy(keys_at(folder.parent / "other").keys.vkey, folder / "key.vkey"),
        "are not halves of one key",
    ),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_key_that_cannot_be_used_is_named_with_what_to_do(tmp_path: Path, harm: str) -> None:
    run = Run(tmp_path / "x.db")
    run.ok("init")
    run.ok(*COMPANY)
    folder = audit_folder(run.db)
    act, said = HARMS[harm]
    act(folder.folder)
    advice = f"bring {folder.keys.pem} and {folder.keys.vkey} back from a copy; where there is none, move both away"
    with pytest.raises((KeyFileError, MalformedKeyError), match=said):
        folder.key()
    with pytest.raises(KeyFileNotWrittenError, match="there is a key"):
        folder.make_key()
    looked = run("doctor")
    assert looked.exit_code == 1
    assert "!!  key           " in looked.stdout
    assert advice in looked.stdout
    refused = run("audit", "checkpoint")
    assert refused.exit_code in {4, 65}
    assert advice in refused.stderr
    for path in (folder.keys.pem, folder.keys.vkey):
        path.unlink(missing_ok=True)
    run.ok("audit", "checkpoint")
    assert run("doctor").exit_code == 0


def test_two_empty_halves_are_a_key_that_was_never_made(tmp_path: Path) -> None:
    folder = AuditFolder(tmp_path)
    for path in (folder.keys.pem, folder.keys.vkey):
        path.write_bytes(b"")
    assert not folder.has_key()
    with pytest.raises(NoSigningKeyError):
        folder.key()
    made = folder.make_key("ledger.example/x")
    assert folder.key().verifier == made.verifier


def test_what_is_no_file_in_the_place_of_the_memory_is_told(tmp_path: Path) -> None:
    run = Run(tmp_path / "x.db")
    run.ok("init")
    checkpoints = audit_folder(run.db).checkpoints_file
    os.mkfifo(checkpoints)
    with pytest.raises(MemoryDamagedError, match="cannot be read: it is no file"):
        audit_folder(run.db).checkpoints()
    refused = run("log")
    assert (refused.exit_code, f"{checkpoints} cannot be read: it is no file" in refused.stderr) == (4, True)
