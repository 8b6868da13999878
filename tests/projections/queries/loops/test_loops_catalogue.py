"""The loops of the shipped catalogue on two days: those the story is known by, direct and through intermediaries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from projections.clocks import Clocks
from projections.queries.leverage.leverage import leverage
from projections.queries.lookthrough.lookthrough import lookthrough
from projections.queries.loops.loops import loops
from projections.queries.loops.table import RING_COLUMNS, for_terminal, ring_rows
from projections.result import Result
from projections.warehouse import Warehouse
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import warehouse_of
from tests.projections.flow_parts import billions, figures, row_of

AUTUMN, SPRING = (Clocks.on(dt.date(2025, 10, 14)), Clocks.on(dt.date(2026, 3, 5)))
DIRECT = "nvidia → openai → nvidia"
THROUGH_A_CLOUD = "nvidia → openai → oracle → nvidia"
THROUGH_A_SECOND_LAB = "anthropic → microsoft → openai → oracle → nvidia → anthropic"


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with warehouse_of(recorded(catalogue_raws())) as opened:
        yield opened


def bounds(result: Result) -> dict[str, tuple[Decimal | None, Decimal | None, Decimal | None, str]]:
    names = ("bottleneck", "at_least", "at_most")
    found = {}
    for ring in result.summary["loops"]:
        tightest, least, most = (billions(ring[name]) for name in names)
        found[ring["name"]] = (tightest, least, most, str(ring["since"]))
    return found


def test_autumn_2025(warehouse: Warehouse) -> None:
    result = loops(warehouse, AUTUMN)
    assert bounds(result) == {
        THROUGH_A_CLOUD: (None, 40, 100, "2025-09-22"),
        DIRECT: (None, None, 100, "2025-09-22"),
        "openai → softbank → openai": (None, None, 40, "2025-09-23"),
    }
    nvidia = row_of(result.rows, "nvidia")
    assert (billions(nvidia["round_trip"]), nvidia["round_trip_is_floor"]) == (40, True)
    assert {row["company"] for row in result.rows if row["round_trip"]} == {"nvidia", "openai", "oracle"}


def test_spring_2026(warehouse: Warehouse) -> None:
    found = bounds(loops(warehouse, SPRING))
    assert found[THROUGH_A_CLOUD] == (30, 30, 30, "2026-02-03")
    assert found[DIRECT] == (None, None, 30, "2026-02-03")
    assert found[THROUGH_A_SECOND_LAB] == (10, 10, 10, "2025-11-18")
    assert found["amazon → openai → amazon"] == (50, 50, 50, "2026-02-27")


def test_with_letters_at_nothing_the_answer_changes_and_says_why(warehouse: Warehouse) -> None:
    autumn, spring = (loops(warehouse, day, basis="binding") for day in (AUTUMN, SPRING))
    assert (autumn.summary["loops"], billions(autumn.summary["circulation"])) == ([], 0)
    assert {ring["name"] for ring in autumn.summary["loops_broken"]} == set(bounds(loops(warehouse, AUTUMN)))
    assert any("3 loops are there for the stated amounts and not on this basis" in note for note in autumn.notes)
    assert bounds(spring) == {
        "amazon → openai → amazon": (15, 15, 15, "2026-02-27"),
        "microsoft → openai → microsoft": (13, 13, 13, "2025-10-29"),
    }


def test_layers_of_the_stack(warehouse: Warehouse) -> None:
    names = {ring["name"] for ring in loops(warehouse, AUTUMN, layers=True).summary["loops"]}
    assert {"chips → model → chips", "chips → model → cloud → chips", "chips → cloud → chips"} <= names


def test_leverage_on_both_days(warehouse: Warehouse) -> None:
    oracle = row_of(leverage(warehouse, AUTUMN).rows, "oracle")
    assert figures(oracle, "own_debt", "serviced_executed", "serviced_in_talks") == {
        "own_debt": Decimal("105.4"),
        "serviced_executed": Decimal("9.4"),
        "serviced_in_talks": 38,
    }
    assert (oracle["gross_margin"], oracle["gross_margin_of"]) == (Decimal("0.14"), "gpu_rental_gross_margin")
    openai = leverage(warehouse, SPRING, company="openai")
    row = row_of(openai.rows, "openai")
    assert figures(row, "own_debt", "serviced_in_talks", "loi_backed") == {
        "own_debt": 0,
        "serviced_in_talks": 38,
        "loi_backed": 38,
    }
    assert billions(openai.summary["stated_partner_debt"]["unexplained"]) == 62


def test_look_through_of_coreweave(warehouse: Warehouse) -> None:
    rows = lookthrough(warehouse, SPRING, company="coreweave", basis="any").rows
    assert {row["to"]: row["dependency"] for row in rows if row["dependency"]} == {
        "microsoft": Decimal("0.67"),
        "openai": Decimal("0.3015"),
    }


def test_one_row_a_loop(warehouse: Warehouse) -> None:
    result = loops(warehouse, AUTUMN)
    listed = ring_rows(result)
    assert listed.columns == RING_COLUMNS
    assert [row["name"] for row in listed.rows] == list(bounds(result))
    assert [column.name for column in listed.columns] == list(listed.rows[0])
    first = listed.rows[0]
    assert (first["length"], first["currency"], billions(first["at_least"])) == (3, "USD", 40)
    assert first["legs"][0] == "nvidia-openai-2025/equity"
    assert first["statuses"] == ["letter_of_intent", "definitive", "announced", "rumoured"]


def test_a_terminal_sees_a_line_a_loop_and_the_companies_on_one(warehouse: Warehouse) -> None:
    shown = for_terminal(loops(warehouse, AUTUMN))
    assert {row["company"] for row in shown.rows} == {"nvidia", "openai", "oracle", "softbank"}
    assert shown.summary["loop 1"] == (
        f"{THROUGH_A_CLOUD}: at least 40,000,000,000 and at most 100,000,000,000 USD, closed 2025-09-22"
    )
    assert shown.notes[0].startswith("On no way round, and not shown: ")
    binding = for_terminal(loops(warehouse, AUTUMN, basis="binding"))
    assert binding.summary["broken loop 1"].startswith(f"{DIRECT}: nvidia-openai-2025/equity (letter_of_intent)")
    assert "loop 1" not in binding.summary


def test_rows_rest_on_events_that_were_public(warehouse: Warehouse) -> None:
    raws = {raw["key"]: raw for raw in catalogue_raws()}
    for result in (
        loops(warehouse, AUTUMN),
        leverage(warehouse, AUTUMN),
        lookthrough(warehouse, AUTUMN, company="openai"),
    ):
        for row in result.rows:
            assert row["events"], row
            assert all(raws[key]["announced_on"] <= "2025-10-14" for key in row["events"])
