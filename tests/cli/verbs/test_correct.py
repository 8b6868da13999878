"""Correcting and retracting: what stood stays for ever, and what stands now is what was meant."""

from __future__ import annotations

import shlex
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
    before = run.json("log")["position"]
    said = run.ok("correct", KEY, "--set", "amount=about 300B USD", "--reason", "x")
    assert said.splitlines()[:2] == [f"already known  {KEY}", f"position  {before}"]


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("correct", ("--set", "amount=310B", "--reason", "misread")),
        ("correct", ("--set", "buyer=OpenAI", "--set", "note=mended", "--reason", "misread")),
        ("correct", ("--set", "capacity_gw=", "--reason", "no capacity was told")),
        ("retract", ("--reason", "a hoax")),
    ],
    ids=["an amount", "a company by its name", "a field taken out", "a retraction"],
)
def test_what_was_recorded_is_known_when_it_is_given_again(run: Run, verb: str, more: tuple[str, ...]) -> None:
    first = run.ok(verb, KEY, *more).splitlines()
    recorded = first[0].split()[2]
    for key in (KEY, recorded):
        assert run.ok(verb, key, *more).splitlines() == [f"already known  {recorded}", *first[1:]]


def test_taking_an_item_out_again_takes_no_other_out(run: Run) -> None:
    warrant = "amd-openai-2025/warrant/2025-10-06"
    more = [part for name in ("b", "c") for part in ("--set", f"tranches.{'abc'.index(name)}.tranche={name}")]
    run.ok("correct", warrant, *more, "--reason", "there were three")
    tranches = run.json("show", warrant)["rows"][-1]["event"]["replacement"]["tranches"]
    assert [tranche["tranche"] for tranche in tranches] == ["first", "b", "c"]
    line = ("correct", warrant, "--set", "tranches.0=", "--reason", "never granted")
    first = run.ok(*line).splitlines()
    assert run.ok(*line).splitlines() == [f"already known  {first[0].split()[2]}", *first[1:]]
    # Another reason says that it is another correction.
    run.ok(*line[:-1], "nor was this one")
    standing = run.json("show", warrant)["rows"][-1]["event"]["replacement"]["tranches"]
    assert standing == tranches[2:]


def test_what_was_retracted_is_brought_back_as_it_was(run: Run) -> None:
    run.ok("retract", KEY, "--reason", "a hoax")
    said = run.ok("correct", KEY, "--set", "amount=about 300B USD", "--reason", "no hoax")
    assert said.startswith("recorded  20  ")
    assert headline(run) == "300000000000"


def test_a_document_attached_again_from_elsewhere_is_refused(run: Run, tmp_path: Path) -> None:
    exhibit = tmp_path / "exhibit.txt"
    exhibit.write_text("the exhibit")
    first = run.ok("attach", KEY, str(exhibit), "--url", "https://example.org/exhibit").splitlines()
    own = first[0].split()[2]
    assert run.ok("attach", KEY, str(exhibit)).splitlines() == [f"already known  {own}", *first[1:]]
    other = run("attach", KEY, str(exhibit), "--url", "https://example.org/other")
    assert (other.exit_code, other.stdout) == (65, "")
    assert (
        "url: the document is attached already, with https://example.org/exhibit (got https://example.org/other)"
        in (other.stderr)
    )
    assert f"deals correct {own} --set url='https://example.org/other'" in other.stderr
    run.ok("correct", own, "--set", "url=https://example.org/other", "--reason", "moved")
    assert run.ok("attach", KEY, str(exhibit), "--url", "https://example.org/other").startswith("already known  ")
    run.ok("retract", own, "--reason", "the wrong exhibit")
    gone = run("attach", KEY, str(exhibit))
    assert gone.exit_code == 65
    assert "was attached before, and retracted" in gone.stderr
    run.ok("correct", own, "--set", f"about={KEY}", "--reason", "the right exhibit after all")
    assert run.ok("attach", KEY, str(exhibit)).startswith("already known  ")


def test_a_bad_value_names_the_field(run: Run) -> None:
    result = run("correct", KEY, "--set", "amount=lots", "--reason", "x")
    assert result.exit_code == 65
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


def test_a_text_that_is_refused_is_kept_and_corrects_when_it_is_mended(run: Run, tmp_path: Path) -> None:
    program = tmp_path / "editor.py"
    program.write_text(
        "import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text().replace('status: announced', 'status: sure'))\n"
    )
    command = f"{sys.executable} {program}"
    refused = run("correct", KEY, "--edit", "--reason", "it's {sure}", EDITOR=command, VISUAL=command)
    assert refused.exit_code == 65
    said = refused.stderr[refused.stderr.index("your text is kept: ") :]
    line = shlex.split(said[said.index("`deals ") + 1 : said.rindex("`")])
    kept = Path(line[4])
    assert line == ["deals", "correct", KEY, "--file", str(kept), "--reason", "it's {sure}"]
    kept.write_text(kept.read_text().replace("status: sure", "status: definitive"))
    assert run.ok(*line[1:]).startswith("recorded  19  ")
    kept.unlink()


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
