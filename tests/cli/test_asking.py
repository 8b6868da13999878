"""Asking: the clocks, companies by any name, what-if, the tables kept in a file, SQL, the log and its parts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from cli.input.dates import today
from cli.input.place import default_db, projection_file
from events.registry import TYPES
from projections.queries.stress.scenario import shipped
from tests.cli.running import Run


@pytest.mark.parametrize("name", ["nvidia", "NVDA", "Nvidia", "nvidia corp", "輝達", "英偉達"])
def test_a_company_goes_by_any_of_its_names(run: Run, name: str) -> None:
    asked = run.json("exposure", name, "--as-of", "2025-12-31")["rows"]
    assert asked == run.json("exposure", "--company", "nvidia", "--as-of", "2025-12-31")["rows"]
    assert [row["exposed"] for row in asked] == ["nvidia"]
    assert run.json("companies", name)["rows"][0]["company"] == "nvidia"


def legs(run: Run, *arguments: str) -> dict[str, str]:
    return {row["leg_ref"]: row["status"] for row in run.json("legs", *arguments)["rows"]}


def test_each_clock_is_asked_by_its_own_option(run: Run) -> None:
    assert "nvidia-openai-2025/equity" not in legs(run, "--as-of", "2025-09-21")
    assert legs(run, "--as-of", "2025-09-22")["nvidia-openai-2025/equity"] == "letter_of_intent"
    assert "nvidia-openai-2025/equity" not in legs(run, "--as-of", "2026-03-05")
    assert legs(run, "--as-of", "2026-03-05", "--include-ended")["nvidia-openai-2025/equity"] == "superseded"
    assert (
        legs(run, "--as-of", "2026-03-05", "--known-by", "2026-01-01")["nvidia-openai-2025/equity"]
        == "letter_of_intent"
    )
    assert legs(run, "--as-of", "2026-03-05", "--recorded-by", "17")["nvidia-openai-2025/equity"] == "letter_of_intent"
    assert legs(run, "--as-of", "2026-03-05", "--recorded-by", "0") == {}


def test_hindsight_names_the_stand_in(run: Run) -> None:
    ask = ("legs", "--as-of", "2025-07-01", "--deal", "oracle-customer-2025")
    assert run.json(*ask)["rows"][0]["first_party"] == "oracle-customer-2025"
    assert run.json(*ask, "--known-by", "latest")["rows"][0]["first_party"] == "openai"


def test_recorded_by_takes_positions_days_and_instants(run: Run) -> None:
    recorded = dt.datetime.fromisoformat(run.json("log")["rows"][-1]["recorded_at"])
    head = run.json("log")["position"]

    def used(point: str) -> int:
        position: int = run.json("legs", "--recorded-by", point)["query"]["recorded_by"]
        return position

    assert used("latest") == head
    assert used("5") == 5
    assert used(recorded.date().isoformat()) == head
    assert used((recorded.date() - dt.timedelta(days=1)).isoformat()) == 0
    assert used(recorded.isoformat()) == head
    assert used((recorded - dt.timedelta(seconds=1)).astimezone(dt.timezone(dt.timedelta(hours=8))).isoformat()) == 0
    beyond = run("legs", "--recorded-by", "999999999999", "--format", "json")
    assert json.loads(beyond.stdout)["query"]["recorded_by"] == head
    assert f"the log ends at position {head}, which was used" in beyond.stderr


def test_every_verb_writes_the_instant_of_recording_as_the_log_does(run: Run) -> None:
    told = run.json("vintage", "nvidia-openai-2025/equity", "--known-by", "latest")["rows"]
    log = {row["position"]: row["recorded_at"] for row in run.json("log")["rows"]}
    assert [row["recorded_at"] for row in told] == [log[row["position"]] for row in told]
    assert {row["recorded_at"][-1] for row in told} == {"Z"}
    lines = run.ok("vintage", "nvidia-openai-2025/equity", "--known-by", "latest", "--format", "csv").splitlines()
    assert [line.split(",")[3] for line in lines[1:]] == [row["recorded_at"] for row in told]


def test_the_list_of_scenarios_is_an_answer_of_rows_without_a_ledger(tmp_path: Path) -> None:
    nowhere = Run(tmp_path / "none.db")
    answer = nowhere.json("stress", "--list", "--as-of", "2026-03-05")
    rows = [{"scenario": name, "title": title} for name, title in shipped().items()]
    clocks = {"as_of": "2026-03-05", "known_by": "2026-03-05", "recorded_by": 0}
    assert answer == {
        "query": {"verb": "stress --list", **clocks},
        "position": None,
        "root": None,
        "rows": rows,
        "summary": {"scenarios": len(rows)},
    }
    lines = nowhere.ok("stress", "--list", "--format", "csv").splitlines()
    assert lines[0] == "scenario,title"
    assert [line.split(",")[0] for line in lines[1:]] == list(shipped())
    nowhere.ok("stress", "--list", "--output", str(tmp_path / "list.md"))
    assert (tmp_path / "list.md").read_text().startswith("| scenario | title |")
    assert (nowhere("stress").exit_code, nowhere("stress", "--list", "openai-fails").exit_code) == (2, 2)


def test_the_default_day_is_today(run: Run) -> None:
    answer = run.json("legs")["query"]
    assert answer["as_of"] == answer["known_by"] == today().isoformat()
    assert run.json("legs", "--as-of", "today")["query"] == answer


WHAT_IF = """
type: warrant_granted
deal: amd-nvidia-2026
leg: warrant
status: definitive
issuer: amd
holder: nvidia
shares_max: 160000000
"""


def test_what_if_is_answered_marked_and_never_recorded(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(WHAT_IF)
    before = run.json("log")["position"]
    plain = run.json("dilution", "amd", "--as-of", "2025-12-31")
    asked = run.json("dilution", "amd", "--as-of", "2025-12-31", "--what-if", str(path))
    assert [row["holder"] for row in plain["rows"]] == ["openai"]
    assert [row["holder"] for row in asked["rows"]] == ["nvidia", "openai"]
    assert asked["hypothetical"] is True
    assert asked["summary"]["post_issue"] == "0.164102564103"
    assert run.json("log")["position"] == before
    table = run.ok("legs", "--as-of", "2025-12-31", "--what-if", str(path), "--format", "table")
    assert "(hypothetical)" in " ".join(table.split())
    assert "hypothetical events of --what-if" in " ".join(table.split())
    twice = tmp_path / "twice.yaml"
    twice.write_text(WHAT_IF.replace("amd-nvidia-2026", "amd-oracle-2026").replace("holder: nvidia", "holder: oracle"))
    both = run.json("dilution", "amd", "--as-of", "2025-12-31", "--what-if", str(path), "--what-if", str(twice))
    assert sorted(row["holder"] for row in both["rows"]) == ["nvidia", "openai", "oracle"]


def test_a_bad_scenario_is_refused_like_any_input(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(WHAT_IF.replace("nvidia\n", "nvdia\n"))
    refused = run("dilution", "amd", "--what-if", str(path))
    assert refused.exit_code == 65
    assert f"{path}:2: holder: is not a registered company" in refused.stderr


def test_the_tables_are_kept_in_a_file_that_may_be_lost_at_any_moment(run: Run) -> None:
    path = projection_file(str(run.db))
    path.unlink()
    line = ("exposure", "--as-of", "2026-03-05", "--format", "json")
    first = run.ok(*line)
    built = path.stat().st_mtime_ns
    assert run.ok(*line) == first
    assert path.stat().st_mtime_ns == built
    run.ok("append", "delivered", "--deal", "amd-openai-2025", "--gw", "0.5", "--announced-on", "2026-01-05")
    caught_up = run.json("legs", "--deal", "amd-openai-2025")
    assert caught_up["position"] == 19
    path.write_bytes(b"not a database")
    assert run.json("legs", "--deal", "amd-openai-2025") == caught_up
    path.unlink()
    assert run.json("legs", "--deal", "amd-openai-2025") == caught_up
    path.unlink()
    path.mkdir()
    answer = run("legs", "--deal", "amd-openai-2025", "--format", "json")
    assert json.loads(answer.stdout) == caught_up
    assert "this answer was made without kept tables" in answer.stderr
    assert run("rebuild").exit_code == 73


def test_a_rebuild_gives_the_same_fingerprint(run: Run) -> None:
    first, second = run.ok("rebuild"), run.ok("rebuild")
    assert first == second
    assert first.splitlines()[1] == "position     18"


def test_sql_reads_the_tables_at_the_clocks(run: Run) -> None:
    asked = run.json("sql", "SELECT deal, leg FROM leg_state(points()) ORDER BY ALL", "--as-of", "2025-09-15")
    assert asked["rows"] == [
        {"deal": "oracle-customer-2025", "leg": "compute"},
        {"deal": "oracle-openai-2025", "leg": "compute"},
    ]
    clocks = run.json("sql", "SELECT as_of() AS a, known_by() AS k, recorded_by() AS r", "--as-of", "2025-09-15")
    assert clocks["rows"] == [{"a": "2025-09-15", "k": "2025-09-15", "r": 18}]
    assert run.json("sql", "SELECT 1 AS x, 2 AS x")["rows"] == [{"x": 1, "x_2": 2}]
    assert run.ok("sql", stdin="SELECT 1 AS one") == "one\n1\n"


@pytest.mark.parametrize(
    "query",
    [
        "FROM read_csv('/etc/passwd')",
        "FROM '/etc/passwd'",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "CREATE TABLE x AS SELECT 1",
    ],
)
def test_sql_has_no_way_out(run: Run, query: str) -> None:
    assert run("sql", query).exit_code == 2


def test_the_log_is_filtered(run: Run) -> None:
    def keys(*arguments: str) -> list[str]:
        return [row["key"] for row in run.json("log", *arguments)["rows"]]

    assert keys("--deal", "nvidia-openai-2025") == [
        "nvidia-openai-2025/equity/2025-09-22",
        "nvidia-openai-2025/equity/status-changed/2026-02-20",
    ]
    assert keys("--company", "輝達", "--type", "investment") == ["nvidia-openai-2025/equity/2025-09-22"]
    assert keys("--type", "warrant_granted") == ["amd-openai-2025/warrant/2025-10-06"]
    assert keys("--since", "17") == keys()[16:]
    assert keys("--recorded-by", "2") == keys()[:2]
    assert keys("--limit", "3") == keys()[-3:]
    day = run.json("log")["rows"][0]["recorded_at"][:10]
    assert keys("--since", day) == keys()
    assert keys("--since", (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()) == []


def test_explaining_a_row_gives_its_events_and_their_sum(run: Run) -> None:
    answer = run.json("explain", "exposure", "oracle", "openai", "--as-of", "2025-12-31")
    row = next(
        row for row in run.json("exposure", "openai", "--as-of", "2025-12-31")["rows"] if row["exposed"] == "oracle"
    )
    assert [event["event"]["key"] for event in answer["rows"]] == row["events"]
    assert answer["summary"]["arithmetic"][-1] == "gross = 0 = 0 (+ 1 undisclosed)"
    only = run.json("explain", "exposure", "unnamed", "oracle", "--kind", "loan", "--as-of", "2025-12-31")
    assert only["summary"]["title"] == "exposure of (lenders not named) to oracle"


def test_what_if_is_explained_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(WHAT_IF)
    said = run.ok("explain", "dilution", "amd", "nvidia", "--as-of", "2025-12-31", "--what-if", str(path))
    assert "hypothetical, of --what-if: amd-nvidia-2026/warrant/2025-12-31" in said


def test_an_event_explains_its_leg(run: Run) -> None:
    by_key = run.ok("explain", "amd-openai-2025/warrant/2025-10-06", "--as-of", "2025-12-31")
    assert by_key == run.ok("explain", "amd-openai-2025/warrant", "--as-of", "2025-12-31")


def test_a_new_ledger_has_nothing_to_tell(tmp_path: Path) -> None:
    run = Run(tmp_path / "new.db")
    assert run.ok("init").startswith("made an empty ledger: ")
    assert run.json("exposure")["rows"] == []
    assert run.ok("legs", "--format", "table").splitlines()[2] == "no rows"
    assert run("init").exit_code == 73


def test_doctor_finds_a_sound_ledger_and_an_unsound_one(run: Run) -> None:
    said = run.ok("doctor")
    assert "18 events" in said
    assert "(recomputed from the log)" in said
    run.db.write_bytes(b"not a ledger at all" * 100)
    broken = run("doctor")
    assert broken.exit_code == 1
    assert "!!" in broken.stdout


def test_the_default_ledger_lies_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_db() == str(tmp_path / "deals" / "deals.db")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_db() == str(tmp_path / ".local" / "share" / "deals" / "deals.db")


def test_schemas_are_printed(run: Run) -> None:
    assert json.loads(run.ok("schema", "warrant"))["properties"]["type"]["enum"] == ["warrant_granted", "warrant"]
    assert len(json.loads(run.ok("schema", "--all"))["oneOf"]) == len(TYPES)
    assert run("schema", "warrant", "--all").exit_code == 2
