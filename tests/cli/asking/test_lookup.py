"""Every option and argument that names a company, deal, leg, key, type, metric or layer: found in any spelling, or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Run
from tests.effort import first_of

AS_OF = ("--as-of", "2025-12-31")
SPAN = ("--from", "2025-11-30", "--to", "2025-12-31")
SPELLINGS = (
    "\uff2e\uff36\uff29\uff24\uff29\uff21",  # wide letters
    "  nvidia \u3000 CORP ",
    "Nvi\u00addia",
    "nvi\u200bdia",
    "輝\ufe00達",
)


# What is answered to the plain name: the same for every spelling, so it is asked for once.
ANSWERED: dict[tuple[str, ...], Any] = {}


def rows_by_plain_name(run: Run, verb: tuple[str, ...], clocks: tuple[str, ...]) -> Any:  # noqa: ANN401 - rows as JSON has them
    if verb not in ANSWERED:
        ANSWERED[verb] = run.json(*verb, "--company", "nvidia", *clocks)["rows"]
    return ANSWERED[verb]


@pytest.mark.parametrize("name", first_of(SPELLINGS))
def test_a_company_is_found_in_any_spelling_at_every_door(run: Run, tmp_path: Path, name: str) -> None:
    asked = (
        ("exposure",),
        ("legs",),
        ("status",),
        ("loops",),
        ("lookthrough",),
        ("leverage",),
        ("demand",),
        ("reaction",),
        ("commitments",),
        ("dilution",),
        ("timeline", "legs", *SPAN),
        ("diff", "legs", "2025-09-01", "2025-12-31"),
    )
    for verb in asked:
        clocks = () if verb[0] in {"timeline", "diff"} else AS_OF
        found = run.json(*verb, "--company", name, *clocks)["rows"]
        assert found == rows_by_plain_name(run, verb, clocks), verb
    assert run.json("companies", name)["rows"][0]["company"] == "nvidia"
    assert run.ok("show", name) == run.ok("show", "Nvidia Corp")
    assert run.json("log", "--company", name)["rows"] == run.json("log", "--company", "nvidia")["rows"]
    assert run.ok("explain", "exposure", name, "openai", *AS_OF) == run.ok(
        "explain", "exposure", "nvidia", "openai", *AS_OF
    )
    run.ok("audit", "export", str(tmp_path / "part"), "--company", name, "--no-numbers")
    assert '"company":"nvidia"' in (tmp_path / "part" / "data" / "scope.json").read_text().replace(" ", "")
    scenario = tmp_path / "s.json"
    scenario.write_text(f'{{"shocks": [{{"kind": "company_fails", "company": "{name}"}}]}}', encoding="utf-8")
    fails = run("stress", str(scenario), *AS_OF)
    assert fails.exit_code == 0, fails.stderr


def test_an_import_and_a_what_if_find_it_too(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    head = "type,announced_on,deal,leg,buyer,supplier,status,subject\n"
    row = "purchase_committed,2025-11-01,new,a,\uff2f\uff50en\uff21I,Nvi\u00addia,definitive,chips\n"
    rows.write_text(head + row, encoding="utf-8")
    supposed = run.json("legs", "--deal", "new", "--what-if", str(rows), *AS_OF)["rows"]
    run.ok("import", str(rows))
    recorded = run.json("legs", "--deal", "new", *AS_OF)["rows"]
    parties = [(row["first_party"], row["second_party"]) for row in (*supposed, *recorded)]
    assert parties == [("openai", "nvidia"), ("openai", "nvidia")]


def completed(run: Run, word: str) -> list[str]:
    from click.shell_completion import ShellComplete

    from cli.main import deals

    complete = ShellComplete(deals, {}, "deals", "_DEALS_COMPLETE")
    return [item.value for item in complete.get_completions(["exposure", "--db", str(run.db), "--company"], word)]


def test_completion_knows_any_spelling(run: Run) -> None:
    for start in ("nvid", "NVID", "\uff2e\uff36", "輝", "Nvi\u00add"):
        assert completed(run, start) == ["nvidia"], start
    assert completed(run, "xyz") == []


NOT_THERE = [
    (["legs", "--deal", "amd-openai"], "no deal is called 'amd-openai'", "did you mean 'amd-openai-2025'?"),
    (["legs", "--deal", "no-such-thing-at-all"], "no deal is called", "list them with: deals legs --include-ended"),
    (["legs", "nvdia"], "no company goes by 'nvdia'", "did you mean 'nvidia'?"),
    (["status", "--deal", "amd-openai"], "no deal is called", "did you mean 'amd-openai-2025'?"),
    (["demand", "--deal", "amd-openai"], "no deal is called", "did you mean 'amd-openai-2025'?"),
    (["reaction", "--deal", "amd-openai"], "no deal is called", "did you mean 'amd-openai-2025'?"),
    (["log", "--deal", "amd-openai"], "no deal is called", "did you mean 'amd-openai-2025'?"),
    (["log", "--company", "nvdia"], "no company goes by", "did you mean 'Nvidia'?"),
    (["log", "--type", "lone"], "no event type is called 'lone'", "did you mean 'loan'?"),
    (["timeline", "legs", *SPAN, "--deal", "amd-openai"], "no deal is called", "did you mean 'amd-openai-2025'?"),
    (["timeline", "status", *SPAN, "--deal", "amd-openai"], "no deal is called", "did you mean 'amd-openai-2025'?"),
    (["timeline", "legs", *SPAN, "--company", "nvdia"], "no company goes by", "did you mean 'nvidia'?"),
    (["timeline", "leggs", *SPAN], "no measure is called 'leggs'", "did you mean 'legs'?"),
    (["diff", "legs", "2025-01-01", "2026-01-01", "--deal", "amd-openai"], "no deal is called", "did you mean 'amd-openai-2025'?"),
    (["diff", "reaction", "2025-01-01", "2026-01-01", "--deal", "amd-openai"], "no deal", "did you mean 'amd-openai-2025'?"),
    (["diff", "legs", "1", "latest", "--axis", "recorded-by", "--deal", "amd"], "no deal is called", "list them with"),
    (["diff", "legs", "2025-01-01", "2026-01-01", "--company", "nvdia"], "no company goes by", "did you mean 'nvidia'?"),
    (["vintage", "amd-openai-2025/warant"], "no leg is called", "did you mean 'amd-openai-2025/warrant'?"),
    (["vintage", "amd-opnai-2025/warrant"], "no deal is called", "did you mean 'amd-openai-2025'?"),
    (["vintage", "openai", "revenu"], "openai has no metric called 'revenu'", "did you mean 'revenue'?"),
    (["vintage", "opnai", "revenue"], "no company goes by", "did you mean 'openai'?"),
    (["explain", "amd-openai-2025/warant"], "nothing in the ledger is called", "did you mean 'amd-openai-2025/warrant'?"),
    (["explain", "exposure", "nvdia", "openai"], "no company goes by", "did you mean 'nvidia'?"),
    (["show", "amd-openai"], "nothing in the ledger is called", "did you mean 'amd-openai-2025'?"),
    (["companies", "opneai"], "no company goes by", "did you mean 'OpenAI'?"),
    (["companies", "\u3164"], "no company goes by", "list them all with: deals companies"),
    (["loops", "chps", "--layers"], "no company is in a layer called 'chps'", "did you mean 'chips'?"),
    (["loops", "nvdia"], "no company goes by", "did you mean 'nvidia'?"),
    (["audit", "export", "part", "--deal", "amd-openai"], "no deal is called", "did you mean 'amd-openai-2025'?"),
    (["audit", "export", "part", "--company", "nvdia"], "no company goes by", "did you mean 'Nvidia'?"),
    (["audit", "export", "part", "--type", "lone"], "no event type is called", "did you mean 'loan'?"),
    (["audit", "prove", "company/nvdia"], "no recorded event has this key", "did you mean 'company/nvidia'?"),
    (["retract", "company/nvdia", "--reason", "x"], "no recorded event has this key", "did you mean 'company/nvidia'?"),
    (["correct", "company/nvdia", "--set", "note=x", "--reason", "x"], "no recorded", "did you mean 'company/nvidia'?"),
    (["attach", "company/nvdia", __file__], "no recorded event has this key", "did you mean 'company/nvidia'?"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said", "advice"), NOT_THERE, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_what_is_not_there_exits_3_with_the_nearest(run: Run, arguments: list[str], said: str, advice: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (3, ""), result.stderr
    assert said in result.stderr
    assert f"next: {advice}" in result.stderr


NOT_YET = (
    "Nothing of amd-openai-2025 is to be seen at these clocks: its first terms were announced on 2025-10-06, hold from"
)


@pytest.mark.parametrize(
    "arguments",
    [
        ["legs", "--deal", "amd-openai-2025", "--as-of", "2025-01-01"],
        ["legs", "--deal", "amd-openai-2025", "--recorded-by", "5", *AS_OF],
        ["status", "--deal", "amd-openai-2025", "--as-of", "2025-01-01"],
        ["demand", "--deal", "amd-openai-2025", "--as-of", "2025-01-01"],
        ["timeline", "legs", "--from", "2025-01-01", "--to", "2025-03-01", "--deal", "amd-openai-2025"],
        ["diff", "legs", "2025-01-01", "2025-03-01", "--deal", "amd-openai-2025"],
    ],
    ids=" ".join,
)
def test_a_deal_that_is_not_visible_yet_is_no_error(run: Run, arguments: list[str]) -> None:
    answer = run.json(*arguments)
    assert answer["rows"] == []
    assert answer["notes"][0].startswith(NOT_YET)


def test_a_leg_or_a_move_that_is_not_visible_yet_is_no_error(run: Run) -> None:
    explained = run.ok("explain", "amd-openai-2025/warrant", "--as-of", "2025-01-01")
    assert "Nothing of amd-openai-2025/warrant is to be seen at these clocks" in explained
    vintage = run.json("vintage", "amd-openai-2025/warrant", "--recorded-by", "5")
    assert (vintage["rows"], vintage["notes"][0][:45]) == ([], "Nothing of amd-openai-2025/warrant is to be s")
    metric = run.json("vintage", "openai", "revenue", "--recorded-by", "5")
    assert (metric["rows"], metric["notes"][0][:37]) == ([], "revenue of openai is told only from n")
    moves = run.json("reaction", "--deal", "amd-openai-2025", "--as-of", "2025-01-01")
    assert (moves["rows"], moves["notes"][0]) == ([], "No move on amd-openai-2025 is to be seen at these clocks.")


def test_a_company_that_is_registered_later_is_no_error(run: Run) -> None:
    answer = run.json("legs", "jpmorgan", "--recorded-by", "2", *AS_OF)
    assert answer["rows"] == []
    assert (
        answer["notes"][0]
        == "jpmorgan is registered only from number 6 of the log on, which is later than these clocks."
    )


def test_a_deal_of_a_what_if_is_a_deal(run: Run, tmp_path: Path) -> None:
    supposed = tmp_path / "supposed.jsonl"
    supposed.write_text(
        '{"type": "purchase_committed", "deal": "supposed", "leg": "a", "buyer": "amd", "supplier": "nvidia", '
        '"status": "definitive", "subject": "chips"}\n'
    )
    assert run("legs", "--deal", "supposed", *AS_OF).exit_code == 3
    assert len(run.json("legs", "--deal", "supposed", "--what-if", str(supposed), *AS_OF)["rows"]) == 1
