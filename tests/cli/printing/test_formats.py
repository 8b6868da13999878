"""Answers for programs: each form read back by somebody else's reader, and cells that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.printing import formats
from projections.clocks import NO_LOOKING_AHEAD, Clocks
from projections.result import Column, Result
from tests.cli.running import Run
from tests.effort import examples

COLUMNS = (
    Column("name", "text"),
    Column("amount", "money"),
    Column("ratio", "multiple"),
    Column("count", "count"),
    Column("on", "date"),
    Column("flag", "flag"),
    Column("events", "list"),
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
any_rows = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.none() | texts,
            "amount": st.none() | st.decimals(-(10**12), 10**12, places=6),
            "ratio": st.none() | st.decimals(0, 100, places=12),
            "count": st.none() | st.integers(-(2**53), 2**53),
            "on": st.none() | st.dates(),
            "flag": st.booleans(),
            "events": st.lists(st.text("abcdefghijklmnopqrstuvwxyz/-", min_size=1, max_size=8), max_size=3),
        }
    ),
    max_size=4,
)


def result(rows: list[dict[str, Any]]) -> Result:
    day = dt.date(2025, 10, 14)
    return Result(
        "exposure", Clocks(day, day, 7), COLUMNS, rows, {"total": Decimal("1.50")}, ("a note",), {"total": "money"}
    )


@given(any_rows)
def test_csv_is_rfc_4180_and_reads_back(rows: list[dict[str, Any]]) -> None:
    written = formats.as_csv(result(rows)).decode()
    read = list(csv.DictReader(io.StringIO(written, newline=""), strict=True))
    assert written.count("\r\n") == len(rows) + 1
    assert [row["amount"] for row in read] == [
        "" if row["amount"] is None else str(_plain(row["amount"])) for row in rows
    ]
    assert [row["name"].removeprefix("'") for row in read] == [(row["name"] or "").removeprefix("'") for row in rows]


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@given(any_rows)
def test_tsv_has_one_line_a_row_and_as_many_cells_as_columns(rows: list[dict[str, Any]]) -> None:
    lines = formats.as_tsv(result(rows)).decode().removesuffix("\n").split("\n")
    assert len(lines) == len(rows) + 1
    assert {line.count("\t") for line in lines} == {len(COLUMNS) - 1}


@given(any_rows)
def test_json_and_json_lines_hold_the_same_rows(rows: list[dict[str, Any]]) -> None:
    whole = json.loads(formats.as_json(result(rows), {"query": {"verb": "exposure"}, "position": 7, "root": "00"}))
    lines = [json.loads(line) for line in formats.as_jsonl(result(rows)).splitlines()]
    assert list(whole) == ["query", "position", "root", "rows", "summary", "notes"]
    assert whole["rows"] == lines
    assert whole["summary"] == {"total": "1.5"}
    assert all(isinstance(row["amount"], str | None) for row in lines)


@examples(10)  # each writes and reads a file
@given(any_rows)
def test_parquet_keeps_exact_decimals_days_and_lists(rows: list[dict[str, Any]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        path.write_bytes(formats.as_parquet(result(rows)))
        read = duckdb.read_parquet(str(path)).fetchall()
    assert read == [
        (row["name"], row["amount"], row["ratio"], row["count"], row["on"], row["flag"], row["events"]) for row in rows
    ]


def test_markdown_escapes_what_would_end_a_cell() -> None:
    row = dict.fromkeys([column.name for column in COLUMNS]) | {"name": "a|b", "amount": Decimal(300) * 10**9}
    lines = formats.as_markdown(result([row])).decode().splitlines()
    assert lines[1] == "| --- | ---: | ---: | ---: | --- | --- | --- |"
    assert lines[2] == "| a\\|b | 300 B | n/m | ? | - | ? | - |"


def test_the_json_contract(run: Run) -> None:
    answer = run.json("exposure", "openai", "--as-of", "2025-10-14")
    head = run.json("log")
    assert answer["query"] == {
        "verb": "exposure",
        "as_of": "2025-10-14",
        "known_by": "2025-10-14",
        "recorded_by": head["position"],
    }
    assert (answer["position"], answer["root"]) == (head["position"], head["root"])
    assert len(answer["root"]) == 64
    assert answer["rows"][0] == {
        "exposed": "oracle",
        "to": "openai",
        "kind": "purchase",
        "currency": "USD",
        "headline": "300000000000",
        "binding": "0",
        "performed": "0",
        "remaining": "300000000000",
        "gross": "0",
        "credit_equivalent": "0",
        "undisclosed": 1,
        "hypothetical": False,
        "events": [
            "oracle-customer-2025/compute/2025-06-30",
            "party/oracle-customer-2025/2025-07-22",
            "oracle-openai-2025/compute/2025-09-10",
        ],
    }
    assert answer["summary"]["latest_announced_on"] == "2025-10-06"
    assert "hypothetical" not in answer


def test_hindsight_is_called_latest(run: Run) -> None:
    answer = run.json("legs", "--as-of", "2025-09-30", "--known-by", "latest")
    assert answer["query"]["known_by"] == "latest"
    assert Clocks(dt.date(2025, 9, 30), NO_LOOKING_AHEAD).known_by == NO_LOOKING_AHEAD


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv", "a.tsv", "a.md", "a.parquet", "a.txt"])
def test_a_file_gets_the_form_of_its_suffix(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    suffix = path.suffix[1:]
    said = run("exposure", "--as-of", "2025-10-14", "--output", str(path))
    assert (said.exit_code, said.stdout) == (0, "")
    wanted = run("exposure", "--as-of", "2025-10-14", "--format", {"txt": "table"}.get(suffix, suffix))
    if suffix == "parquet":
        assert duckdb.read_parquet(str(path)).fetchall()
    else:
        assert path.read_bytes() == wanted.stdout_bytes
    assert sorted(other.name for other in tmp_path.iterdir() if other.name.startswith(".")) == []


def test_a_pipe_gets_tab_separated_rows_and_notes_go_elsewhere(run: Run) -> None:
    piped = run("exposure", "--as-of", "2025-12-31")
    assert piped.stdout == run("exposure", "--as-of", "2025-12-31", "--format", "tsv").stdout
    assert piped.stderr.splitlines()[0] == (
        "note: 3 amounts are not disclosed; they are counted in `undisclosed` and never as 0."
    )
    table = run("exposure", "--as-of", "2025-12-31", "--format", "table")
    assert "3 amounts are not disclosed" in table.stdout
    assert table.stderr == ""
