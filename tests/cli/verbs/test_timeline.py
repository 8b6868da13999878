"""`deals timeline`: its days are its own, and a clock that it would ignore is refused."""

from __future__ import annotations

import pytest

from cli.input.dates import today
from tests.cli.running import Run

SPAN = ("--from", "2025-09-01", "--to", "2025-12-31")


def test_the_day_of_from_is_the_first_point(run: Run) -> None:
    told = run.json("timeline", "legs", *SPAN, "--every", "quarter")["summary"]
    assert told["dates"] == ["2025-09-01", "2025-09-30", "2025-12-31"]
    assert told["from"] == "2025-09-01"


def test_as_of_is_refused_and_quoted(run: Run) -> None:
    refused = run("timeline", "exposure", *SPAN, "--as-of", "2025-10-14")
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert refused.stderr == (
        "error: --as-of 2025-10-14: a timeline has its own days\n"
        "  next: leave it out; --from and --to are the days to answer for\n"
    )


@pytest.mark.parametrize("measure", ["legs", "status"])
def test_measures_whose_rows_hold_words_are_a_table_too(run: Run, measure: str) -> None:
    table = run.ok("timeline", measure, *SPAN, "--format", "table")
    assert "oracle-customer-2025/compute" in table
    assert "trend" in table


def test_known_by_follows_each_day_unless_it_was_typed(run: Run) -> None:
    def first(*more: str) -> list[object]:
        rows = run.json("timeline", "legs", "--from", "2025-07-01", "--to", "2025-07-01", *more)["rows"]
        return [row["first_party"] for row in rows if row["leg_ref"] == "oracle-customer-2025/compute"]

    assert first() == ["oracle-customer-2025"]
    # Today is also the day that an as-of clock takes where it is left out: typed, it looks back all the same.
    assert first("--known-by", str(today())) == first("--known-by", "latest") == ["openai"]
