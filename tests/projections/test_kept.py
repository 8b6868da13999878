"""A kept file is asked only where it is whole, of this content and of this log; whatever happens to it, it is made anew."""

from __future__ import annotations

import linecache
import os
import re
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import pytest

from projections.kept import LogAt, catch_up, differences, is_sound, keep, look, open_kept
from projections.seal import read_seal, seal_file
from projections.warehouse import Warehouse
from tests.effort import first_of, thorough
from tests.projections.kept_parts import entries_of, feed_of, log_of, rebuilt, root_of

WHOLE = entries_of(7)


def kept_at(path: Path, count: int, amount: str = "100") -> LogAt:
    """Keep the tables of the first events."""
    entries = entries_of(count, amount=amount)
    log = log_of(entries)
    with Warehouse.in_memory(feed_of(entries), root=root_of(entries)) as built:
        assert keep(built, path, log)
    return log


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir())


def test_a_kept_file_is_opened_and_holds_what_was_built(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    assert look(path, log_of(WHOLE)).condition == "absent"
    log = kept_at(path, 7)
    kept = look(path, log)
    assert (kept.condition, kept.size, kept.root) == ("current", 7, log.root)
    opened = open_kept(path, log)
    assert opened is not None
    with opened:
        assert (opened.position, opened.fingerprint()) == (7, rebuilt(WHOLE))
    assert differences(kept, feed_of(WHOLE)) == []
    assert names(path) == ["x.duckdb"]


@pytest.mark.parametrize("size", first_of(range(8), 3))
def test_catching_up_from_anywhere_equals_building(tmp_path: Path, size: int) -> None:
    path = tmp_path / "x.duckdb"
    kept_at(path, size)
    kept = look(path, log_of(WHOLE))
    assert kept.condition == ("behind" if size < 7 else "current")
    assert catch_up(kept, log_of(WHOLE))
    opened = open_kept(path, log_of(WHOLE))
    assert opened is not None
    with opened:
        assert opened.fingerprint() == rebuilt(WHOLE)
    assert names(path) == ["x.duckdb"]


def test_a_file_of_another_log_is_known_at_any_size(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    for size in (3, 5, 7):
        kept_at(path, size, amount="900")
        assert look(path, log_of(WHOLE)).condition == "of another log"
    kept_at(path, 2, amount="900")
    assert look(path, log_of(WHOLE)).condition == "behind", "up to there both logs say the same"
    kept_at(path, 5)
    assert look(path, log_of(WHOLE, knows=False)).condition == "of another log"


def test_a_file_of_more_events_than_the_log_has_is_ahead(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    kept_at(path, 7)
    kept = look(path, log_of(WHOLE[:5]))
    assert (kept.condition, kept.size) == ("ahead", 7)


def test_a_file_of_another_content_is_foreign(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    log = kept_at(path, 7)
    with path.open("r+b") as file:
        seal = read_seal(path)
        assert seal is not None
        file.truncate(seal.length)
    seal_file(path, content="0" * 64, size=7, root=log.root)
    assert look(path, log).condition == "foreign"
    path.unlink()
    duckdb.connect(str(path)).close()
    assert look(path, log).condition == "foreign", "a former release wrote no last line"
    path.write_bytes(b"")
    assert look(path, log).condition == "damaged"


def socket_at(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(place))  # the whole path may be too long for a socket


OBSTACLES: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a named pipe": os.mkfifo,
    "a socket": socket_at,
}


@pytest.mark.parametrize("suffix", ["", ".wal"])
@pytest.mark.parametrize("kind", OBSTACLES)
def test_what_is_no_file_is_neither_opened_nor_replaced_nor_removed(tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / "x.duckdb"
    log = kept_at(path, 7)
    place = tmp_path / f"x.duckdb{suffix}"
    place.unlink(missing_ok=True)
    OBSTACLES[kind](place)
    mode = place.lstat().st_mode
    kept = look(path, log)
    assert (kept.condition, kept.obstacle) == ("obstructed", f"{place} is {kind} and no file")
    assert open_kept(path, log) is None
    with Warehouse.in_memory(feed_of(WHOLE), root=root_of(WHOLE)) as built, pytest.raises(OSError, match="left alone"):
        keep(built, path, log)
    assert place.lstat().st_mode == mode
    assert names(path) == sorted({"x.duckdb", place.name})


def test_a_file_cut_off_anywhere_is_damaged_but_where_a_block_of_the_database_ends(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    log = kept_at(path, 7)
    whole = path.read_bytes()
    seal = read_seal(path)
    assert seal is not None
    for length in (0, 1, 12, 4_096, 100_000, len(whole) // 2, seal.length - 1, seal.length + 1, len(whole) - 70):
        path.write_bytes(whole[:length])
        assert look(path, log).condition == "damaged", length
    path.write_bytes(whole[: seal.length])
    assert look(path, log).condition == "foreign", "it says nothing of what made it"


def test_a_file_that_may_not_be_read_is_not_called_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.duckdb"
    log = kept_at(path, 7)

    def refused(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("projections.kept.read_seal", refused)
    assert look(path, log).condition == "unreadable"


def test_whatever_byte_is_flipped_or_missing_the_file_is_not_asked(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    log = kept_at(path, 7)
    whole = path.read_bytes()
    places = [*range(0, len(whole), len(whole) // 60), *range(len(whole) - 240, len(whole))]
    for place in places:
        altered = bytearray(whole)
        altered[place] ^= 0x10
        path.write_bytes(altered)
        assert look(path, log).condition in {"damaged", "foreign"}, place
    for length in (0, 1, len(whole) // 2, len(whole) - 300, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert look(path, log).condition in {"damaged", "foreign"}, length
    path.write_bytes(whole + b"\n")
    assert look(path, log).condition in {"damaged", "foreign"}


def test_tables_altered_by_somebody_who_sealed_them_again_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    log = kept_at(path, 7)
    seal = read_seal(path)
    assert seal is not None
    con = duckdb.connect(str(path))
    con.execute("UPDATE performance SET amount = amount * 9")
    con.execute("CREATE OR REPLACE MACRO is_binding(status) AS status IN ('definitive', 'announced')")
    con.execute("CREATE TABLE more AS SELECT 1 AS one")
    con.close()
    assert look(path, log).condition in {"damaged", "foreign"}
    seal_file(path, content=seal.content, size=seal.size, root=seal.root)
    kept = look(path, log)
    assert kept.condition == "current"
    assert differences(kept, feed_of(WHOLE)) == ["macro main.is_binding", "table main.more", "table main.performance"]


def test_tables_that_cannot_be_read_or_lack_something_are_not_sound(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    kept_at(path, 7)
    assert is_sound(path)
    whole = path.read_bytes()
    altered = bytearray(whole)
    for place in range(12_288 + 64, len(whole) - 300, 4_096):  # past the headers
        altered[place] ^= 0xFF
    path.write_bytes(altered)
    assert not is_sound(path)
    path.write_bytes(whole)
    con = duckdb.connect(str(path))
    con.execute("DROP MACRO is_binding")
    con.close()
    assert not is_sound(path)
    path.unlink()
    assert not is_sound(path)


def test_an_orphaned_write_ahead_log_is_not_read_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    log = kept_at(path, 7)
    # A log that another database of the same name left behind by being killed.
    child = os.fork()
    if child == 0:  # pragma: no cover - ends by a signal
        con = duckdb.connect(str(tmp_path / "other.duckdb"))
        con.execute("CREATE TABLE payment AS SELECT 1 AS one")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    left = tmp_path / "other.duckdb.wal"
    assert left.stat().st_size > 0
    left.rename(tmp_path / "x.duckdb.wal")
    opened = open_kept(path, log)
    assert opened is not None
    with opened:
        assert opened.fingerprint() == rebuilt(WHOLE)
    assert not (tmp_path / "x.duckdb.wal").exists()


# Lines that change a database or a file.
STEP = re.compile(r"\b(execute|write|truncate|replace|unlink|copyfile|rmtree|mkdtemp|close)\(")


def killed_at(step: int, path: Path, log: LogAt) -> bool:
    """Catch up in a process that is killed as it comes to a step; False where it came to its end before that."""
    child = os.fork()
    if child == 0:  # pragma: no cover - ends by a signal or at once
        left = step

        def count(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - a tracing function gives itself
            nonlocal left
            if not frame.f_globals.get("__name__", "").startswith("projections."):
                return None
            if event == "line" and STEP.search(linecache.getline(frame.f_code.co_filename, frame.f_lineno)):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        kept = look(path, log)
        sys.settrace(count)
        done = catch_up(kept, log)
        sys.settrace(None)
        os._exit(0 if done else 1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@thorough
def test_a_process_killed_at_any_step_doubles_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    kept_at(path, 3)
    before = path.read_bytes()
    log, right = log_of(WHOLE), rebuilt(WHOLE)
    step = 1
    conditions = set()
    while killed_at(step, path, log):
        condition = look(path, log).condition
        conditions.add(condition)
        assert condition == "current" or path.read_bytes() == before, step
        assert len(names(path)) <= 2, "the file, and at most the folder of the process that was killed last"
        if condition == "current":
            path.write_bytes(before)
        step += 1
    assert step > 40
    assert conditions == {"behind", "current"}, "killed before and after the file was put in its place"
    opened = open_kept(path, log)
    assert opened is not None
    with opened:
        assert opened.fingerprint() == right
    assert names(path) == ["x.duckdb"]


def test_a_feed_that_breaks_off_leaves_tables_as_they_were() -> None:
    class LostError(Exception):
        pass

    def broken() -> Any:  # noqa: ANN401 - a feed
        yield from feed_of(WHOLE[3:6])
        raise LostError

    with Warehouse.in_memory(feed_of(WHOLE[:3]), root=root_of(WHOLE[:3])) as warehouse:
        with pytest.raises(LostError):
            warehouse.catch_up(broken(), root=root_of(WHOLE))
        assert warehouse.position == 3
        assert warehouse.fingerprint() == rebuilt(WHOLE[:3])
        warehouse.catch_up(feed_of(WHOLE, 3), root=root_of(WHOLE))
        assert warehouse.fingerprint() == rebuilt(WHOLE)


def test_tables_that_fall_short_of_the_log_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with Warehouse.in_memory(feed_of(WHOLE[:5])) as built:
        assert not keep(built, path, log_of(WHOLE))
    kept_at(path, 3)
    before = path.read_bytes()
    assert not catch_up(look(path, log_of(WHOLE)), log_of(WHOLE, feed=lambda after: iter(feed_of(WHOLE[:5], after))))
    assert path.read_bytes() == before
    assert names(path) == ["x.duckdb"]
