"""Contradictions and doubts in the ledger: what was recorded because it is possible, and a reader should know of."""

from __future__ import annotations

from collections import Counter

from projections.clocks import Clocks
from projections.kinds import Form
from projections.queries.asked import points
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SEVERITIES", "SUMMARY", "check"]

SEVERITIES = ("contradiction", "doubt", "note")
COLUMNS = (
    Column("severity", "text"),
    Column("kind", "word"),
    Column("about", "text"),
    Column("what", "text"),
    Column("advice", "text", optional=True),
    Column("keys", "list", optional=True),
)
SUMMARY: Form = dict.fromkeys(SEVERITIES, "count")


def check(warehouse: Warehouse, clocks: Clocks, *, least: str = "doubt") -> Result:
    """List the findings from `least` severity up: contradictions cannot both be true, doubts may be, notes are gaps."""
    rows = warehouse.query("SELECT * FROM findings($1)", [points([clocks])])
    counts = Counter(row["severity"] for row in rows)
    wanted = SEVERITIES[: SEVERITIES.index(least) + 1]
    shown = [row for row in rows if row["severity"] in wanted]
    hidden = {name: counts[name] for name in SEVERITIES if name not in wanted and counts[name]}
    notes = tuple(
        f"{count} of severity '{name}' are not shown; --severity {name} lists them." for name, count in hidden.items()
    )
    summary = {name: counts[name] for name in SEVERITIES}
    return Result("check", clocks, COLUMNS, shown, summary, notes, SUMMARY)
