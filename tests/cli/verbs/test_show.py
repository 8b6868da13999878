"""What is shown of an event, a leg, a deal: first how it stands and what changed, then how it was recorded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.cli.running import Run, normalised

KEY = "oracle-openai-2025/compute/2025-09-10"
LEG = "oracle-openai-2025/compute"
CORRECT = ("correct", KEY, "--announced-on", "2025-11-01")
FIRST = (
    *CORRECT,
    "--set",
    "amount=2bn",
    "--set",
    "capacity_gw=",
    "--set",
    "source.publisher=FT",
    "--reason",
    "misread",
)
SECOND = (*CORRECT, "--set", "supplier=AMD", "--reason", "the wrong seller")
RETRACT = ("retract", KEY, "--reason", "a hoax", "--announced-on", "2025-11-02")


def page(run: Run, name: str) -> list[str]:
    shown = normalised(run.ok("show", name)).splitlines()
    assert max(len(line) for line in shown if " " in line.strip()) <= 80
    return shown


def part(lines: list[str], heading: str) -> list[str]:
    """Return the lines below a heading, up to the next empty line."""
    after = lines[lines.index(heading) + 1 :]
    return after[: after.index("")] if "" in after else after


CHANGED_FIRST = [
    "  amount            about 300,000,000,000 USD → 2,000,000,000 USD",
    "  source publisher  WSJ → FT",
    "  capacity gw       4.5 → left out",
]


@pytest.mark.parametrize("name", [KEY, f"{KEY}/corrected-2025-11-01", f"{KEY}/corrected-2025-11-01-2"])
def test_a_corrected_event_leads_with_what_stands_and_what_changed(run: Run, name: str) -> None:
    run.ok(*FIRST)
    run.ok(*SECOND)
    lines = page(run, name)
    assert lines[0] == KEY
    assert ("  asked for as" in lines[1]) is (name != KEY)
    headings = [line for line in lines[1:] if line and not line.startswith(" ")]
    assert headings == [
        "as it stands now, by position 20",
        "changed by position 19",
        "changed by position 20",
        "corrections, in the order of recording",
        "as it was recorded first",
    ]
    standing = part(lines, headings[0])
    assert "  amount        2,000,000,000 USD" in standing
    assert "  supplier      amd" in standing
    assert "  source        press · FT" in standing
    assert not any("capacity" in line for line in standing)
    changed = part(lines, headings[1])
    assert sorted(changed[:3]) == sorted(CHANGED_FIRST)
    assert changed[3] == "  why               misread"
    assert changed[4].startswith("  recorded          INSTANT by ")
    assert part(lines, headings[2])[:2] == ["  supplier  oracle → amd", "  why       the wrong seller"]
    assert "  amount        about 300,000,000,000 USD" in part(lines, headings[4])


def test_a_retracted_event_says_so_first(run: Run) -> None:
    run.ok(*FIRST)
    run.ok(*RETRACT)
    for name in (KEY, f"{KEY}/corrected-2025-11-01", f"{KEY}/retracted-2025-11-02"):
        lines = [line for line in page(run, name) if "asked for" not in line and "changed it" not in line]
        assert lines[:2] == [KEY, "retracted: a hoax"]
        assert "nothing of it stands" in " ".join(lines[2].split() + lines[3].split())
        assert "  amount        2,000,000,000 USD" in part(lines, "as it read before it was retracted")
    run.ok(*CORRECT, "--set", "amount=2bn", "--reason", "no hoax")
    lines = page(run, KEY)
    assert "as it stands now, by position 21" in lines
    assert part(lines, "changed by position 21")[0] == "  nothing   it says again what it said before"


@pytest.mark.parametrize(("name", "head"), [(LEG, f"leg {LEG}"), ("oracle-openai-2025", "deal oracle-openai-2025")])
def test_a_leg_and_a_deal_lead_with_what_stands(run: Run, name: str, head: str) -> None:
    run.ok(*FIRST)
    lines = page(run, name)
    assert lines[0] == head
    headings = [line for line in lines[1:] if line and not line.startswith(" ")]
    assert headings == ["as it stands now", "events, in the order of the log"]
    standing = part(lines, "as it stands now")
    assert standing[:2] == [
        f"  10  {KEY}",
        "      announced 2025-09-10: purchase committed, announced, 2,000,000,000 USD",
    ]
    assert standing[2].startswith("      corrected by position 19, INSTANT, ")
    assert sorted(standing[-3:]) == sorted(f"      {line}" for line in CHANGED_FIRST)
    assert "about 300,000,000,000" in " ".join(part(lines, "events, in the order of the log"))
    run.ok(*RETRACT)
    lines = page(run, name)
    assert part(lines, "as it stands now") == ["  nothing of it stands"]
    assert lines.index("retracted") < lines.index("as it stands now") < lines.index("events, in the order of the log")
    assert f"  10  {KEY}" in part(lines, "retracted")
    if name != LEG:
        assert part(lines, head) == ["  legs       none", "  retracted  compute"]


def test_a_company_that_a_correction_took_out_is_told_so(run: Run) -> None:
    run.ok(*SECOND)
    for name in ("oracle", "amd"):
        standing = part(page(run, name), "as it stands now")
        assert "        supplier  oracle → amd" in standing


def test_what_was_never_corrected_is_shown_as_it_was_recorded(run: Run) -> None:
    assert not any("stands" in line for name in (KEY, LEG, "oracle-openai-2025", "oracle") for line in page(run, name))


@pytest.mark.parametrize("name", [KEY, f"{KEY}/corrected-2025-11-01", LEG, "oracle-openai-2025", "oracle"])
def test_documents_are_listed_with_the_event_its_leg_and_its_deal(run: Run, tmp_path: Path, name: str) -> None:
    exhibit = tmp_path / "exhibit.txt"
    exhibit.write_text("the exhibit")
    digest = hashlib.sha256(b"the exhibit").hexdigest()
    run.ok(*FIRST)
    run.ok("attach", KEY, str(exhibit), "--url", "https://example.org/exhibit")
    place = f"{run.db}.documents/{digest[:2]}/{digest}"

    def documents() -> list[str]:
        lines = run.ok("show", name).splitlines()
        return lines[lines.index("documents") + 1 :]

    named = [] if name.startswith(KEY) else [f"      attached to {KEY}"]
    said = ["  20  text/plain, 11 bytes, from https://example.org/exhibit"]
    assert documents() == [*said, *named, f"      sha256 {digest}", f"      {place}"]
    assert run.json("show", name)["summary"]["documents"] == [
        {
            "position": 20,
            "key": f"{KEY}/document-{digest[:12]}",
            "about": KEY,
            "sha256": digest,
            "media_type": "text/plain",
            "bytes": 11,
            "url": "https://example.org/exhibit",
            "retrieved_at": None,
            "file": place,
            "retracted": None,
        }
    ]
    Path(place).unlink()
    run.ok("retract", f"{KEY}/document-{digest[:12]}", "--reason", "the wrong exhibit")
    absent = "      absent; the log verifies without it"
    assert documents() == [*said, "      retracted: the wrong exhibit", *named, f"      sha256 {digest}", absent]


def test_programs_get_the_same(run: Run) -> None:
    run.ok(*FIRST)
    run.ok(*RETRACT)
    answer = run.json("show", LEG)
    (standing,) = answer["summary"]["standing"]
    assert (standing["position"], standing["key"], standing["event"]) == (10, KEY, None)
    first, second = standing["steps"]
    changed = {change["field"]: (change["was"], change["is"]) for change in first["changed"]}
    assert changed == {
        "amount": (
            {"value": "300000000000", "currency": "USD", "qualifier": "about"},
            {"value": "2000000000", "currency": "USD", "qualifier": "exactly"},
        ),
        "source.publisher": ("WSJ", "FT"),
        "capacity_gw": ("4.5", None),
    }
    assert [(step["position"], step["reason"], step["retracted"]) for step in (first, second)] == [
        (19, "misread", False),
        (20, "a hoax", True),
    ]
    assert [row["position"] for row in answer["rows"]] == [10, 19, 20]
    (standing,) = run.json("show", "amd-openai-2025/warrant/2025-10-06")["summary"]["standing"]
    assert standing["steps"] == []
    assert standing["event"]["type"] == "warrant_granted"
