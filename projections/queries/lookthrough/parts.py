"""What goes with look-through: capacity in gigawatts and reactors, and the sentences for the reader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from events.errors import BadValueError
from projections.kinds import Form, Keyed
from projections.queries.asked import Rows, rounded, total
from projections.queries.wording import are, listed

__all__ = ["CAPACITY", "capacity_figures", "look_through_notes"]

CAPACITY: Form = {
    "bought_gw_min": "gw",
    "bought_gw_max": "gw",
    "bought_gw_by_layer": Keyed("gw"),
    "bought_reactors_min": "number",
    "bought_reactors_max": "number",
    "sold_gw": "gw",
    "sold_reactors": "number",
    "gw_per_reactor": "gw",
}
"""What `capacity_figures` gives."""


def capacity_figures(bought: Rows, sold_gw: Decimal | None, gw_per_reactor: Decimal | None) -> dict[str, Any]:
    """Return the gigawatts bought, each physical lot once, as an interval, and in large reactors.

    `bought` are rows of `capacity_by_layer`. Raises BadValueError for a factor not above 0.
    """
    from projections.measures import GW_PER_LARGE_REACTOR, reactor_equivalents

    factor = GW_PER_LARGE_REACTOR if gw_per_reactor is None else gw_per_reactor
    if factor <= 0:
        raise BadValueError(f"gigawatts per reactor must be above 0 (got {factor})")
    least = max((row["capacity_gw"] for row in bought), default=None)
    most = total(row["capacity_gw"] for row in bought)
    return {
        "bought_gw_min": least,
        "bought_gw_max": most,
        "bought_gw_by_layer": {row["layer"]: row["capacity_gw"] for row in bought},
        "bought_reactors_min": rounded(reactor_equivalents(least, factor)),
        "bought_reactors_max": rounded(reactor_equivalents(most, factor)),
        "sold_gw": sold_gw,
        "sold_reactors": rounded(reactor_equivalents(sold_gw, factor)),
        "gw_per_reactor": factor,
    }


def look_through_notes(
    company: str, rows: Rows, told: list[str], closed: list[str], base: Decimal | None, summary: dict[str, Any]
) -> tuple[str, ...]:
    """Write the notes of an answer: which shares were used, where the chain ends, what is not computable."""
    notes = []
    if closed:
        notes.append(
            f"Look-through is not computable: {listed(closed)} depend wholly on one another, so the series has no sum."
        )
    elif not told:
        notes.append(
            f"Look-through is not computable: needs customer shares on this basis of {company} or of whom it is "
            "exposed to."
        )
    else:
        notes += [f"Shares of {name}: {summary['dependency_told'][name]}." for name in told]
        ends = [row["to"] for row in rows if row["to"] not in told and row["direct"]]
        if ends:
            notes.append(f"No shares are told of {listed(ends)}: look-through ends there and is a floor.")
        if len({summary["dependency_told"][name].split(" ")[0] for name in told}) > 1:
            notes.append("The bases of these shares differ: the chain mixes them because you asked for any.")
        notes.append("Look-through is dependency, not a claim: it is never added to direct exposure.")
    if base is None:
        notes.append(
            f"Large exposures are not computable: need the equity of {company} in {summary['currency'] or 'the currency'} "
            "at these clocks."
        )
    if summary["undisclosed"]:
        notes.append(
            f"{are(summary['undisclosed'], 'direct exposure')} not disclosed or in another currency; no sum includes it."
        )
    return tuple(notes)
