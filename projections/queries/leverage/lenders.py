"""What kind of lender stands behind the loans: bank, private credit, bondholders, sovereign, vendor."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from projections.kinds import Keyed
from projections.queries.asked import Rows, total

__all__ = ["BY_LENDER_TYPE", "by_lender_type", "lender_types"]

BY_LENDER_TYPE = Keyed(Keyed({"loans": "count", "stated": "money", "executed": "money"}))
"""What `by_lender_type` gives: figures by currency and type of lender."""

# No lender named for a part of a loan; and named lenders of several kinds whose shares are not told.
UNNAMED, MIXED, VENDOR = "unnamed", "mixed", "vendor"


@cache
def lender_types() -> tuple[dict[str, str], str]:
    """Return the type of each listed lender by slug, and the type of all others. Source of each: data/lender_types.json."""
    listed = json.loads((resources.files("projections") / "data" / "lender_types.json").read_text(encoding="utf-8"))
    return {slug: entry["type"] for slug, entry in listed["lenders"].items()}, str(listed["default"])


def by_lender_type(rows: Rows, suppliers: Mapping[str, set[str]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Add loans up by currency and type of lender: how many, what is stated, and what is drawn or bound.

    `rows` are the live loans of `exposure_legs`, one for each lender, with `leg_ref`; `suppliers` maps a borrower to
    those it buys from: such a lender is a vendor. What no stated share covers falls to the lenders without a share, if
    they are of one type, `mixed` if of several, and `unnamed` if there are none.
    """
    listed, default = lender_types()

    def kind(row: dict[str, Any]) -> str:
        if row["exposed"] in suppliers.get(row["to"], ()):
            return VENDOR
        return listed.get(row["exposed"], default)

    without_share: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["exposed"] is not None and row["headline"] is None and row["gross"] is None:
            without_share[row["leg_ref"]].add(kind(row))
    parts: defaultdict[tuple[str, str], Rows] = defaultdict(list)
    for row in rows:
        if row["exposed"] is not None:
            named = kind(row)
        else:
            others = without_share[row["leg_ref"]]
            named = MIXED if len(others) > 1 else next(iter(others), UNNAMED)
        parts[row["currency"] or "", named].append(row)
    figures: dict[str, dict[str, dict[str, Any]]] = {}
    for (currency, named), members in sorted(parts.items()):
        figures.setdefault(currency, {})[named] = {
            "loans": len({row["leg_ref"] for row in members}),
            "stated": total(row["headline"] for row in members),
            "executed": total(row["gross"] for row in members),
        }
    return figures
