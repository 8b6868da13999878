"""Correcting and retracting: what stood stays for ever, and what stands now is what was meant."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cli.recording.patch import patched
from tests.cli.running import Run, normalised

KEY = "oracle-openai-2025/compute/2025-09-10"


def headline(run: Run, *more: str) -> str | None:
    rows = run.json("legs", "--as-of", "2025-12-31", "--deal", "oracle-openai-2025", *more)["rows"]
    return rows[0]["headline"] if rows else "no leg"


def test_a_field_is_mended_and_the_original_stays_visible_before(run: Run) -> None:
    before = str(run.json("log")["position"])
    said = run.ok("correct", KEY, "--set", "amount=about $310bn", "--set", "note=", "--reason", "misread")
    assert said.splitlines()[0].startswith(f"recorded  {int(before) + 1}  {KEY}/corrected-")
    assert headline(run) == "310000000000"
    assert headline(run, "--recorded-by", before) == "300000000000"
    page = normalised(run.ok("show", KEY))
    assert "about 300,000,000,000 USD" in page
    assert "corrections, in the order of recording" in page
    assert ": misread" in " ".join(page.split())


def test_correcting_again_continues_the_chain_from_what_stands(run: Run) -> None:
    run.ok("correct", KEY, "--set", "amount=310B", "--reason", "misread")
    run.ok("correct", KEY, "--set", "capacity_gw=5", "--reason", "misread again")
    row = run.json("legs", "--as-of", "2025-12-31", "--deal", "oracle-openai-2025")["rows"][0]
    assert (row["headline"], row["capacity_gw"]) == ("310000000000", "5")


def test_saying_the_same_corrects_nothing(run: Run) -> None:
    result = run("correct", KEY, "--set", "amount=about 300B USD", "--reason", "x")
    assert result.exit_code == 2
    assert "it says that already" in result.stderr


def test_a_bad_value_names_the_field(run: Run) -> None:
    result = run("correct", KEY, "--set", "amount=lots", "--reason", "x")
    assert result.exit_code == 2
    assert "--set amount" in result.stderr
    assert "'lots'" in result.stderr
    result = run("correct", KEY, "--set", "status=sure", "--reason", "x")
    assert result.exit_code == 65
    assert "status" in result.stderr


def test_the_whole_event_from_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "right.yaml"
    path.write_text(
        "type: purchase_committed\nkey: oracle-openai-2025/compute/2025-09-10\nannounced_on: 2025-09-10\n"
        "deal: oracle-openai-2025\nleg: compute\nstatus: announced\nbuyer: openai\nsupplier: oracle\nsubject: compute\n"
        'amount: {value: "250000000000", currency: USD}\n'
    )
    run.ok("correct", KEY, "--file", str(path), "--reason", "typed the wrong sum")
    assert headline(run) == "250000000000"
    path.write_text("")
    assert run("correct", KEY, "--file", str(path), "--reason", "x").exit_code == 65


def test_an_editor_opens_the_event_as_it_stands(run: Run, tmp_path: Path) -> None:
    program = tmp_path / "editor.py"
    program.write_text(
        "import pathlib, sys\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n"
        "assert text.startswith('# yaml-language-server: $schema=file://')\n"
        "assert text.count('300000000000') == 1\n"
        "path.write_text(text.replace('300000000000', '290000000000'))\n"
    )
    command = f"{sys.executable} {program}"
    done = run("correct", KEY, "--edit", "--reason", "misread", EDITOR=command, VISUAL=command)
    assert done.exit_code == 0, done.stderr
    assert headline(run) == "290000000000"


def test_a_retraction_takes_the_leg_away_and_a_correction_brings_it_back(run: Run) -> None:
    run.ok("retract", KEY, "--reason", "a hoax")
    assert headline(run) == "no leg"
    run.ok("correct", KEY, "--set", "amount=300B", "--reason", "no hoax")
    assert headline(run) == "300000000000"


def test_a_document_is_kept_and_shown(run: Run, tmp_path: Path) -> None:
    exhibit = tmp_path / "exhibit.txt"
    exhibit.write_text("the exhibit")
    run.ok("attach", KEY, str(exhibit), "--url", "https://example.org/exhibit", "--retrieved-at", "2025-10-07")
    again = run.ok("attach", KEY, str(exhibit), "--url", "https://example.org/exhibit")
    assert again.startswith("already known  ")
    page = " ".join(run.ok("show", KEY).split())
    assert "text/plain, 11 bytes, from https://example.org/exhibit" in page


@pytest.mark.parametrize(
    ("change", "patch"),
    [
        ("amount=5B EUR", {"amount": {"value": "5000000000", "currency": "EUR", "qualifier": "exactly"}}),
        ("amount.value=7", {"amount": {"value": "7", "currency": "USD"}}),
        ("note=", {"note": None}),
        ("capacity_gw=0.5", {"capacity_gw": "0.5"}),
        ("tranches.0.amount=2B", {"tranches": [{"tranche": "a", "amount": {"value": "2000000000", "currency": "USD", "qualifier": "exactly"}}]}),
        ("tranches.1.tranche=b", {"tranches": [{"tranche": "a"}, {"tranche": "b"}]}),
        ("tranches.0=", {"tranches": []}),
        ("source.publisher=WSJ", {"source": {"publisher": "WSJ"}}),
    ],
    ids=str,
)  # fmt: skip
def test_one_field_is_changed_and_nothing_else(change: str, patch: dict[str, object]) -> None:
    raw = {
        "type": "investment_committed",
        "amount": {"value": "1", "currency": "USD"},
        "note": "said",
        "tranches": [{"tranche": "a"}],
    }
    wanted = {**raw, **patch}
    assert patched(raw, [change]) == {name: value for name, value in wanted.items() if value is not None}
    assert raw["note"] == "said"
