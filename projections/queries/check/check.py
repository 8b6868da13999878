"""Contradictions and doubts in the ledger: what was recorded because it is possible, and a reader should know of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from events.lookalikes import deception, looks, spelled
from events.names import folded
from events.parties import SIDES, with_itself
from projections.clocks import Clocks
from projections.kinds import Form
from projections.queries.asked import points
from projections.queries.check.observed import of_metrics, of_prices
from projections.queries.check.vestings import of_vestings
from projections.queries.counted import share_legs
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
    at = points([clocks])
    share_legs(warehouse, at)
    rows = warehouse.query("SELECT * FROM findings($1, 'legs_at', $2)", [at, clocks.recorded_by])
    rows += _namesakes(warehouse, clocks)
    rows += _with_themselves(warehouse, clocks)
    rows += of_metrics(warehouse, clocks)
    rows += of_prices(warehouse, clocks)
    rows += of_vestings(warehouse, clocks)
    rows.sort(key=lambda row: (SEVERITIES.index(row["severity"]), row["kind"], row["about"], row["keys"]))
    counts = Counter(row["severity"] for row in rows)
    wanted = SEVERITIES[: SEVERITIES.index(least) + 1]
    shown = [row for row in rows if row["severity"] in wanted]
    hidden = {name: counts[name] for name in SEVERITIES if name not in wanted and counts[name]}
    notes = tuple(
        f"{count} of severity '{name}' are not shown; --severity {name} lists them." for name, count in hidden.items()
    )
    summary = {name: counts[name] for name in SEVERITIES}
    return Result("check", clocks, COLUMNS, shown, summary, notes, SUMMARY)


def _with_themselves(warehouse: Warehouse, clocks: Clocks) -> Iterator[dict[str, Any]]:
    """List deals and payments of a company with itself."""
    for row in warehouse.query("SELECT * FROM named_twice($1)", [clocks.recorded_by]):
        parties = {name: slug for name, slug in zip(SIDES[row["type"]], row["parties"], strict=False) if slug}
        lenders = {f"lenders.{place}.company": slug for place, slug in enumerate(row["lenders"])}
        said = with_itself(row["type"], parties | lenders, row["guarantee_kind"])
        if said:
            yield {
                "severity": "doubt",
                "kind": "with itself",
                "about": row["about"],
                "keys": [row["key"]],
                "what": said,
                "advice": "correct the party that is wrong, or retract it",
            }


def _namesakes(warehouse: Warehouse, clocks: Clocks) -> Iterator[dict[str, Any]]:
    """List companies that share a name or cannot be told apart, and names that deceive: older releases let them pass."""
    shapes: dict[str, dict[str, tuple[str, str]]] = {}
    for row in warehouse.query(
        "SELECT company, key, name, aliases FROM company WHERE standing(seen_from, seen_to, $1) ORDER BY slot",
        [clocks.recorded_by],
    ):
        for name in (row["company"], row["name"], *(row["aliases"] or ())):
            for shape in (folded(name), *looks(name)):
                shapes.setdefault(shape, {}).setdefault(row["company"], (row["key"], name))
            why = deception(name)
            if why:
                yield {
                    "severity": "doubt",
                    "kind": "deceptive name",
                    "about": row["company"],
                    "keys": [row["key"]],
                    "what": f"the name '{spelled(name)}' {why}",
                    "advice": "correct the registration to the name as its owner writes it",
                }
    pairs = {
        (one, other): ((key, name), (other_key, other_name))
        for companies in shapes.values()
        for (one, (key, name)), (other, (other_key, other_name)) in combinations(sorted(companies.items()), 2)
    }
    for (one, other), ((key, name), (other_key, other_name)) in pairs.items():
        yield {
            "severity": "contradiction",
            "kind": "two companies of one name",
            "about": f"{one}, {other}",
            "keys": [key, other_key],
            "what": f"'{spelled(name)}' and '{spelled(other_name)}' cannot be told apart",
            "advice": "correct a registration; if both are one company, retract what is said of the second",
        }
