"""Every exit code, each with what provokes it, and an error's three parts: what and where, the value, what to do next."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from cli.boundary import report
from cli.main import deals
from events.errors import DealsError
from tests.cli.running import Run, as_process, environment, invoke


def test_0_when_all_is_well(run: Run) -> None:
    result = run("legs", "--as-of", "2025-12-31")
    assert result.exit_code == 0
    assert result.stdout.startswith("leg_ref\t")


def test_1_when_the_answer_is_no(run: Run) -> None:
    assert run("check", "--as-of", "2025-12-31").exit_code == 0
    assert run("check", "--as-of", "2025-12-31", "--severity", "note", "--strict").exit_code == 1
    run.ok(
        *("append", "payment", "--deal", "oracle-openai-2025", "--payer", "openai", "--payee", "oracle"),
        *("--amount", "400B EUR", "--announced-on", "2025-11-01"),
    )
    result = run("check", "--as-of", "2025-12-31")
    assert result.exit_code == 1
    assert "contradiction" in result.stdout
    assert result.stderr.startswith("note: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["exposur"], "no such command 'exposur'. Did you mean 'exposure'?"),
        (["exposure", "--as-off", "2025-01-01"], "--as-off"),
        (["exposure", "--as-of", "2025-13-01"], "'2025-13-01' is not a date; write YYYY-MM-DD or `today`"),
        (["exposure", "--as-of", "20251014"], "'20251014' is not a date"),
        (["exposure", "--known-by", "never"], "'never' is not a date; write YYYY-MM-DD, `today` or `latest`"),
        (["exposure", "--recorded-by", "2025-10-06T20:05:00"], "has no time zone"),
        (["exposure", "--recorded-by", "first"], "'first' is not a position, a date or an instant"),
        (["exposure", "--format", "xml"], "xml"),
        (["exposure", "openai", "--company", "amd"], "the company is given twice: 'openai' and --company 'amd'"),
        (["dilution"], "missing argument 'COMPANY'"),
        (["append", "guarante"], "no such command 'guarante'"),
        (["sql", "DROP TABLE log"], "one reading statement is allowed (got DROP)"),
        (["sql", "SELECT 1; SELECT 2"], "one reading statement is allowed (got SELECT, SELECT)"),
        (["sql", "SELECT nothing_such"], "nothing_such"),
        (["explain", "exposure", "oracle"], "got 1 companies: oracle"),
        (["explain", "amd-openai-2025"], "amd-openai-2025/supply, amd-openai-2025/warrant"),
        (["show", "amd", "--format", "csv"], "this answer has no rows and columns"),
        (["correct", "company/amd", "--reason", "x"], "say what to mend in one way"),
        (["correct", "company/amd", "--set", "name", "--reason", "x"], "cannot be read (got 'name')"),
        (["retract", "company/amd"], "--reason"),
        (["append", "--edit", "warrant", "purchase"], "--edit warrant takes no further type or file"),
        (["append", "--db", "x.db", "warrant", "--deal", "x"], "--db belongs behind warrant"),
        (["exposure", "--db", "postgresql://server/deals"], "postgresql"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_2_for_a_slip_on_the_command_line(run: Run, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2, result.stderr
    assert result.stdout == ""
    assert said in " ".join(result.stderr.split()), result.stderr
    assert result.stderr.startswith("error: ")
    assert "\n  next: " in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["exposure", "nvdia"], "did you mean 'nvidia'?"),
        (["legs", "--db", "nowhere/deals.db"], "there is no ledger at nowhere/deals.db"),
        (["show", "amd-openai-2025/warant"], "did you mean 'amd-openai-2025/warrant'?"),
        (["show", "openia"], "did you mean"),
        (["companies", "opneai"], "did you mean"),
        (["explain", "exposure", "amd", "nvidia"], "no exposure of amd to nvidia"),
        (["retract", "no/such/key", "--reason", "x"], "no recorded event has this key"),
        (["schema", "warant"], "did you mean 'warrant'?"),
        (["stress", "openai-fail"], "did you mean 'openai-fails'?"),
        (["timeline", "exposur", "--from", "2025-01-01", "--to", "2025-02-01"], "did you mean 'exposure'?"),
        (["attach", "company/amd", "no-such-file.pdf"], "no-such-file.pdf"),
        (["import", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["exposure", "--what-if", "no-such-file.yaml"], "no-such-file.yaml"),
        (["audit", "verify", "no-such-folder"], "no-such-folder"),
        (["vintage", "openai", "revenue", "--period", "abcd"], "openai has no 'revenue' for abcd"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_3_for_what_is_not_there(run: Run, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (3, ""), result.stderr
    assert said in result.stderr


def test_4_when_a_verification_fails(run: Run) -> None:
    result = run("audit", "verify", "--root", "00" * 32)
    assert result.exit_code == 4
    assert "not the expected one" in result.stderr


def test_65_for_bad_data_names_every_row(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(
        '{"type": "status_changed", "announced_on": "2025-11-01", "deal": "no-such-deal", "status": "sure"}\n'
        '{"type": "warant_granted", "announced_on": "2025-11-01"}\n'
    )
    before = run.json("log")["position"]
    result = run("import", str(bad))
    assert (result.exit_code, result.stdout) == (65, "")
    assert f"{bad}:1: status: " in result.stderr
    assert f"{bad}:2: type: unknown event type" in result.stderr
    assert "warrant_granted" in result.stderr
    assert "nothing was recorded" in result.stderr
    assert run.json("log")["position"] == before


def test_65_for_a_single_event_names_the_option(run: Run) -> None:
    result = run(
        *("append", "warrant", "--deal", "amd-nvidia-2025", "--leg", "warrant", "--status", "definitive"),
        *("--issuer", "amd", "--holder", "nvdia", "--shares", "-5", "--announced-on", "2025-11-01"),
    )
    assert result.exit_code == 65
    assert "--shares (shares_max): is not a whole number (got '-5')" in result.stderr
    result = run(
        *("append", "warrant", "--deal", "amd-nvidia-2025", "--leg", "warrant", "--status", "definitive"),
        *("--issuer", "amd", "--holder", "nvdia", "--announced-on", "2025-11-01"),
    )
    assert result.exit_code == 65
    assert "--holder: is not a registered company (got nvdia)" in result.stderr
    assert "did you mean 'Nvidia'?" in result.stderr or "did you mean 'nvidia'?" in result.stderr


EVENT = {
    "type": "purchase", "deal": "d", "leg": "l", "buyer": "openai", "supplier": "amd", "subject": "chips",
    "status": "announced", "announced_on": "2025-11-01",
}  # fmt: skip


def by_options(run: Run, event: dict[str, str], _folder: Path) -> int:
    options = [part for name, text in event.items() if name != "type" for part in (f"--{name.replace('_', '-')}", text)]
    return run("append", event["type"], *options).exit_code


def by_change(run: Run, event: dict[str, str], _folder: Path) -> int:
    """Set one field of an event that is recorded."""
    run.ok(
        "append", "purchase", *(f"--{name.replace('_', '-')}={text}" for name, text in EVENT.items() if name != "type")
    )
    changes = [
        f"--set={name}={event.get(name, '')}" for name in EVENT.keys() | event if EVENT.get(name) != event.get(name)
    ]
    return run("correct", "d/l/2025-11-01", *changes, "--reason", "x").exit_code


def by_row(run: Run, event: dict[str, str], folder: Path) -> int:
    (folder / "t.csv").write_text(f"{','.join(event)}\n{','.join(event.values())}\n", encoding="utf-8")
    return run("import", str(folder / "t.csv")).exit_code


def by_lines(run: Run, event: dict[str, str], folder: Path) -> int:
    (folder / "t.jsonl").write_text(json.dumps(event), encoding="utf-8")
    return run("append", str(folder / "t.jsonl")).exit_code


def by_yaml(run: Run, event: dict[str, str], _folder: Path) -> int:
    return run("append", "-", "--format", "yaml", stdin=json.dumps(event)).exit_code


def by_type_option(run: Run, event: dict[str, str], folder: Path) -> int:
    rest = {name: text for name, text in event.items() if name != "type"}
    (folder / "t.jsonl").write_text(json.dumps(rest), encoding="utf-8")
    return run("import", str(folder / "t.jsonl"), "--type", event["type"]).exit_code


DOORS = (by_options, by_change, by_row, by_lines, by_yaml, by_type_option)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize(
    "fault",
    [
        {"amount": "1,250B"}, {"amount": "much"}, {"capacity_gw": "4,5"}, {"status": "sure"}, {"announced_on": "never"},
        {"announced_on": "2025-13-01"}, {"supplier": "nobody"}, {"leg": "No Slug"}, {"supplier": ""}, {"type": "purchas"},
    ],
    ids=str,
)  # fmt: skip
def test_one_fault_of_an_event_has_one_code_at_every_door(
    run: Run, tmp_path: Path, door: Callable[[Run, dict[str, str], Path], int], fault: dict[str, str]
) -> None:
    event = {name: text for name, text in (EVENT | fault).items() if text}
    if "type" in fault and door is by_options:
        pytest.skip("there the type is the name of a command")
    assert door(run, event, tmp_path) == 65


def test_a_type_is_not_found_only_where_it_is_asked_for(run: Run) -> None:
    assert [run(*asked).exit_code for asked in (("schema", "warant"), ("log", "--type", "warant"))] == [3, 3]
    for said in (
        ("append", "--edit", "warant"),
        ("append", "-", "--type", "warant"),
        ("import", "-", "--type", "warant"),
    ):
        result = run(*said)
        assert (result.exit_code, "did you mean 'warrant'?" in result.stderr) == (65, True)
    assert run("append", "warant").exit_code == 2


def test_65_says_every_option_that_is_wrong_or_left_out_at_once(run: Run) -> None:
    result = run("append", "warrant", "--issuer", "amd", "--status", "sure", "--announced-on", "never")
    assert (result.exit_code, result.stdout) == (65, "")
    for said in (
        "needed and left out: --deal, --leg, --holder",
        "--status: input should be",
        "--announced-on: not a date",
    ):
        assert said in " ".join(result.stderr.split())


def test_73_when_the_place_cannot_be_written(run: Run, tmp_path: Path) -> None:
    again = run("init")
    assert again.exit_code == 73
    nowhere = run("exposure", "--output", str(tmp_path / "no" / "such" / "folder.csv"))
    assert (nowhere.exit_code, nowhere.stdout) == (73, "")
    assert "folder.csv" in nowhere.stderr


def test_70_for_a_fault_of_the_software_shows_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(ZeroDivisionError("division\nby zero"), colour=False) == 70
    said = capsys.readouterr().err
    assert said == (
        "error: this is a fault of the software, not of your input: ZeroDivisionError: division by zero\n"
        "  next: set DEALS_DEBUG=1 and repeat the command to see where it happened\n"
    )


def test_the_traceback_is_shown_for_debugging(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEALS_DEBUG", "1")
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 // 0
    assert report(caught.value, colour=False) == 70
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def every_error(of: type[DealsError] = DealsError) -> set[type[DealsError]]:
    return {of}.union(*(every_error(kind) for kind in of.__subclasses__()))


def test_every_error_of_the_product_has_an_exit_code_of_the_list() -> None:
    from cli import errors  # noqa: F401 - their errors are to be seen
    from ledger import application  # noqa: F401 - as above

    assert {kind.exit_code for kind in every_error()} <= {1, 2, 3, 4, 65, 73, 75}


def test_75_while_another_process_writes(db: Path) -> None:
    import sqlite3

    from ledger.application import Ledger
    from ledger.store.errors import BusyError

    holder = sqlite3.connect(db, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with Ledger.open(db, busy_seconds=1) as ledger, pytest.raises(BusyError) as caught:
            ledger.retract("company/amd", reason="x")
    finally:
        holder.close()
    assert report(caught.value, colour=False) == 75


def test_a_closed_pipe_is_quiet(db: Path) -> None:
    line = f"{sys.executable} -m cli log --format jsonl | true"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"], env=environment(db), capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode in {0, 141}  # 0 where all was written before the reader went away


def test_ctrl_c_exits_with_130_and_leaves_nothing_half_done(db: Path) -> None:
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "import", "-"],
        env=environment(db),
        stdin=read,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts background jobs with the interrupt ignored, and a child inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )
    os.write(write, b'{"type": "company_registered", "announced_on": "2024-01-01", "company": "late", ')
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    os.close(read)
    os.close(write)
    assert process.returncode == 130, stderr
    assert stdout == ""
    assert "nothing was left half done" in stderr
    assert invoke(["companies", "late"], db=db).exit_code == 3


def test_the_console_script_and_the_module_are_the_same(db: Path) -> None:
    from cli.main import run as entry

    assert as_process("companies", "輝達", db=db).stdout.splitlines()[1].startswith("nvidia\tNvidia\t")
    assert callable(entry)


def test_errors_are_left_to_a_caller_that_asks_for_them() -> None:
    with pytest.raises(click.UsageError):
        deals.main(["exposure", "--nope"], standalone_mode=False)
