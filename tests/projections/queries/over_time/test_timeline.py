"""A timeline: which days it has, and what a terminal shows of rows that hold words, numbers or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from events.errors import BadValueError
from projections.queries.over_time.timeline import STEPS, dates, pivot, sparkline, timeline
from projections.queries.registry import measure
from projections.warehouse import Warehouse
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import warehouse_of

DAY = dt.date.fromisoformat


@pytest.fixture(scope="module")
def catalogue() -> Iterator[Warehouse]:
    with warehouse_of(recorded(catalogue_raws())) as warehouse:
        yield warehouse


@pytest.mark.parametrize(
    ("first", "last", "every", "days"),
    [
        ("2025-01-15", "2025-03-10", "month", ["2025-01-15", "2025-01-31", "2025-02-28", "2025-03-10"]),
        ("2025-01-31", "2025-03-31", "month", ["2025-01-31", "2025-02-28", "2025-03-31"]),
        ("2024-11-30", "2025-02-01", "month", ["2024-11-30", "2024-12-31", "2025-01-31", "2025-02-01"]),
        ("2025-06-01", "2026-01-01", "quarter", ["2025-06-01", "2025-06-30", "2025-09-30", "2025-12-31", "2026-01-01"]),
        ("2025-01-01", "2025-01-16", "week", ["2025-01-01", "2025-01-08", "2025-01-15", "2025-01-16"]),
        ("2024-02-28", "2024-03-01", "day", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("2025-01-15", "2025-01-15", "month", ["2025-01-15"]),
        ("9999-11-30", "9999-12-31", "month", ["9999-11-30", "9999-12-31"]),
        ("9999-12-30", "9999-12-31", "day", ["9999-12-30", "9999-12-31"]),
        ("2025-09-09", "2025-09-12", "event", ["2025-09-09", "2025-09-10", "2025-09-11", "2025-09-12"]),
        ("2023-01-01", "2023-01-05", "event", ["2023-01-01", "2023-01-05"]),
    ],
)
def test_the_first_and_the_last_day_are_always_among_them(
    catalogue: Warehouse, first: str, last: str, every: str, days: list[str]
) -> None:
    assert dates(catalogue, DAY(first), DAY(last), every) == [DAY(day) for day in days]


@pytest.mark.parametrize("every", STEPS)
def test_the_days_rise_and_none_comes_twice(catalogue: Warehouse, every: str) -> None:
    days = dates(catalogue, DAY("2025-01-17"), DAY("2025-12-13"), every)
    assert days == sorted(set(days))
    assert (days[0], days[-1]) == (DAY("2025-01-17"), DAY("2025-12-13"))


def test_a_range_that_ends_before_it_begins_or_has_too_many_days_is_refused(catalogue: Warehouse) -> None:
    with pytest.raises(BadValueError, match="ends on 2025-01-01, before it begins on 2025-01-02"):
        dates(catalogue, DAY("2025-01-02"), DAY("2025-01-01"), "day")
    with pytest.raises(BadValueError, match="36525 dates are more than the 5000"):
        dates(catalogue, DAY("2000-01-01"), DAY("2099-12-31"), "day")
    with pytest.raises(BadValueError, match="'year' is not one of day, week"):
        dates(catalogue, DAY("2025-01-01"), DAY("2025-01-02"), "year")


def pivoted(warehouse: Warehouse, name: str, days: list[str], about: dict[str, Any]) -> list[dict[str, Any]]:
    asked = measure(name)
    return pivot(timeline(warehouse, asked, [DAY(day) for day in days], **about), asked).rows


def test_words_are_shown_one_after_the_other_where_they_change(catalogue: Warehouse) -> None:
    days = ["2025-09-01", "2025-10-01", "2026-01-31", "2026-03-05", "2026-03-06"]
    assert pivoted(catalogue, "status", days, {"deal": "nvidia-openai-2025"}) == [
        {
            "leg_ref": "nvidia-openai-2025/equity",
            "trend": "· → letter of intent → suspended → terminated",
            "first": "letter of intent",
            "last": "terminated",
            "jumps": 3,
        },
        {
            "leg_ref": "nvidia-openai-2025/systems",
            "trend": "· → letter of intent",
            "first": "letter of intent",
            "last": "letter of intent",
            "jumps": 2,
        },
    ]


def test_a_row_without_a_drawn_figure_shows_its_first_number(catalogue: Warehouse) -> None:
    (equity, systems) = pivoted(catalogue, "legs", ["2025-10-01", "2025-10-02"], {"deal": "nvidia-openai-2025"})
    assert (equity["trend"], equity["first"], equity["last"]) == ("▁▁", 100_000_000_000, 100_000_000_000)
    assert (systems["trend"], systems["first"], systems["last"]) == ("··", None, None)


def test_what_is_there_on_the_first_day_is_no_jump(catalogue: Warehouse) -> None:
    days = ["2025-10-01", "2025-10-14", "2026-02-28", "2026-03-05"]
    rows = {row["holder"]: row for row in pivoted(catalogue, "dilution", days, {"issuer": "amd"})}
    assert {name: (row["trend"][0], row["jumps"]) for name, row in rows.items()} == {
        "openai": ("·", 1),
        "meta": ("·", 1),
    }
    (openai,) = pivoted(catalogue, "dilution", days[1:2], {"issuer": "amd"})
    assert openai["jumps"] == 0


def test_a_sparkline_runs_from_the_least_to_the_greatest_with_gaps_as_dots() -> None:
    assert sparkline([None, 1, 8, 4]) == "·▁█▄"
    assert sparkline([5, 5]) == "▁▁"
    assert sparkline([None, None]) == "··"
