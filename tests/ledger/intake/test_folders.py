"""What of a folder is read: files of known formats; what is hidden or a ledger's own is passed by, and said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger.intake.folders import files_in
from ledger.intake.input_errors import InputNotFoundError, NoEventsError
from ledger.intake.located import Located
from ledger.intake.sources import read_rows

ROW = '{"type":"company_registered","company":"amd","name":"AMD","layer":"chips","announced_on":"2025-10-06"}\n'


def placed(folder: Path, *names: str, text: str = ROW) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_hidden_files_and_what_a_ledger_keeps_are_passed_by(tmp_path: Path) -> None:
    placed(tmp_path, "b.jsonl", "a/c.ndjson", "a.JSONL")
    placed(tmp_path, ".hidden.jsonl", ".git/x.json", "a/.d/e.jsonl")
    placed(tmp_path, "deals.db", "deals.db-wal", "deals.db.audit/journal.jsonl", "deals.db.documents/ab/abc.json")
    placed(tmp_path, "deals.db.projection.duckdb", "trail/bagit.txt", "trail/data/events.jsonl", "notes.txt")
    (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere.csv")
    os.mkfifo(tmp_path / "pipe.yaml")
    found = files_in(tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in found.files] == ["a/c.ndjson", "a.JSONL", "b.jsonl"]
    assert {(str(path.relative_to(tmp_path)), why) for path, why in found.passed_by} == {
        (".hidden.jsonl", "hidden"),
        (".git", "hidden"),
        ("a/.d", "hidden"),
        ("deals.db", "a ledger's own"),
        ("deals.db-wal", "a ledger's own"),
        ("deals.db.audit", "a ledger's own"),
        ("deals.db.documents", "a ledger's own"),
        ("deals.db.projection.duckdb", "a ledger's own"),
        ("trail", "a bundle"),
        ("link", "a link to a folder"),
        ("gone.csv", "no file"),
        ("pipe.yaml", "no file"),
    }


def test_what_is_passed_by_is_said_in_one_line(tmp_path: Path) -> None:
    placed(tmp_path, "b.jsonl", *(f".{n}.jsonl" for n in range(40)))
    placed(tmp_path, "empty.yaml", text="# nothing yet\n")
    told: list[str] = []
    rows = list(read_rows([tmp_path], tell=told.append))
    assert [isinstance(row, Located) for row in rows] == [True]
    [line] = told
    assert line.startswith(f"note: passed by: {tmp_path}/empty.yaml (holds no event), {tmp_path}/.0.jsonl (hidden), ")
    assert line.endswith(", 36 more (hidden)")


def test_nothing_is_said_where_everything_is_read(tmp_path: Path) -> None:
    placed(tmp_path, "b.jsonl", "notes.txt")
    told: list[str] = []
    assert len(list(read_rows([tmp_path], tell=told.append))) == 1
    assert told == []


@pytest.mark.parametrize("names", [(), ("notes.txt",), (".hidden.jsonl",), ("deals.db.audit/journal.jsonl",)])
def test_a_folder_with_nothing_to_read_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    placed(tmp_path, *names)
    with pytest.raises(NoEventsError, match="holds no event: nothing was read"):
        list(read_rows([tmp_path]))


def test_a_folder_of_empty_files_is_refused(tmp_path: Path) -> None:
    placed(tmp_path, "a.csv", "b.json", text="")
    with pytest.raises(NoEventsError):
        list(read_rows([tmp_path]))


@pytest.mark.parametrize("name", ["missing.csv", "with\0nul.csv", "not-utf8-\udcff.csv", "/dev/zero"])
def test_what_is_no_file_is_said_to_be_none(name: str) -> None:
    with pytest.raises(InputNotFoundError) as caught:
        list(read_rows([name]))
    assert caught.value.exit_code == 3


def test_a_name_that_is_no_text_is_read_like_any_other(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jsonl")
    Path(path).write_text(ROW)
    [row] = read_rows([path])
    assert (row.file, isinstance(row, Located)) == (path, True)
    assert len(list(read_rows([tmp_path]))) == 1
