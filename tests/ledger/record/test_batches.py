"""Imports: every bad row is told with its place, and nothing of a bad input is recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from events.codec import encode
from events.errors import BadInputError, Finding
from ledger.application import Ledger
from ledger.intake.rows import InputDefaults
from ledger.intake.sources import read, read_rows
from ledger.reader import LedgerReader
from tests.ledger.scenes import delivery, head, ledger_with, new_ledger, purchase, warrant

Raw = dict[str, Any]

AMD: Raw = {
    "type": "company_registered",
    "announced_on": "2025-01-01",
    "company": "amd",
    "name": "AMD",
    "layer": "chips",
}
OPENAI: Raw = {**AMD, "company": "openai", "name": "OpenAI", "aliases": ["開放人工智慧"]}
PURCHASE: Raw = {
    "type": "purchase_committed", "announced_on": "2025-10-06", "deal": "one", "leg": "supply", "status": "definitive",
    "buyer": "openai", "supplier": "amd", "subject": "chips", "amount": {"value": "100", "currency": "USD"},
}  # fmt: skip
DELIVERY: Raw = {
    "type": "capacity_delivered", "announced_on": "2026-01-01", "deal": "one", "leg": "supply", "capacity_gw": "0.5",
}  # fmt: skip


def written(path: Path, rows: Iterable[Raw | str]) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def findings(ledger: Ledger, path: Path) -> list[tuple[str, int, str, str]]:
    before = head(ledger)
    with pytest.raises(BadInputError) as caught:
        ledger.record_located(read_rows([path]))
    assert head(ledger) == before
    assert caught.value.exit_code == 65
    with pytest.raises(BadInputError) as checked:
        ledger.check_located(read_rows([path]))
    assert checked.value.findings == caught.value.findings
    return [(one.name, one.line, one.field, one.got) for one in caught.value.findings]


def test_all_bad_rows_are_told_at_once(tmp_path: Path) -> None:
    rows: list[Raw | str] = [
        PURCHASE,
        "{not json",
        {**DELIVERY, "leg": "suply"},
        "",
        {**PURCHASE, "leg": "other", "supplier": "amdd", "amont": "5"},
        {**PURCHASE, "leg": "third", "supplier": "amdd"},
        {**PURCHASE, "announced_on": "2099-01-01", "amends": "nothing"},
        AMD,
        {**AMD, "layer": "chps"},
        {"type": "purchase_comitted"},
        OPENAI,
    ]
    with new_ledger(tmp_path) as ledger:
        path = written(tmp_path / "deals.jsonl", rows)
        assert findings(ledger, path) == [
            ("BadValueError", 2, "row", "'{not json'"),
            ("UnknownLegError", 3, "leg", "one/suply"),
            ("UnknownFieldError", 5, "amont", '"5"'),
            ("UnknownCompanyError", 6, "supplier", "amdd"),
            ("AnnouncedInFutureError", 7, "announced_on", "2099-01-01"),
            ("DanglingReferenceError", 7, "amends", "nothing"),
            ("BadValueError", 9, "layer", '"chps"'),
            ("UnknownTypeError", 10, "type", "'purchase_comitted'"),
            ("BadValueError", 10, "announced_on", ""),
        ]
        with pytest.raises(BadInputError) as caught:
            ledger.record_located(read_rows([path]))
    said = str(caught.value).splitlines()
    assert said[2:4] == [f"{path}:3: leg: has no terms (got one/suply)", "    did you mean 'supply'?"]
    assert caught.value.advice.startswith("7 bad rows are named above; nothing was recorded.")


def test_a_bad_row_is_not_blamed_on_those_that_lean_on_it(tmp_path: Path) -> None:
    rows = [
        {**AMD, "layer": "chps"},
        OPENAI,
        {**PURCHASE, "key": "original", "amount": 5},
        {**DELIVERY},
        {**PURCHASE, "announced_on": "2026-01-02", "amends": "original"},
        {"type": "status_changed", "announced_on": "2026-01-03", "deal": "one", "status": "terminated"},
        {"type": "event_retracted", "announced_on": "2026-01-03", "corrects": "original", "reason": "x"},
    ]
    with new_ledger(tmp_path) as ledger:
        assert [line for _, line, _, _ in findings(ledger, written(tmp_path / "deals.jsonl", rows))] == [1, 3]


def test_a_refused_row_is_not_blamed_on_those_that_lean_on_it(tmp_path: Path) -> None:
    rows = [
        OPENAI,
        {**PURCHASE, "key": "original"},
        DELIVERY,
        {**PURCHASE, "announced_on": "2026-01-02", "amends": "original"},
    ]
    with new_ledger(tmp_path) as ledger:
        found = findings(ledger, written(tmp_path / "deals.jsonl", rows))
    assert [(name, line) for name, line, _, _ in found] == [("UnknownCompanyError", 2), ("UnknownCompanyError", 4)]


def test_files_and_folders_are_one_import(tmp_path: Path) -> None:
    (tmp_path / "in" / "b").mkdir(parents=True)
    written(tmp_path / "in" / "a.jsonl", [DELIVERY])
    written(tmp_path / "in" / "b" / "c.jsonl", [PURCHASE])
    (tmp_path / "in" / "notes.txt").write_text("not an event")
    written(tmp_path / "last.jsonl", [AMD, OPENAI])
    with new_ledger(tmp_path) as ledger:
        receipt = ledger.record_located(read_rows([tmp_path / "in", tmp_path / "last.jsonl"]))
        assert ledger.record_located(read_rows([tmp_path / "in"])).already_known == receipt.keys[2:]
    expected = ("company/amd", "company/openai", "one/supply/capacity-delivered/2026-01-01", "one/supply/2025-10-06")
    assert receipt.keys == expected


def test_derived_keys_do_not_depend_on_how_a_company_was_written(tmp_path: Path) -> None:
    metric = {
        "type": "metric_reported", "announced_on": "2026-01-10", "company": "openai", "metric": "revenue", "value": "13",
        "unit": "USD", "period_from": "2025-01-01", "period_to": "2026-01-01", "basis": "statement",
    }  # fmt: skip
    with ledger_with(tmp_path) as ledger:
        written(tmp_path / "more.jsonl", [{**OPENAI, "key": "more"}])
        ledger.record_located(read_rows([tmp_path / "more.jsonl"]))
        first = ledger.record_located(read_rows([written(tmp_path / "a.jsonl", [metric])]))
        for name in ("OpenAI", "開放人工智慧"):
            again = ledger.record_located(read_rows([written(tmp_path / "b.jsonl", [{**metric, "company": name}])]))
            assert (again.keys, again.already_known) == ((), first.keys)
    assert first.keys == ("metric/openai/revenue/statement/2025-01-01--2026-01-01/2026-01-10",)


def test_a_file_that_grows_can_be_imported_again_and_again(tmp_path: Path) -> None:
    rows = [AMD, OPENAI, *({**PURCHASE, "deal": f"deal-{number}"} for number in range(50))]
    with new_ledger(tmp_path) as ledger:
        known = 0
        for upto in (1, 10, 10, 30, 52):
            receipt = ledger.record_located(read_rows([written(tmp_path / "deals.jsonl", rows[:upto][::-1])]))
            assert (receipt.size, len(receipt.keys), len(receipt.already_known)) == (upto, upto - known, known)
            known = upto


def test_what_if_rows_get_the_dates_they_leave_out(tmp_path: Path) -> None:
    row = {name: value for name, value in PURCHASE.items() if name != "announced_on"}
    path = written(tmp_path / "what-if.jsonl", [row])
    reading = InputDefaults(defaults={"announced_on": "2030-01-01", "effective_on": "2029-12-31"})
    with ledger_with(tmp_path) as ledger:
        [event] = ledger.check_located(read_rows([path], reading), hypothetical=True)
    assert (str(event.announced_on), str(event.effective_on)) == ("2030-01-01", "2029-12-31")


def test_events_read_into_memory_are_those_recorded(tmp_path: Path) -> None:
    path = written(tmp_path / "deals.jsonl", [AMD, OPENAI, PURCHASE, DELIVERY])
    located = read([path])
    assert [(row.file, row.line, row.nth) for row in located] == [(str(path), line, 1) for line in (1, 2, 3, 4)]
    with new_ledger(tmp_path) as ledger:
        ledger.record([row.event for row in located])
        with LedgerReader(ledger.path) as reader:
            assert [encode(reader.recorded(at).event) for at in (1, 2, 3, 4)] == [encode(row.event) for row in located]
    with pytest.raises(BadInputError) as caught:
        read([written(tmp_path / "bad.jsonl", ["5", PURCHASE, '{"type": 7}'])])
    assert [finding.line for finding in caught.value.findings] == [1, 3, 3]


def test_refusals_of_events_that_come_from_no_file_have_their_number(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger, pytest.raises(BadInputError) as caught:
        ledger.record([purchase(), delivery(leg="no"), warrant(), delivery(leg="none")])
    first = caught.value.findings[0]
    assert first == Finding(
        "events", 2, "leg", "has no terms", "one/no", "UnknownLegError", "legs of one: supply, warrant"
    )
