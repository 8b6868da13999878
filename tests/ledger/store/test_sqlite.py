"""Making and opening ledgers: what is there, what is not, what cannot be written."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import DealsError
from ledger.application import Ledger
from ledger.reader import LedgerReader
from ledger.store.errors import (
    CannotWriteError,
    LedgerExistsError,
    LedgerNotFoundError,
    NewerLedgerError,
    NotALedgerError,
    UnsupportedStoreError,
)
from ledger.store.sqlite_schema import APPLICATION_ID, LAYOUT_VERSION
from tests.ledger.scenes import company, ledger_with, new_ledger, purchase

ROOT = Path(__file__).parents[3]


def test_where_there_is_no_ledger_the_way_to_one_is_told(tmp_path: Path) -> None:
    for place in (tmp_path / "deals.db", str(tmp_path / "no" / "deals.db")):
        for opened in (Ledger.open, LedgerReader):
            with pytest.raises(LedgerNotFoundError) as caught:
                opened(place)
            assert (caught.value.exit_code, "deals init" in caught.value.advice) == (3, True)
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_is_not_made_over_something_else(tmp_path: Path) -> None:
    new_ledger(tmp_path).close()
    (tmp_path / "notes.txt").write_text("hello")
    before = (tmp_path / "deals.db").read_bytes()
    for name in ("deals.db", "notes.txt", ""):
        with pytest.raises(LedgerExistsError) as caught:
            Ledger.create(tmp_path / name)
        assert caught.value.exit_code == 73
    assert (tmp_path / "deals.db").read_bytes() == before
    assert (tmp_path / "notes.txt").read_text() == "hello"


def test_two_programs_that_make_one_ledger_take_turns(tmp_path: Path) -> None:
    (tmp_path / "deals.db").touch()
    with Ledger.create(tmp_path / "deals.db") as first:
        with pytest.raises(LedgerExistsError):
            first.recorder.create_ledger()
        assert first.record([company("amd")]).size == 1


def test_what_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    text, empty, other, folder = (tmp_path / name for name in ("text", "empty", "other.db", "folder"))
    text.write_text("not a database at all, but longer than any header would be " * 40)
    empty.touch()
    folder.mkdir()
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE log_head (size)")
    connection.close()
    before = other.read_bytes()
    expected = {text: NotALedgerError, empty: LedgerNotFoundError, other: NotALedgerError, folder: NotALedgerError}
    for place, error in expected.items():
        for opened in (Ledger.open, LedgerReader):
            with pytest.raises(error):
                opened(place)
    assert other.read_bytes() == before


def test_a_ledger_of_a_later_version_is_not_touched(tmp_path: Path) -> None:
    new_ledger(tmp_path).close()
    with sqlite3.connect(tmp_path / "deals.db") as connection:
        connection.execute(f"PRAGMA user_version = {LAYOUT_VERSION + 1}")
    connection.close()
    with pytest.raises(NewerLedgerError, match=f"layout {LAYOUT_VERSION + 1}"):
        Ledger.open(tmp_path / "deals.db")


def test_other_stores_are_named_as_not_there_yet(tmp_path: Path) -> None:
    for opened in (Ledger.open, Ledger.create, LedgerReader):
        with pytest.raises(UnsupportedStoreError, match="postgresql"):
            opened("postgresql://user@host/deals")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["with space.db", "100%.db", "what?.db", "a#b&c=d.db", "輝達.db", "deals"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with Ledger.create(tmp_path / "new" / "folder" / name) as ledger:
        ledger.record([company("amd")])
        with LedgerReader(ledger.path) as reader:
            assert reader.head().size == 1
    with Ledger.open(tmp_path / "new" / "folder" / name) as ledger:
        ledger.record([company("openai")])
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == [name]


def test_the_file_says_what_it_is_and_writes_through(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger:
        pool = ledger.recorder.datastore.pool
        connection = pool.get_connection()
        cursor = connection.cursor()
        found = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "application_id", "user_version"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]
        pool.put_connection(connection)
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "application_id": APPLICATION_ID,
        "user_version": LAYOUT_VERSION,
    }


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotWriteError) as caught:
        Ledger.create(tmp_path / "file" / "deals.db")
    assert caught.value.exit_code == 73


def test_a_full_disk_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger:
        pool = ledger.recorder.datastore.pool
        connection = pool.get_connection()
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 1}")
        pool.put_connection(connection)
        with pytest.raises(CannotWriteError, match="full") as caught:
            ledger.record([company(f"c-{number}") for number in range(1_000)])
        assert caught.value.exit_code == 73
        assert ledger.check([purchase()]) == [purchase()]
    with Ledger.open(tmp_path / "deals.db") as ledger:
        assert ledger.record([purchase()]).first == 3


def test_a_ledger_opened_to_read_is_not_written(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger:
        path = ledger.path
    with Ledger.open(path, read_only=True) as ledger, pytest.raises(CannotWriteError):
        ledger.record([purchase()])


READ_AS_SOMEBODY = """
import os, sys
from pathlib import Path
from events.errors import DealsError
from ledger.application import Ledger
from ledger.reader import LedgerReader
from events.errors import DealsError
from tests.ledger.scenes import purchase
event = purchase()
if os.geteuid() == 0:  # whom no permission stops
    os.setegid(65534)
    os.seteuid(65534)
path = Path(sys.argv[1])
with LedgerReader(path) as reader:
    print(reader.head().size, len(list(reader.feed())))
with Ledger.open(path, read_only=True) as ledger:
    print(len(ledger.check([event])))
try:
    with Ledger.open(path) as ledger:
        ledger.record([event])
except DealsError as error:
    print(type(error).__name__)
try:
    Ledger.create(path.with_name("new.db"))
except DealsError as error:
    print(type(error).__name__)
"""


def test_a_ledger_in_a_folder_that_cannot_be_written_is_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger_with(folder).close()
        (folder / "deals.db").chmod(0o444)
        folder.chmod(0o555)
        command = [sys.executable, "-c", READ_AS_SOMEBODY, str(folder / "deals.db")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        left = [path.name for path in folder.iterdir()]
        folder.chmod(0o755)
    assert (done.stdout.split(), done.stderr) == (["2", "1", "1", "CannotWriteError", "CannotWriteError"], "")
    assert left == ["deals.db"]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 255)), min_size=1, max_size=40))
def test_a_damaged_file_is_told_as_such(damaged: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "deals.db"
        path.write_bytes(_sound())
        content = bytearray(path.read_bytes())
        for place, value in damaged:
            content[place % len(content)] = value
        path.write_bytes(content)
        try:
            with LedgerReader(path) as reader:
                reader.head()
                list(reader.feed())
                list(reader.entries())
                reader.companies()
                reader.position_at("2026-06-01T00:00:00.000000Z")
        except DealsError as error:
            assert error.advice  # noqa: PT017 - that nothing else is raised is what is tested
        try:
            with Ledger.open(path) as ledger:
                ledger.record([purchase(announced_on="2025-12-01", amends="one/supply/2025-10-06")])
        except DealsError as error:
            assert error.advice  # noqa: PT017 - as above


@cache
def _sound() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        ledger_with(Path(name), [purchase()]).close()
        return (Path(name) / "deals.db").read_bytes()
