"""Loops for a person at a terminal: one line a loop, and the companies that are on one."""

from __future__ import annotations

import dataclasses
from typing import Any

from projections.kinds import Form, Kind
from projections.queries.wording import amount_text, counted
from projections.result import Column, Result

__all__ = ["RING_COLUMNS", "for_terminal", "ring_rows"]

RING_COLUMNS = (
    Column("name", "text"),
    Column("length", "count", optional=True),
    Column("currency", "text", optional=True),
    Column("bottleneck", "money"),
    Column("at_least", "money", optional=True),
    Column("at_most", "money", optional=True),
    Column("undisclosed", "count"),
    Column("since", "date"),
    Column("statuses", "list", optional=True),
    Column("legs", "list", optional=True),
    Column("events", "list", optional=True),
)
_SUMMED_UP = (
    "currency",
    "basis",
    "window_years",
    "total_flow",
    "circulation",
    "circulation_share",
    "legs",
    "undisclosed",
    "loop_count",
    "latest_announced_on",
)


def ring_rows(result: Result) -> Result:
    """Turn an answer about loops into one row for each loop listed, with its legs as references."""
    rows = []
    for ring in result.summary["loops"]:
        legs = [leg for hop in ring["legs"] for leg in hop["legs"]]
        rows.append(
            {
                "name": ring["name"],
                "length": len(ring["companies"]),
                "currency": result.summary["currency"],
                **{name: ring[name] for name in ("bottleneck", "at_least", "at_most", "undisclosed", "since")},
                "statuses": list(dict.fromkeys(leg["status"] for leg in legs)),
                "legs": list(dict.fromkeys(leg["leg"] for leg in legs)),
                "events": ring["events"],
            }
        )
    return Result("loops", result.clocks, RING_COLUMNS, rows, _figures(result), result.notes, _form(result))


def for_terminal(result: Result) -> Result:
    """Keep the companies that are on some way round, and write each loop, and each that is broken, as one line."""
    shown = [row for row in result.rows if row["round_trip"] or row["round_trip_is_floor"]]
    on_loops = {name for ring in result.summary["loops"] for name in ring["companies"]}
    shown += [row for row in result.rows if row["company"] in on_loops and row not in shown]
    summary = {
        **_figures(result),
        "loops": [_line(ring, result.summary["currency"] or "") for ring in result.summary["loops"]],
        "loops_broken": [f"{ring['name']}: {', '.join(ring['because'])}" for ring in result.summary["loops_broken"]],
    }
    hidden = len(result.rows) - len(shown)
    notes = (f"On no way round, and not shown: {counted(hidden, 'row')}; csv and json have all.",) if hidden else ()
    flat = _numbered(summary)
    lines: dict[str, Kind] = dict.fromkeys(flat.keys() - summary.keys(), "text")
    form = {**_form(result), **lines}
    return dataclasses.replace(result, rows=shown, summary=flat, notes=(*notes, *result.notes), form=form)


def _figures(result: Result) -> dict[str, Any]:
    figures = {name: result.summary[name] for name in _SUMMED_UP}
    return figures if figures["window_years"] is not None else {**figures, "window_years": "none: whole amounts"}


def _form(result: Result) -> Form:
    """Return the form of `_figures`: a window that there is none of is said in words."""
    return result.form if result.summary["window_years"] is not None else {**result.form, "window_years": "text"}


def _numbered(summary: dict[str, Any]) -> dict[str, Any]:
    """Return a summary in which each loop has a line of its own."""
    flat = {name: value for name, value in summary.items() if not isinstance(value, list)}
    for name, word in (("loops", "loop"), ("loops_broken", "broken loop")):
        flat |= {f"{word} {number}": line for number, line in enumerate(summary[name], 1)}
    return flat


def _line(ring: dict[str, Any], currency: str) -> str:
    closed = f"closed {ring['since']}"
    if ring["bottleneck"] is not None:
        return f"{ring['name']}: {amount_text(ring['bottleneck'])} {currency}, {closed}"
    bounds = []
    if ring["at_least"] is not None:
        bounds.append(f"at least {amount_text(ring['at_least'])}")
    if ring["at_most"] is not None:
        bounds.append(f"at most {amount_text(ring['at_most'])}")
    return (
        f"{ring['name']}: {' and '.join(bounds)} {currency}, {closed}"
        if bounds
        else f"{ring['name']}: undisclosed, {closed}"
    )
