"""Several processes at one ledger, and processes that die in the middle: nothing acknowledged is lost or half done."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from events.envelope import read_feed
from ledger.application import Ledger
from ledger.proof.merkle import leaf_hash
from ledger.reader import LedgerReader
from ledger.store.errors import BusyError
from tests.ledger.naive_tree import tree_head
from tests.ledger.scenes import company, new_ledger, purchase

ROOT = Path(__file__).parents[3]


def appender(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.ledger.appender", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def checked(path: Path) -> list[tuple[int, str]]:
    """Read a ledger whole, having compared root, positions and times; gives position and key of each event."""
    with LedgerReader(path) as reader:
        head = reader.head()
        recorded = list(read_feed(reader.feed()))
        assert head.root == tree_head([leaf_hash(one.leaf) for one in recorded]).hex()
        assert [one.position for one in recorded] == list(range(1, head.size + 1))
        instants = [one.recorded_at for one in recorded]
        assert instants == sorted(instants)
        assert [(entry.position, entry.key) for entry in reader.entries()] == [
            (one.position, one.key) for one in recorded
        ]
        assert reader.leaf_hashes(0, head.size) == [leaf_hash(one.leaf) for one in recorded]
        return [(one.position, one.key) for one in recorded]


def test_four_processes_append_without_gap_or_loss(tmp_path: Path) -> None:
    new_ledger(tmp_path).close()
    path = tmp_path / "deals.db"
    writers = [appender("single", path, f"writer-{number}", 50) for number in range(4)]
    acknowledged = []
    for writer in writers:
        output, complaints = writer.communicate(timeout=60)
        assert (writer.returncode, complaints) == (0, "")
        acknowledged += [tuple(line.split()) for line in output.splitlines()]
    expected = sorted((int(position), f"company/{slug}") for position, slug in acknowledged)
    assert checked(path) == expected
    assert len(expected) == 200


@pytest.mark.parametrize("seed", range(3))
def test_killed_imports_lose_nothing_acknowledged_and_leave_nothing_half(tmp_path: Path, seed: int) -> None:
    new_ledger(tmp_path).close()
    path, chance, size = tmp_path / "deals.db", random.Random(seed), 300
    acknowledged: dict[int, str] = {}
    for turn in range(2):
        writer = appender("batches", path, f"turn-{turn}", size)
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(chance.random() * 0.15)
        writer.kill()
        output, _ = writer.communicate(timeout=60)
        for line in (first + output).splitlines():
            _, reached, root = line.split()
            acknowledged[int(reached)] = root
    recorded = checked(path)
    # A batch whose acknowledgement was cut off may be there, but only whole.
    assert len(recorded) % size == 0
    assert max(acknowledged) <= len(recorded) <= max(acknowledged) + 2 * size
    with LedgerReader(path) as reader:
        hashes = reader.leaf_hashes(0, len(recorded))
    assert acknowledged == {reached: tree_head(hashes[:reached]).hex() for reached in acknowledged}
    # The next one goes on as if nothing had happened, and recording a lost acknowledgement again changes nothing.
    with Ledger.open(path) as ledger:
        again = ledger.record([company("turn-0-0-1")])
        assert (again.already_known, again.size) == (("company/turn-0-0-1",), len(recorded))
        assert ledger.record([company("another")]).first == len(recorded) + 1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the write lock of a ledger, as another process in the middle of an import does."""
    with Ledger.open(path) as other, other.recorder.appending():
        yield


def test_who_waits_too_long_is_told_to_try_again(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        ledger.record([company("amd")])
    path = tmp_path / "deals.db"
    with Ledger.open(path, busy_seconds=1) as ledger, locked(path):
        with pytest.raises(BusyError) as caught:
            ledger.record([company("openai")])
        # Reading and checking need no lock.
        assert ledger.check([company("openai")]) == [company("openai")]
        with LedgerReader(path) as reader:
            assert reader.head().size == 1
    assert (caught.value.exit_code, caught.value.advice) == (75, "try again; nothing was recorded")


def test_who_waits_long_enough_gets_its_turn(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        ledger.record([company("amd"), company("openai")])
        free, held = threading.Event(), threading.Event()

        def hold() -> None:
            with locked(ledger.path):
                held.set()
                free.wait(10)

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait(10)
        threading.Timer(0.2, free.set).start()
        assert ledger.record([purchase()]).first == 3
        holder.join()


def test_threads_share_one_open_ledger(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:

        def append(name: str) -> None:
            for number in range(10):
                ledger.record([company(f"{name}-{number}")])

        threads = [threading.Thread(target=append, args=(f"t{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        path = ledger.path
    assert len(checked(path)) == 40
