"""Days and instants at the ends of the calendar: an answer, or a refusal that says which days there are."""

from __future__ import annotations

import datetime as dt

import pytest

from cli.input.dates import RECORDED_BY
from events.scalars import FIRST_DAY, LAST_DAY
from projections import clocks
from tests.cli.running import Run
from tests.effort import first_of


def test_both_sides_know_the_same_days() -> None:
    assert (clocks.FIRST_DAY, clocks.NO_LOOKING_AHEAD) == (FIRST_DAY, LAST_DAY)


VERBS = [
    ("exposure",), ("dilution", "amd"), ("commitments", "openai"), ("legs",), ("status",), ("loops",), ("leverage",),
    ("lookthrough", "openai"), ("demand",), ("reaction",), ("stress", "openai-fails"), ("bubble",), ("check",),
    ("explain", "amd-openai-2025/warrant"), ("sql", "SELECT as_of() AS a, known_by() AS k FROM leg_state(points())"),
]  # fmt: skip


@pytest.mark.parametrize("verb", first_of(VERBS, 4), ids=lambda verb: verb[0])
def test_every_question_has_an_answer_on_the_first_day_and_the_last(run: Run, verb: tuple[str, ...]) -> None:
    # Each end of each clock, and beside each early one a late one, so that no question is asked of nothing at all.
    for clock in (
        ("--as-of", "1970-01-01", "--known-by", "9999-12-31", "--recorded-by", "9999-12-31T23:59:59-12:00"),
        ("--as-of", "2149-06-05", "--known-by", "0001-01-01"),
        ("--known-by", "latest", "--recorded-by", "0999-12-31"),
        ("--recorded-by", "0001-01-01T00:00:00+14:00"),
        ("--as-of", "2149-06-05"),
    ):
        asked = run(*verb, *clock, "--format", "table")
        assert asked.exit_code in {0, 1, 3}, (clock, asked.stderr)
    for day in ("0001-01-01", "1969-12-31", "2149-06-06", "9999-12-31"):
        refused = run(*verb, "--as-of", day)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert f"'{day}' is outside 1970-01-01 to 2149-06-05, the days that an event can have" in refused.stderr


@pytest.mark.parametrize("line", [("--since",), ("--recorded-by",)])
def test_the_log_has_a_beginning_and_an_end(run: Run, line: tuple[str]) -> None:
    def listed(at: str) -> int:
        return len(run.json("log", *line, at)["rows"])

    early = ["0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0999-12-31", "0999-12-31T00:00:00Z"]
    late = ["9999-12-31", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-12:00"]
    before, after = [18, 0] if line == ("--since",) else [0, 18]
    assert [listed(at) for at in early] == [before] * len(early)
    assert [listed(at) for at in late] == [after] * len(late)


def test_an_instant_beyond_the_calendar_is_its_end() -> None:
    assert RECORDED_BY.convert("0001-01-01T00:00:00+14:00", None, None) == dt.datetime.min.replace(tzinfo=dt.UTC)
    assert RECORDED_BY.convert("9999-12-31T23:59:59-12:00", None, None) == dt.datetime.max.replace(tzinfo=dt.UTC)
    assert RECORDED_BY.convert("0001-01-01T14:00:00+14:00", None, None) == dt.datetime.min.replace(tzinfo=dt.UTC)


def test_a_comparison_and_a_timeline_keep_to_the_days_there_are(run: Run) -> None:
    assert run("diff", "legs", "0001-01-01", "2025-01-01").exit_code == 2
    assert run("timeline", "legs", "--from", "0001-01-01", "--to", "2025-01-01").exit_code == 2
    assert run("timeline", "legs", "--from", "2149-01-01", "--to", "2149-06-05", "--every", "month").exit_code == 0
    assert run("audit", "export", "x.zip", "--as-of", "9999-12-31").exit_code == 2
