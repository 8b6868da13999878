"""What a journalist would ask of the shipped catalogue, asked on the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docs.shown import run


def asked(line: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(f"deals {line} --format json"))
    return answer


def leg(line: str, ref: str) -> dict[str, Any] | None:
    return next((row for row in asked(line)["rows"] if row["leg_ref"] == ref), None)


@pytest.mark.parametrize(("day", "customer"), [("2025-07-01", "oracle-customer-2025"), ("2025-09-15", "openai")])
def test_who_was_oracles_customer(day: str, customer: str) -> None:
    row = leg(f"legs --deal oracle-customer-2025 --as-of {day}", "oracle-customer-2025/compute")
    assert row is not None
    assert (row["first_party"], row["second_party"], row["headline"]) == (customer, "oracle", None)


@pytest.mark.parametrize(("day", "customer"), [("2025-10-20", "broadcom-customer-4"), ("2025-12-12", "anthropic")])
def test_who_placed_broadcoms_order(day: str, customer: str) -> None:
    row = leg(f"legs --deal broadcom-customer-4-2025 --as-of {day}", "broadcom-customer-4-2025/systems")
    assert row is not None
    assert (row["first_party"], row["headline"]) == (customer, "10000000000")


def test_nvidias_hundred_is_not_definitive_in_december() -> None:
    row = leg("legs --deal nvidia-openai-2025 --as-of 2025-12-03", "nvidia-openai-2025/equity")
    assert row is not None
    assert (row["status"], row["headline"], row["binding"]) == ("letter_of_intent", "100000000000", "0")


@pytest.mark.parametrize(
    ("day", "cheques"),
    [
        ("2026-02-04", {"nvidia-openai-2025/equity": "100000000000", "nvidia-openai-2026/equity": "20000000000"}),
        ("2026-03-05", {"nvidia-openai-2026/equity": "30000000000"}),
    ],
)
def test_nvidias_cheque_to_openai(day: str, cheques: dict[str, str]) -> None:
    rows = asked(f"legs nvidia --as-of {day}")["rows"]
    found = {
        r["leg_ref"]: r["headline"]
        for r in rows
        if r["type"] == "investment_committed" and r["second_party"] == "openai"
    }
    assert found == cheques


def test_what_changed_for_openai_in_the_autumn_of_2025() -> None:
    answer = asked("diff commitments 2025-09-01 2025-11-15 --company openai")
    changes = {row["supplier"]: (row["change"], row["events"]) for row in answer["rows"]}
    assert changes["amazon"] == ("added", ["aws-openai-2025/compute/2025-11-03"])
    assert changes["amd"] == ("added", ["amd-openai-2025/supply/2025-10-06"])
    assert changes["coreweave"] == ("changed", ["coreweave-openai-2025/compute/2025-09-25"])
    oracle = next(row for row in answer["rows"] if row["supplier"] == "oracle")
    assert (oracle["before"]["headline"], oracle["after"]["headline"]) == (None, "300000000000")


def test_stated_commitments_over_the_articles_revenue() -> None:
    summary = asked("commitments openai --as-of 2025-10-14")["summary"]
    assert (summary["revenue"]["value"], summary["stated"]["value"]) == ("12000000000", "1000000000000")
    assert summary["multiple_stated"] == "83.3333333333"


def test_amds_warrants() -> None:
    answer = asked("dilution amd --as-of 2025-10-14")
    (row,) = answer["rows"]
    assert (row["holder"], row["shares_max"], row["exercise_price"], row["shares_vested"]) == (
        "openai",
        160000000,
        "0.01",
        0,
    )
    assert answer["summary"]["shares_outstanding"] == 1622000000


def test_no_number_of_2026_in_an_answer_about_2025() -> None:
    for verb in ("exposure", "commitments openai", "dilution amd", "legs", "status"):
        answer = asked(f"{verb} --as-of 2025-10-14")
        keys = {key for row in answer["rows"] for key in row["events"]}
        announced = {row["key"]: row["announced_on"] for row in asked("log")["rows"]}
        assert max(announced[key] for key in keys) <= "2025-10-14"
        assert answer["summary"]["latest_announced_on"] <= "2025-10-14"


def test_silence_after_the_catalogues_end_is_said() -> None:
    notes = asked("exposure openai --as-of 2027-01-01")["notes"]
    assert any("unknown, not quiet" in note for note in notes)


@pytest.mark.parametrize(
    ("pick", "values"),
    [
        ("first", ["12000000000"]),
        ("latest", ["13100000000"]),
        ("all", ["12000000000", "13100000000"]),
    ],
)
def test_how_openais_2025_revenue_was_told(pick: str, values: list[str]) -> None:
    rows = asked(f"vintage openai revenue --period 2025 --basis estimate --pick {pick} --as-of 2026-07-31")["rows"]
    assert [row["value"] for row in rows if row["told"] != "contested"] == values


def test_a_what_if_is_compared_with_the_answer_without_it(tmp_path: Any) -> None:  # noqa: ANN401 - pytest's path
    scenario = tmp_path / "another.yaml"
    scenario.write_text(
        "type: warrant_granted\ndeal: another-customer-2026\nleg: warrant\nstatus: definitive\nissuer: amd\n"
        'holder: microsoft\nshares_max: 160000000\nexercise_price: {value: "0.01", currency: USD}\n'
    )
    answer = asked(f"diff dilution --axis what-if --what-if {scenario} --company amd --as-of 2026-03-05")
    assert answer["hypothetical"] is True
    (added,) = [row for row in answer["rows"] if row["change"] == "added"]
    assert (added["holder"], added["after"]["shares_max"]) == ("microsoft", 160000000)
    assert asked("dilution amd --as-of 2026-03-05")["summary"]["warrants_max"] == 320000000
