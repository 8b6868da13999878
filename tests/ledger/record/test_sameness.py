"""One fact or two: equal rows of one import, what earlier releases recorded under other keys, and the second of one key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from events.codec import parse
from events.errors import BadInputError
from ledger.application import Acknowledgement, Ledger
from ledger.intake.sources import read_rows
from ledger.reader import LedgerReader
from ledger.record.refusals import KeyConflictError
from tests.ledger.scenes import event, ledger_with, purchase, warrant

Raw = dict[str, Any]

LEG: Raw = {"announced_on": "2026-01-05", "deal": "one"}
EQUITY = event("investment_committed", deal="one", leg="equity", investor="amd", investee="openai", status="definitive",
               tranches=[{"tranche": "first"}, {"tranche": "second"}])  # fmt: skip
LOAN = event("loan_arranged", deal="one", leg="loan", borrower="openai", status="definitive")
SCENE = [purchase(), warrant(), EQUITY, LOAN]

# Increments that can happen twice on one leg and day.
TWICE: list[Raw] = [
    {
        **LEG,
        "type": "payment",
        "leg": "supply",
        "payer": "OpenAI",
        "payee": "AMD",
        "amount": {"value": "5", "currency": "USD"},
    },
    {**LEG, "type": "delivered", "leg": "supply", "capacity_gw": "0.5"},
    {**LEG, "type": "funded", "leg": "equity", "tranche": "first"},
    {**LEG, "type": "repaid", "leg": "loan", "amount": {"value": "5", "currency": "USD"}},
    {**LEG, "type": "vested", "leg": "warrant", "tranche": "first", "shares": 10},
    {**LEG, "type": "exercised", "leg": "warrant", "shares": 10},
]
METRIC: Raw = {
    "type": "metric", "announced_on": "2026-01-05", "company": "amd", "metric": "revenue", "value": "1", "unit": "EUR",
    "on": "2025-12-31", "basis": "gaap",
}  # fmt: skip


def written(path: Path, *rows: Raw) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def imported(ledger: Ledger, *paths: Path) -> Acknowledgement:
    return ledger.record_located(read_rows(paths))


def findings(ledger: Ledger, *paths: Path) -> list[tuple[str, int, str, str, str]]:
    before = ledger.recorder.max_notification_id()
    with pytest.raises(BadInputError) as caught:
        imported(ledger, *paths)
    assert ledger.recorder.max_notification_id() == before
    return [(f.name, f.line, f.field, f.what, f.advice) for f in caught.value.findings]


@pytest.mark.parametrize("row", [*TWICE, METRIC], ids=lambda row: row["type"])
def test_two_equal_rows_are_refused_and_both_lines_named(tmp_path: Path, row: Raw) -> None:
    with ledger_with(tmp_path, SCENE) as ledger:
        path = written(tmp_path / "a.jsonl", row, {**row, "announced_on": "2026-01-06"}, row)
        told = (
            "RepeatedRowError", 3, "row", f"says the same as {path}:1, and neither has a key of its own",
            "if they are two events, write key: auto#2 in one of them; if they are one, take one out",
        )  # fmt: skip
        assert findings(ledger, path) == [told]
        # The same across the files of one import, and where the ledger knows one of them already.
        one, other = written(tmp_path / "one.jsonl", row), written(tmp_path / "other.jsonl", row)
        [found] = findings(ledger, one, other)
        assert found[:2] == ("RepeatedRowError", 1)
        imported(ledger, one)
        assert findings(ledger, path) == [told]


@pytest.mark.parametrize("row", TWICE, ids=lambda row: row["type"])
def test_two_events_of_one_day_are_two_and_importing_them_again_changes_nothing(tmp_path: Path, row: Raw) -> None:
    with ledger_with(tmp_path, SCENE) as ledger:
        path = written(tmp_path / "a.jsonl", row, {**row, "key": "auto#2"}, {**row, "key": "auto#3"})
        first = imported(ledger, path)
        assert [key.removeprefix(first.keys[0]) for key in first.keys] == ["", "/2", "/3"]
        again = imported(ledger, path)
        assert (again.keys, again.already_known, again.repeated, again.another) == ((), first.keys, (), "")


def test_a_second_one_later_is_known_and_how_to_record_it_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", TWICE[0])
    with ledger_with(tmp_path, SCENE) as ledger:
        assert imported(ledger, path).another == ""
        assert imported(ledger, path).another == "auto#2"
        imported(ledger, written(tmp_path / "b.jsonl", {**TWICE[0], "key": "auto#2"}))
        assert imported(ledger, path).another == "auto#3"
        # What is one fact however often it is told has no second.
        imported(ledger, written(tmp_path / "m.jsonl", METRIC))
        assert imported(ledger, tmp_path / "m.jsonl").another == ""
        imported(ledger, written(tmp_path / "k.jsonl", {**TWICE[1], "key": "own"}))
        assert imported(ledger, tmp_path / "k.jsonl").another == ""


def test_another_amount_on_the_same_day_is_asked_about(tmp_path: Path) -> None:
    other = {**TWICE[0], "amount": {"value": "6", "currency": "USD"}}
    with ledger_with(tmp_path, SCENE) as ledger:
        path = written(tmp_path / "a.jsonl", TWICE[0], other)
        assert findings(ledger, path) == [
            (
                "KeyConflictError", 2, "key",
                f"is that of {path}:1 too, which says something else: amount.value is '5', given '6'",
                "if both are right, write key: auto#2 in the second; if not, take one of them out",
            )
        ]  # fmt: skip
        imported(ledger, written(tmp_path / "b.jsonl", TWICE[0]))
        [(name, line, _, what, advice)] = findings(ledger, written(tmp_path / "c.jsonl", other))
        assert (name, line, what) == (
            "KeyConflictError", 1, "is recorded already (number 7) and says something else: amount.value is '5', given '6'",
        )  # fmt: skip
        assert advice.endswith("if this is a second event of the day, write key: auto#2")
        imported(ledger, written(tmp_path / "d.jsonl", TWICE[0], {**other, "key": "auto#2"}))


def test_registrations_may_stand_in_every_file(tmp_path: Path) -> None:
    row = {"type": "company", "announced_on": "2026-01-05", "company": "nvidia", "name": "Nvidia", "layer": "chips"}
    with ledger_with(tmp_path) as ledger:
        done = imported(ledger, written(tmp_path / "a.jsonl", row), written(tmp_path / "b.jsonl", row, row))
        assert (done.keys, done.already_known, done.repeated) == (
            ("company/nvidia",), ("company/nvidia",) * 2, ("company/nvidia",) * 2,
        )  # fmt: skip


def test_what_has_a_key_of_its_own_is_one_event_however_often_it_stands_there(tmp_path: Path) -> None:
    row = {**TWICE[0], "key": "own"}
    with ledger_with(tmp_path, SCENE) as ledger:
        done = imported(ledger, written(tmp_path / "a.jsonl", row, row))
        assert (done.keys, done.repeated) == (("own",), ("own",))


def test_a_batch_of_events_names_its_own_members(tmp_path: Path) -> None:
    payment = parse({**TWICE[0], "key": "own"})
    with ledger_with(tmp_path, SCENE) as ledger, pytest.raises(KeyConflictError) as caught:
        ledger.record([payment, payment.model_copy(update={"payee": "openai"})])
    assert "is that of events:1 too, which says something else: payee is 'amd', given 'openai'" in caught.value.message
    assert "give one of them a key of its own" in caught.value.advice


# As an earlier release recorded them: the unit and the tranche were not told by the key.
FORMER = [
    (METRIC, "metric/amd/revenue/gaap/2025-12-31/2026-01-05"),
    (TWICE[2], "one/equity/tranche-funded/2026-01-05"),
    (TWICE[4], "one/warrant/tranche-vested/2026-01-05"),
]


@pytest.mark.parametrize(("row", "key"), FORMER, ids=lambda value: value if isinstance(value, str) else "")
def test_what_an_earlier_release_recorded_is_known_by_its_old_key(tmp_path: Path, row: Raw, key: str) -> None:
    with ledger_with(tmp_path, [*SCENE, parse({**row, "key": key})]) as ledger:
        again = imported(ledger, written(tmp_path / "a.jsonl", row))
        assert (again.keys, again.already_known) == ((), (key,))
        # By any of a company's names, too.
        if "company" in row:
            assert imported(ledger, written(tmp_path / "b.jsonl", {**row, "company": "超微"})).already_known == (key,)
        # Another content of the same identity is the conflict that it was.
        changed = {**row, "note": "read again"}
        [found] = findings(ledger, written(tmp_path / "c.jsonl", changed))
        assert (
            found[3] == "is recorded already (number 7) and says something else: note is left out, given 'read again'"
        )
        # Another identity is another event.
        other = {**row, "unit": "GBP"} if "unit" in row else {**row, "tranche": "second"}
        [new] = imported(ledger, written(tmp_path / "d.jsonl", other)).keys
        assert new != key


def test_an_old_key_is_known_after_a_correction_by_both_readings(tmp_path: Path) -> None:
    key = "one/equity/tranche-funded/2026-01-05"
    with ledger_with(tmp_path, [*SCENE, parse({**TWICE[2], "key": key})]) as ledger:
        ledger.correct(key, parse({**TWICE[2], "key": key, "tranche": "second"}), reason="misread")
        for row in (TWICE[2], {**TWICE[2], "tranche": "second"}):
            assert imported(ledger, written(tmp_path / "a.jsonl", row)).already_known == (key,)
        with LedgerReader(ledger.path) as reader:
            assert reader.head().size == 8


def test_two_metrics_of_one_period_in_two_units_are_two(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger:
        path = written(tmp_path / "a.jsonl", {**METRIC, "unit": "USD"}, METRIC)
        assert len(imported(ledger, path).keys) == 2
        assert len(imported(ledger, path).already_known) == 2


def test_events_without_a_source_are_counted(tmp_path: Path) -> None:
    source = {"kind": "press", "publisher": "A newspaper"}
    with ledger_with(tmp_path, SCENE) as ledger:
        path = written(
            tmp_path / "a.jsonl", {**TWICE[0], "source": source}, TWICE[1], {**TWICE[3], "note": '"source":{'}
        )
        done = imported(ledger, path)
        assert done.unsourced == done.keys[1:]
        assert imported(ledger, path).unsourced == ()
        # What the ledger says of its own entries rests on them.
        assert ledger.retract(done.keys[1], reason="never happened").unsourced == ()
