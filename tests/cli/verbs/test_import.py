"""Importing what people have: nothing at all, a folder with the ledger in it, tables of any make."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Run

ROW = "payment;2026-01-05;amd-openai-2025;supply;openai;amd;5 EUR"
HEAD = "Type;Announced On;Deal;Leg;Payer;Payee;Amount"


def log(run: Run) -> int:
    return int(run.json("log")["position"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", ""),
        ("a.csv", "\ufeff"),
        ("a.csv", "type,announced_on,deal\n"),
        ("a.tsv", "\n\n"),
        ("a.jsonl", ""),
        ("a.json", "[]"),
        ("a.yaml", "# nothing yet\n---\n"),
        ("a.txt", ""),
    ],
)
def test_a_file_with_nothing_in_it_is_said_to_hold_nothing(run: Run, tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    for verb in ("import", "append"):
        done = run(verb, str(path))
        assert (done.exit_code, done.stdout) == (65, "")
        assert done.stderr.startswith(f"error: {path}:1: file: holds no event: it is empty")
        assert "nothing was read" in done.stderr
        assert "known" not in done.stderr
    assert run(verb, "-", stdin=text).exit_code == 65
    assert run("exposure", "--what-if", str(path)).exit_code == 65


def test_a_folder_of_nothing_is_said_to_hold_nothing(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "events"
    folder.mkdir()
    assert run("import", str(folder)).exit_code == 65
    (folder / "a.csv").write_text("")
    done = run("import", str(folder))
    assert (done.exit_code, done.stdout) == (65, "")
    assert "holds no event: nothing was read" in done.stderr


def test_the_folder_in_which_the_ledger_lies_is_imported_without_it(run: Run) -> None:
    run.ok("audit", "checkpoint")
    folder = run.db.parent
    (folder / "new.csv").write_text(f"{HEAD}\n{ROW}\n")
    (folder / ".old.csv").write_text("of no use\n")
    done = run("import", str(folder))
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("recorded  19  amd-openai-2025/supply/payment-made/2026-01-05\n")
    first = done.stderr.splitlines()[0]
    assert first.startswith("note: passed by: ")
    for name in ("deals.db.audit (a ledger's own)", ".old.csv (hidden)", "deals.db (a ledger's own)"):
        assert name in first


def test_equal_rows_are_refused_and_nothing_is_recorded(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD};key\n{ROW};\n{ROW};\n")
    before = log(run)
    refused = run("import", str(path))
    assert refused.exit_code == 65
    assert refused.stderr == (
        f"error: {path}:3: row: says the same as {path}:2, and neither has a key of its own\n"
        "    if they are two events, write key: auto#2 in one of them; if they are one, take one out\n"
        "  next: 1 bad row is named above; nothing was recorded. Mend the input and give it again.\n"
    )
    assert run("import", str(path), "--dry-run").exit_code == 65
    assert log(run) == before
    path.write_text(f"{HEAD};key\n{ROW};\n{ROW};auto#2\n")
    assert run.ok("import", str(path)).count("recorded") == 2
    assert run.ok("import", str(path)).startswith("already known  2 events\n")


def test_one_row_with_many_mistakes_is_one_bad_row(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("type,announcedon,deel,lg,pyer,payyee,amnt,sorce,curency\npayment,never,d,l,a,b,5,WSJ,EUR\n")
    refused = run("import", str(path))
    assert refused.exit_code == 65
    assert "2 bad rows are named above" in refused.stderr  # the head and the row under it
    path.write_text("type: payment\nannounced_on: never\ndeal: O\nleg: L\namount: 5\n")
    refused = run("import", str(path), "--format", "yaml")
    assert refused.stderr.count(f"{path}:") == 6
    assert "1 bad row is named above" in refused.stderr


def test_a_table_of_something_else_is_told_what_was_found(run: Run) -> None:
    refused = run("import", "-", "--format", "csv", stdin="foo\tbar\n1\t2\n")
    assert refused.exit_code == 65
    assert "none of the columns is a field of an event; found 2, parted by tabs: 'foo', 'bar'" in refused.stderr


@pytest.mark.parametrize("written", ["payment", "Payment", "payment-made"])
def test_types_go_by_any_name_at_every_door(run: Run, tmp_path: Path, written: str) -> None:
    path = tmp_path / "a.yaml"
    event = (
        f"type: {written}\nannounced_on: 2026-01-05\ndeal: amd-openai-2025\nleg: supply\npayer: openai\npayee: amd\n"
    )
    path.write_text(event)
    run.ok("exposure", "--what-if", str(path))
    run.ok("import", str(path), "--type", written)
    assert len(run.json("log", "--type", written)["rows"]) == 1
    assert run.ok("schema", written) == run.ok("schema", "payment_made")
    run.ok("audit", "export", str(tmp_path / "part.zip"), "--type", written)
    line = ("--deal", "amd-openai-2025", "--payer", "openai", "--payee", "amd", "--announced-on", "2026-01-06")
    run.ok("append", written, *line)
    for command in (
        ("log", "--type"),
        ("schema",),
        ("audit", "export", str(tmp_path / "x.zip"), "--type"),
        ("append", "--edit"),
    ):
        refused = run(*command, "paymnt")
        assert refused.exit_code == (65 if command[0] == "append" else 3)  # said of an event, or asked for
        assert "did you mean 'payment'?" in refused.stderr


def test_what_has_a_verb_of_its_own_is_not_appended_by_hand(run: Run) -> None:
    for arguments in (("append", "corrected"), ("append", "--edit", "event_corrected")):
        refused = run(*arguments)
        assert refused.exit_code == 2
        assert "recorded by `deals correct`" in refused.stderr


def test_sources_left_out_are_counted_in_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"{HEAD};source.kind;source.publisher\n{ROW};;\n{ROW.replace('05;', '06;')};press;WSJ\n{ROW.replace('05;', '07;')};;\n"
    )
    done = run("import", str(path))
    assert done.stderr == "note: no source is given for 2 of 3 events; correct it with one, or attach the document\n"
    assert run("import", str(path)).stderr == ""
