"""The naive fold on the researched announcements: the figures that the story is known by."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from events.envelope import Recorded
from tests.oracle.fold import commitments, dilution, exposure, legs
from tests.oracle.recording import at, recorded

CATALOGUE = Path(__file__).parents[2] / "events" / "catalogue"


@cache
def catalogue() -> tuple[Recorded, ...]:
    """Record the announcements: companies first, then by announced day."""
    raws = [
        json.loads(line) for file in sorted(CATALOGUE.rglob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    raws.sort(key=lambda raw: (raw["type"] != "company_registered", raw["announced_on"]))
    return recorded(raws)


def test_openai_in_october_2025() -> None:
    summary = commitments(catalogue(), at("2025-10-14"), "openai").summary
    assert (summary["revenue"]["value"], summary["revenue"]["method"]) == (12 * 10**9, "twelve_months")
    assert (summary["stated"]["value"], summary["multiple_stated"]) == (10**12, Decimal("83.3333333333"))
    assert (summary["capacity_gw_min"], summary["capacity_gw_max"]) == (26, 33)


@pytest.mark.parametrize(
    ("as_of", "known_by", "billions"),
    [("2026-01-15", None, "12"), ("2026-03-05", None, "13.1"), ("2025-12-31", "latest", "13.1")],
)
def test_openai_revenue_of_2025(as_of: str, known_by: str | None, billions: str) -> None:
    summary = commitments(catalogue(), at(as_of, known_by=known_by), "openai").summary
    assert summary["revenue"]["value"] == Decimal(billions) * 10**9


def test_amd_warrants() -> None:
    autumn = dilution(catalogue(), at("2025-10-14"), "amd")
    assert [(row["holder"], row["shares_max"], row["shares_vested"]) for row in autumn.rows] == [
        ("openai", 160_000_000, 0)
    ]
    spring = dilution(catalogue(), at("2026-03-05"), "amd")
    assert spring.summary["shares_outstanding"] == 1_630_000_000
    assert (spring.summary["warrants_max"], spring.summary["post_issue"]) == (320_000_000, Decimal("0.164102564103"))


@pytest.mark.parametrize(
    ("as_of", "known_by", "billions"),
    [("2025-10-14", None, 100), ("2025-10-14", "latest", 100), ("2026-03-05", None, 30)],
)
def test_nvidia_stake_in_openai(as_of: str, known_by: str | None, billions: int) -> None:
    rows = exposure(catalogue(), at(as_of, known_by=known_by), company="openai").rows
    found = [
        (row["headline"], row["binding"], row["gross"])
        for row in rows
        if (row["exposed"], row["to"], row["kind"]) == ("nvidia", "openai", "investment")
    ]
    assert found == [(billions * 10**9, 0, 0)]


def test_nvidia_hundred_billion_has_ended() -> None:
    state = legs(catalogue(), at("2026-03-05"))["nvidia-openai-2025", "equity"]
    assert (state.status, state.ended) == ("terminated", True)


def test_oracle_customer_gets_its_name() -> None:
    buyers = [
        legs(catalogue(), at(day, known_by=known))["oracle-customer-2025", "compute"].parties["buyer"]
        for day, known in (("2025-07-01", None), ("2025-07-22", None), ("2025-07-01", "latest"))
    ]
    assert buyers == ["oracle-customer-2025", "openai", "openai"]


def test_softbank_first_closing_with_hindsight() -> None:
    state = legs(catalogue(), at("2025-09-30", known_by="latest"))["softbank-openai-2025", "equity"]
    found = [state.status, state.headline, state.binding, state.performed]
    assert found == ["definitive", 40 * 10**9, None, 7_500_000_000]


def test_a_fold_of_the_catalogue_is_quick_enough_for_hundreds_of_triples() -> None:
    entries, clocks = catalogue(), at("2026-07-01")
    seconds = []
    for _ in range(5):
        begun = time.process_time()
        exposure(entries, clocks)
        seconds.append(time.process_time() - begun)
    # The aim is a fiftieth of a second; a busy machine gets ten times that.
    assert min(seconds) < 0.2
