"""`deals diff`: the points are on one clock, the others stay as typed, and a clock that it would ignore is refused."""

from __future__ import annotations

import pytest

from cli.input.dates import today
from tests.cli.running import Run


@pytest.mark.parametrize(
    ("axis", "clock", "typed", "quoted"),
    [
        ("as-of", "--as-of", "2025-10-14", "2025-10-14"),
        ("known-by", "--known-by", "2025-10-14", "2025-10-14"),
        ("recorded-by", "--recorded-by", "5", "5"),
        ("recorded-by", "--recorded-by", "latest", "latest"),
    ],
)
def test_the_clock_of_the_axis_is_refused_as_an_option(
    run: Run, axis: str, clock: str, typed: str, quoted: str
) -> None:
    points = ("10", "18") if axis == "recorded-by" else ("2025-09-01", "2025-12-31")
    refused = run("diff", "legs", *points, "--axis", axis, clock, typed)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"error: {clock} {quoted}: BEFORE and AFTER are the points on the axis {axis}\n"
        "  next: leave it out, or compare on another clock with --axis\n"
    )


def test_the_other_clocks_are_taken(run: Run) -> None:
    moved = ("diff", "legs", "2025-07-01", "2025-07-02", "--format", "json")
    assert run.json(*moved, "--known-by", "latest")["rows"] == []
    assert run.json("diff", "legs", "2025-07-01", "latest", "--axis", "known-by", "--as-of", "2025-07-01")["rows"]


def test_known_by_follows_the_points_unless_it_was_typed(run: Run) -> None:
    asked = ("diff", "legs", "2025-07-01", "2025-12-31", "--deal", "oracle-customer-2025")
    (change,) = run.json(*asked)["rows"]
    assert "first_party" in change["changed"]
    assert run.json(*asked, "--known-by", str(today()))["rows"] == run.json(*asked, "--known-by", "latest")["rows"]
    assert run.json(*asked, "--known-by", str(today()))["rows"] == []
