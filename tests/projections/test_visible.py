"""What a query may see is decided in one place: no other statement compares the clocks of a reading."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from pathlib import Path

from projections.clocks import FOREVER, LATEST, Clocks
from projections.warehouse import Warehouse

ROOM = Path(__file__).parents[2] / "projections"
# What a reading's interval of positions, or a fact's announced day, is compared with a clock by.
COMPARED = re.compile(r"\bseen_(?:from|to)\b\s*(?:<|>)|(?:<|>)=?\s*(?:\w+\.)?seen_(?:from|to)\b|<=?\s*\w+\.known_by\b")


def test_only_the_macros_compare_the_clocks() -> None:
    found = {
        (path.relative_to(ROOM).as_posix(), match.group())
        for path in [*ROOM.rglob("*.sql"), *ROOM.rglob("queries/**/*.py")]
        for match in COMPARED.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == {
        ("sql/20_visible.sql", "seen_from <"),
        ("sql/20_visible.sql", "< seen_to"),
        ("sql/20_visible.sql", "<= point.known_by"),
    }


def test_a_fact_is_visible_from_its_days_on_while_its_reading_stands() -> None:
    day = dt.date(2026, 1, 10)
    days = [day - dt.timedelta(days=1), day, day + dt.timedelta(days=1)]
    cases = list(itertools.product(days, days, [4, 5, 6, 7, 8]))
    with Warehouse.in_memory([]) as warehouse:
        for effective_on, announced_on, seen_from in cases:
            row = warehouse.query(
                "SELECT visible($1::DATE, $2::DATE, $3, $3 + 2, $4) AS visible, "
                "public($2::DATE, $3, $3 + 2, $4) AS public, standing($3, $3 + 2, ($4).recorded_by) AS standing",
                [effective_on, announced_on, seen_from, Clocks.on(day, recorded_by=6).point()],
            )[0]
            standing = seen_from in {5, 6}
            public = standing and announced_on <= day
            assert row == {"visible": public and effective_on <= day, "public": public, "standing": standing}


def test_the_last_position_is_the_same_in_both_languages() -> None:
    with Warehouse.in_memory([]) as warehouse:
        assert warehouse.query("SELECT latest() AS latest") == [{"latest": LATEST}]
        assert warehouse.query(f"SELECT standing(1, {FOREVER}, latest()) AS seen") == [{"seen": True}]
