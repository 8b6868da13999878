"""A figure is written by the kind that its answer gives it, whatever it is called."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from cli.input.options import Target
from cli.printing import formats
from cli.printing.cells import figure
from cli.printing.output import emit
from cli.printing.width import NO_BREAK
from projections.clocks import Clocks
from projections.kinds import Form, Keyed, Kind, Listed
from projections.result import Column, Result
from tests.cli.running import Run

DAY = dt.date(2026, 3, 5)
BILLIONS = Decimal(25) * 10**9
# What a guess from the name would take for something else: a multiple, a share, a burden, a total.
MISLEADING: Form = {
    "multiple_of_nothing": "money",
    "burden": "shares",
    "top_share": "gw",
    "share": "text",
    "pre_issue": "multiple",
    "headline": "share",
    "events": "count",
    "totals": Keyed({"multiple": "money", "binding": "share"}),
    "status": Listed({"share": "price", "amount": "multiple"}),
}
SUMMARY = {
    "multiple_of_nothing": BILLIONS,
    "burden": BILLIONS,
    "top_share": Decimal("1.5"),
    "share": "half_of_it",
    "pre_issue": Decimal("1.5"),
    "headline": Decimal("0.5"),
    "events": 12_345,
    "totals": {"USD": {"multiple": BILLIONS, "binding": Decimal("0.25")}},
    "status": [{"share": Decimal(5_000_000_000), "amount": Decimal(2)}],
}
COLUMNS = (
    Column("share", "money"),
    Column("status", "text"),
    Column("exposed", "text"),
    Column("headline", "share"),
    Column("multiple", "shares"),
    Column("words", "status"),
)
ROW = {
    "share": BILLIONS,
    "status": "letter_of_intent",
    "exposed": None,
    "headline": Decimal("0.5"),
    "multiple": 25_000_000_000,
    "words": "letter_of_intent",
}
MISNAMED = Result("commitments", Clocks.on(DAY, recorded_by=7), COLUMNS, [ROW], SUMMARY, form=MISLEADING)


def printed(result: Result, capsys: pytest.CaptureFixture[str]) -> list[str]:
    emit(result, Target(format="table", path=None), position=7, root="00")
    return capsys.readouterr().out.replace(NO_BREAK, " ").splitlines()


def test_a_table_and_its_summary_follow_the_kinds_and_not_the_names(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert printed(MISNAMED, capsys) == [
        "commitments as of 2026-03-05, recorded by position 7",
        "",
        "share  status            exposed  headline        multiple  words",
        "─────  ────────────────  ───────  ────────  ──────────────  ────────────────",
        " 25 B  letter_of_intent  -         50.00 %  25,000,000,000  letter of intent",
        "",
        "multiple of nothing  25 B",
        "burden               25,000,000,000",
        "top share            1.5",
        "share                half_of_it",
        "pre issue            1.5x",
        "headline             50.00 %",
        "events               12,345",
        "totals USD           multiple 25 B · binding 25.00 %",
        "status 1             share 5,000,000,000 · amount 2x",
        "",
        "B is 1,000,000,000 and M 1,000,000 of the currency",
    ]


def test_files_follow_the_kinds_and_not_the_names(tmp_path: Path) -> None:
    assert formats.as_markdown(MISNAMED).decode().splitlines()[1:] == [
        "| ---: | --- | --- | ---: | ---: | --- |",
        "| 25 B | letter_of_intent | - | 50.00 % | 25,000,000,000 | letter_of_intent |",
    ]
    assert list(csv.DictReader(io.StringIO(formats.as_csv(MISNAMED).decode(), newline=""))) == [
        {**{name: str(value) for name, value in ROW.items()}, "exposed": ""}
    ]
    assert json.loads(formats.as_json(MISNAMED, {}))["summary"] == {
        **SUMMARY,
        "multiple_of_nothing": "25000000000",
        "burden": "25000000000",
        "top_share": "1.5",
        "pre_issue": "1.5",
        "headline": "0.5",
        "totals": {"USD": {"multiple": "25000000000", "binding": "0.25"}},
        "status": [{"share": "5000000000", "amount": "2"}],
    }
    (tmp_path / "rows.parquet").write_bytes(formats.as_parquet(MISNAMED))
    types = [str(kind) for kind in duckdb.read_parquet(str(tmp_path / "rows.parquet")).types]
    assert types == ["DECIMAL(38,6)", "VARCHAR", "VARCHAR", "DECIMAL(38,18)", "BIGINT", "VARCHAR"]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "money", "n/m"),
        (Decimal("0.0982123"), "share", "9.82 %"),
        (Decimal("26.87"), "multiple", "26.87x"),
        (300, "multiple", "300x"),
        (Decimal("1234.56789012"), "money", "1,234.57"),
        (Decimal("0.12345678"), "number", "0.1235"),
        (2030, "year", "2030"),
        (1_630_000_000, "shares", "1,630,000,000"),
        (Decimal(160_000_000), "shares", "160,000,000"),
        (Decimal(160_000_000), "money", "160 M"),
        ([], "list", "-"),
        (["a", "b"], "list", "a, b"),
        (False, "flag", "no"),
    ],
)
def test_a_figure_of_a_summary(value: object, kind: Kind, text: str) -> None:
    assert figure(value, kind).replace(NO_BREAK, " ") == text


@pytest.mark.parametrize(("verb", "is_dated"), [("log", True), ("exposure", False), ("audit log", True)])
def test_an_answer_is_headed_by_its_clocks_if_it_is_about_a_day_whatever_the_verb(
    capsys: pytest.CaptureFixture[str], verb: str, *, is_dated: bool
) -> None:
    result = Result(verb, Clocks.on(DAY, recorded_by=7), COLUMNS[:1], [ROW], is_dated=is_dated)
    lines = printed(result, capsys)
    assert (lines[0] == f"{verb} as of 2026-03-05, recorded by position 7") is is_dated
    assert lines[-3:] == [" 25 B", "", "B is 1,000,000,000 and M 1,000,000 of the currency"]


@pytest.mark.parametrize("verb", ["log", "companies", "audit log"])
def test_what_the_ledger_holds_whatever_the_day_is_not_headed_by_a_day(run: Run, verb: str) -> None:
    assert " as of " not in run.ok(*verb.split(), "--format", "table").splitlines()[0]
