"""The tables kept beside a ledger answer for this ledger alone: whatever else lies there is told and made anew."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cli.asking.tables import damage_of
from cli.input.place import projection_file
from projections.seal import read_seal, seal_file
from projections.warehouse import CONFIG
from tests.cli.running import Run, as_process
from tests.effort import first_of

DEAL = """
type: purchase_committed
deal: oracle-openai-{name}
leg: compute
status: definitive
subject: compute
buyer: openai
supplier: oracle
amount: {{value: "{value}", currency: USD}}
firm: {{value: "{value}", currency: USD}}
announced_on: 2026-01-05
source: {{kind: press, publisher: A test}}
"""
ASK = ("exposure", "--as-of", "2026-03-05", "--format", "json")


def recorded(run: Run, value: str, name: str = "2026") -> None:
    run.ok("import", "-", "--format", "yaml", stdin=DEAL.format(name=name, value=value))


def bound(run: Run) -> Decimal:
    """Return what openai is bound to pay to oracle."""
    rows = run.json(*ASK[:-2])["rows"]
    return sum((Decimal(row["binding"] or 0) for row in rows if row["to"] == "openai"), Decimal(0))


def said(run: Run) -> str:
    """Ask, and give what was told beside the answer."""
    asked = run(*ASK)
    assert asked.exit_code == 0, asked.stderr
    return asked.stderr


def doctors_word(run: Run) -> str:
    """Return what doctor finds of the tables."""
    (line,) = (line for line in run("doctor").stdout.splitlines() if line[4:10] == "tables")
    return line[4:].partition(" ")[2].strip()


def copied(run: Run, name: str) -> Run:
    """Return a ledger that begins like this one."""
    path = run.db.with_name(name)
    shutil.copy(run.db, path)
    return Run(path)


def kept(run: Run) -> Path:
    return projection_file(str(run.db))


def test_a_ledger_put_in_place_of_another_of_the_same_size_is_answered_for_itself(run: Run) -> None:
    other = copied(run, "other.db")
    recorded(run, "100")
    recorded(other, "900")
    assert (bound(run), bound(other)) == (100, 900)
    shutil.copy(other.db, run.db)
    path = kept(run)
    doctor = run("doctor")
    assert doctor.exit_code == 1
    told = f"{path} was made from other events than this ledger's; the next query makes it anew without asking it"
    assert doctors_word(run) == told
    verified = json.loads(run.ok("audit", "verify", "--format", "json"))
    assert [check["outcome"] for check in verified["checks"] if check["name"] == "tables"] == ["absent"]
    assert said(run) == f"note: {path} was made from other events than this ledger's; it is made anew from the log\n"
    assert (bound(run), said(run)) == (900, "")
    assert doctors_word(run) == f"{path} is what the log amounts to (made anew and compared)"
    assert "ok tables: " in " ".join(run.ok("audit", "verify").split())


def test_tables_of_another_ledger_that_are_behind_are_not_gone_on_from(run: Run) -> None:
    other = copied(run, "other.db")
    recorded(run, "100")
    recorded(other, "900")
    recorded(other, "50", name="more")
    run.ok("rebuild")
    shutil.copy(other.db, run.db)
    assert "was made from other events" in said(run)
    assert bound(run) == 950


def test_tables_of_a_log_that_was_longer_are_told_as_a_loss(run: Run) -> None:
    before = copied(run, "before.db")
    recorded(run, "100")
    assert bound(run) == 100
    shutil.copy(before.db, run.db)
    loss = f"{kept(run)} was made from 19 events, but the log has 18: events were lost from it, or an older copy or another ledger lies in its place"
    assert doctors_word(run) == f"{loss}"
    refused = run("audit", "verify")
    assert (refused.exit_code, f"FAILED tables: {loss}" in " ".join(refused.stdout.split())) == (4, True)
    told = said(run)
    assert told.startswith(f"warning: {loss}. The tables are made anew from what is there; ")
    assert (bound(run), said(run)) == (0, "")
    assert run("audit", "verify").exit_code == 0


def test_a_ledger_removed_and_made_anew_finds_no_tables_of_the_old_one(run: Run) -> None:
    recorded(run, "100")
    bound(run)
    documents = run.db.with_name("deals.db.documents")
    documents.mkdir()
    run.db.unlink()
    shutil.rmtree(run.db.with_name("deals.db.audit"), ignore_errors=True)
    made = run("init")
    assert made.exit_code == 0
    assert made.stderr.splitlines()[:2] == [
        f"note: {kept(run)}, the tables of an earlier ledger of this name, was removed",
        f"note: {documents} holds the documents of an earlier ledger of this name; it is left as it is",
    ]
    assert (kept(run).exists(), documents.exists()) == (False, True)
    assert (bound(run), "note: " in said(run)) == (0, False)


def test_a_number_changed_in_the_file_is_not_served(run: Run) -> None:
    recorded(run, "100")
    assert bound(run) == 100
    con = duckdb.connect(str(kept(run)))
    con.execute("UPDATE terms SET amount = 7, firm = 7 WHERE deal = 'oracle-openai-2026'")
    con.close()
    assert (bound(run), said(run)) == (100, "")


@pytest.mark.parametrize("place", [9, 4_096, 20_000, 300_000, 600_000, -300, -2])
def test_a_flipped_byte_is_healed(run: Run, place: int) -> None:
    before = run.ok(*ASK)
    path = kept(run)
    whole = bytearray(path.read_bytes())
    whole[place] ^= 0x20
    path.write_bytes(whole)
    asked = run(*ASK)
    assert (asked.exit_code, asked.stdout) == (0, before)
    assert asked.stderr in {
        "",
        f"note: {path} was altered or damaged since it was written; it is made anew from the log\n",
    }
    assert (run.ok(*ASK), said(run)) == (before, "")


def test_a_damaged_file_is_told_by_doctor_and_fails_no_proof_of_the_log(run: Run) -> None:
    run.ok(*ASK)
    whole = bytearray(kept(run).read_bytes())
    whole[300_000] ^= 0x20
    kept(run).write_bytes(whole)
    assert run("doctor").exit_code == 1
    assert "was altered or damaged since it was written; the next query" in doctors_word(run)
    assert run("audit", "verify").exit_code == 0
    kept(run).write_bytes(whole[:100_000])
    assert run("doctor").exit_code == 1
    assert "was altered or damaged since it was written; the next query" in doctors_word(run)
    assert said(run) == f"note: {kept(run)} was altered or damaged since it was written; it is made anew from the log\n"


def test_tables_sealed_again_after_a_change_are_found_by_doctor_and_verify(run: Run) -> None:
    recorded(run, "100")
    run.ok(*ASK)
    path = kept(run)
    seal = read_seal(path)
    assert seal is not None
    con = duckdb.connect(str(path))
    con.execute("UPDATE terms SET firm = 7 WHERE deal = 'oracle-openai-2026'")
    con.close()
    seal_file(path, content=seal.content, size=seal.size, root=seal.root)
    told = f"{path} is not what the log amounts to: table main.terms; make it anew with `deals rebuild`"
    assert doctors_word(run) == f"{told}"
    refused = run("audit", "verify")
    assert (refused.exit_code, f"FAILED tables: {told}" in " ".join(refused.stdout.split())) == (4, True)
    run.ok("rebuild")
    assert (bound(run), run("doctor").exit_code, run("audit", "verify").exit_code) == (100, 0, 0)


HEADERS, BLOCK = 12_288, 262_144


def forge(run: Run, *blocks: int) -> Path:
    """Damage some blocks of the tables, or all, and write the last line anew over them."""
    path = kept(run)
    seal = read_seal(path)
    assert seal is not None
    altered = bytearray(path.read_bytes()[: seal.length])
    for block in blocks or range((len(altered) - HEADERS) // BLOCK):
        altered[HEADERS + block * BLOCK + 64] ^= 0xFF
    path.write_bytes(altered)
    seal_file(path, content=seal.content, size=seal.size, root=seal.root)
    return path


QUESTIONS = [
    ASK,
    ("sql", "FROM leg_state(points()) ORDER BY ALL", "--format", "json"),
    ("loops", "--format", "json"),
    ("timeline", "exposure", "--from", "2026-01-01", "--to", "2026-02-01", "--format", "json"),
]


@pytest.mark.parametrize("question", first_of(QUESTIONS), ids=lambda question: question[0])
def test_damage_under_a_forged_last_line_is_healed_as_it_is_met(
    run: Run, question: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[object] = []

    def counted(*about: Any) -> object:  # noqa: ANN401 - as it is given
        met.append(damage_of(*about))
        return met[-1]

    monkeypatch.setattr("cli.asking.session.damage_of", counted)
    monkeypatch.setattr("cli.verbs.sql.damage_of", counted)
    before = run.ok(*question)
    whole = kept(run).read_bytes()
    word = f"note: {kept(run)} was altered or damaged since it was written; it is made anew from the log\n"
    for block in range((len(whole) - HEADERS) // BLOCK):
        path = forge(run, block)
        asked = run(*question)
        assert (asked.exit_code, asked.stdout) == (0, before), asked.stderr
        assert asked.stderr in {"", word}
        if asked.stderr:
            again = run(*question)
            assert (again.stderr, again.stdout) == ("", before)
        path.write_bytes(whole)
    assert any(met), "some damage shows only as the tables are asked"


def test_a_question_from_standard_input_is_read_once_and_asked_twice(run: Run) -> None:
    run.ok(*ASK)
    path = forge(run)
    asked = as_process("sql", "--format", "csv", db=run.db, stdin="SELECT count(*) AS events FROM log")
    assert (asked.returncode, asked.stdout.split()) == (0, ["events", "18"])
    assert asked.stderr == f"note: {path} was altered or damaged since it was written; it is made anew from the log\n"


def test_a_macro_missing_under_a_forged_last_line_is_healed_as_it_is_missed(run: Run) -> None:
    before = run.ok(*ASK)
    path = kept(run)
    seal = read_seal(path)
    assert seal is not None
    con = duckdb.connect(str(path))
    for (name,) in con.execute("SELECT DISTINCT function_name FROM duckdb_functions() WHERE NOT internal").fetchall():
        con.execute(f"DROP MACRO IF EXISTS {name}")
        con.execute(f"DROP MACRO TABLE IF EXISTS {name}")
    con.close()
    seal_file(path, content=seal.content, size=seal.size, root=seal.root)
    assert (run.ok(*ASK), said(run)) == (before, "")


def test_a_slip_in_a_statement_blames_no_file(run: Run) -> None:
    run.ok(*ASK)
    bytes_before = kept(run).read_bytes()
    assert run("sql", "SELECT nothing_such").exit_code == 2
    assert kept(run).read_bytes() == bytes_before


@pytest.mark.parametrize("suffix", ["", ".wal"])
def test_what_is_no_file_is_left_alone_and_questions_are_answered(run: Run, suffix: str) -> None:
    before = run.ok(*ASK)
    place = kept(run).with_name(f"{kept(run).name}{suffix}")
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    for _ in range(2):
        asked = as_process(*ASK, db=run.db)
        assert (asked.returncode, asked.stdout) == (0, before)
        assert asked.stderr == (
            f"note: {place} is a named pipe and no file; it is left alone, and this answer was made without kept tables\n"
        )
    assert run("doctor").exit_code == 1
    word = "it is left alone, and queries make their tables in memory until it is moved away"
    assert doctors_word(run) == f"{place} is a named pipe and no file; {word}"
    refused = run("rebuild")
    assert (refused.exit_code, "is a named pipe and no file, and is left alone" in refused.stderr) == (73, True)
    recorded(run, "100")
    assert (bound(run), place.is_fifo()) == (100, True)


def test_events_that_cannot_be_made_into_tables_are_damage_and_no_fault(run: Run) -> None:
    database = sqlite3.connect(run.db)
    with database:
        database.execute("DROP TRIGGER stored_events_no_update")
        database.execute("UPDATE stored_events SET state = x'78' WHERE originator_version = 3")
    database.close()
    kept(run).unlink()
    refused = run(*ASK)
    assert (refused.exit_code, refused.stdout) == (4, "")
    assert "error: the ledger cannot be read: its events are not those that were recorded" in refused.stderr


def test_a_file_of_a_former_release_is_made_anew_without_a_word(run: Run) -> None:
    before = run.ok(*ASK)
    kept(run).unlink()
    con = duckdb.connect(str(kept(run)))
    con.execute("CREATE TABLE state AS SELECT 18::BIGINT AS position, 3 AS projection_version")
    con.execute("CREATE TABLE terms AS SELECT 1 AS slot")
    con.close()
    word = "is of another version, or its end was cut off; the next query makes it anew without asking it"
    assert doctors_word(run) == f"{kept(run)} {word}"
    assert (run.ok(*ASK), said(run)) == (before, "")


def test_an_orphaned_write_ahead_log_goes_with_what_it_belonged_to(run: Run) -> None:
    before = run.ok(*ASK)
    log = kept(run).with_name(f"{kept(run).name}.wal")
    log.write_bytes(b"of another file" * 100)
    assert (run.ok(*ASK), said(run), log.exists()) == (before, "", False)
    log.write_bytes(b"of another file" * 100)
    kept(run).unlink()
    assert (run.ok(*ASK), said(run), log.exists()) == (before, "", False)
    log.write_bytes(b"of another file" * 100)
    assert run.ok("rebuild").startswith("tables       ")
    assert not log.exists()


def test_a_file_that_is_behind_is_compared_as_far_as_it_goes(run: Run) -> None:
    run.ok(*ASK)
    before = kept(run).read_bytes()
    recorded(run, "100")
    kept(run).write_bytes(before)
    told = (
        f"{kept(run)} is what the log amounts to up to event 18; the next query adds the rest (made anew and compared)"
    )
    assert (run("doctor").exit_code, doctors_word(run)) == (0, told)
    assert (bound(run), said(run)) == (100, "")


def test_a_log_that_does_not_hold_is_not_asked_for_tables(run: Run) -> None:
    run.ok(*ASK)
    database = sqlite3.connect(run.db)
    with database:
        database.execute("DROP TRIGGER stored_events_no_update")
        database.execute("UPDATE stored_events SET state = x'78' WHERE originator_version = 3")
    database.close()
    refused = run("audit", "verify")
    assert refused.exit_code == 4
    assert "not checked  the tables that queries read" in refused.stdout
    doctor = run("doctor")
    assert (doctor.exit_code, "tables" in doctor.stdout) == (1, False)


def test_what_was_recorded_is_recorded_whether_or_not_tables_can_be_made(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONFIG, "memory_limit", "1MB")
    done = run("import", "-", "--format", "yaml", stdin=DEAL.format(name="2026", value="100"))
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "recorded  19  oracle-openai-2026/compute/2026-01-05")
    *_, said = done.stderr.splitlines()
    assert said.startswith("note: recorded, but the tables are not ready for queries yet (Out of Memory Error: ")
    monkeypatch.undo()
    assert bound(Run(run.db)) == 100


def test_many_at_once_answer_for_what_they_saw(run: Run) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def one(number: int) -> tuple[int, str]:
        deal = DEAL.format(name=str(number), value="100")
        if number % 2:
            done = as_process("import", "-", "--format", "yaml", db=run.db, stdin=deal)
            return done.returncode, done.stderr
        asked = as_process(*ASK, db=run.db)
        answer = json.loads(asked.stdout)
        got = sum(Decimal(row["binding"] or 0) for row in answer["rows"] if row["to"] == "openai")
        assert got == 100 * (answer["position"] - 18)
        return asked.returncode, asked.stderr

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(one, range(8))) == {(0, "")}
    assert (bound(run), said(run)) == (400, "")
    beside = {entry.name.removeprefix("deals.db") for entry in run.db.parent.iterdir()}
    assert beside <= {"", "-wal", "-shm", ".audit", ".projection.duckdb"}
