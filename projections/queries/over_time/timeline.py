"""A measure at many dates in one pass over the data, with the events at which it jumps."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from events.errors import BadValueError
from projections.clocks import LATEST, Clocks
from projections.kinds import NUMERIC, Form, Keyed, Kind, Listed, kind_at
from projections.queries.registry import Measure
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["STEPS", "SUMMARY", "dates", "pivot", "sparkline", "timeline"]

STEPS = ("day", "week", "month", "quarter", "event")
_BLOCKS = "▁▂▃▄▅▆▇█"
_POINTS_MAX = 5_000
SUMMARY: Form = {
    "measure": "text",
    "from": "date",
    "to": "date",
    "dates": Listed("date"),
    "series": {},
    "sparklines": Keyed("text"),
    "latest_announced_on": "date",
}
"""What the summary of every timeline has; what is in `series` depends on the measure."""


def dates(
    warehouse: Warehouse, first: dt.date, last: dt.date, every: str, *, recorded_by: int = LATEST
) -> list[dt.date]:
    """List the dates of a timeline; the last date is always among them.

    Month and quarter steps fall on the last day of each, `event` on every day something becomes known or takes effect.
    Raises BadValueError for an unknown step, a range that ends before it begins, or more than 5,000 dates.
    """
    if every not in STEPS:
        raise BadValueError(f"--every {every!r} is not one of {', '.join(STEPS)}")
    if last < first:
        raise BadValueError(f"the range ends on {last}, before it begins on {first}")
    if every == "event":
        rows = warehouse.query(
            "SELECT DISTINCT greatest(announced_on, effective_on) AS day FROM log "
            "WHERE position <= $1 AND greatest(announced_on, effective_on) BETWEEN $2 AND $3 ORDER BY day",
            [recorded_by, first, last],
        )
        days = [row["day"] for row in rows]
    else:
        days = list(_steps(first, last, every))
    if not days or days[-1] != last:
        days.append(last)
    if len(days) > _POINTS_MAX:
        raise BadValueError(
            f"{len(days)} dates are more than the {_POINTS_MAX} of one timeline",
            advice="take a wider step or a shorter range",
        )
    return days


def timeline(
    warehouse: Warehouse,
    measure: Measure,
    days: Sequence[dt.date],
    *,
    known_by: dt.date | None = None,
    recorded_by: int = LATEST,
    **parameters: Any,  # noqa: ANN401 - the measure's own
) -> Result:
    """Answer a measure at each of the days; nothing looks ahead of its day unless `known_by` says so.

    Rows are led by `date`; their `events` are those at which the row jumps, which it did not have at the date before. The
    summary has, for each drawn figure, its series over the dates.
    """
    triples = [Clocks(as_of=day, known_by=known_by or day, recorded_by=recorded_by) for day in days]
    told = {"new_events": True} if measure.tells_new_events else {}
    results = measure.over(warehouse, triples, **parameters, **told)
    rows: list[dict[str, Any]] = []
    known: dict[tuple[Any, ...], set[str]] = {}
    for day, result in zip(days, results, strict=True):
        here: dict[tuple[Any, ...], set[str]] = {}
        for row in result.rows:
            events = row["events"]
            if not measure.tells_new_events:
                key = tuple(row[name] for name in measure.keys)
                here[key] = set(events)
                before = known.get(key, set())
                events = [event for event in events if event not in before]
            rows.append({"date": day, **row, "events": events})
        known = here
    series = {name: [_drawn(result.summary, name) for result in results] for name in measure.drawn}
    drawn_kinds = {name: _drawn_kind(results[-1], name) for name in measure.drawn}
    summary = {
        "measure": measure.name,
        "from": days[0],
        "to": days[-1],
        "dates": list(days),
        "series": series,
        "sparklines": {name: sparkline(values) for name, values in series.items()},
        "latest_announced_on": max((r.summary["latest_announced_on"] for r in results
                                    if r.summary.get("latest_announced_on")), default=None),
    }  # fmt: skip
    columns = (
        Column("date", "date"),
        *results[-1].columns,
    )
    form = {**SUMMARY, "series": {name: Listed(kind) for name, kind in drawn_kinds.items()}}
    return Result("timeline", triples[-1], columns, rows, summary, results[-1].notes, form)


def _drawn(summary: dict[str, Any], name: str) -> Decimal | int | None:
    """Find a figure in a measure's summary, or in its totals of the main currency."""
    if name in summary:
        value: Decimal | int | None = summary[name]
        return value
    totals = summary.get("totals", {}).get(summary.get("currency"), {})
    figure: Decimal | int | None = totals.get(name)
    return figure


def _drawn_kind(result: Result, name: str) -> Kind:
    """Give the kind of a figure that is drawn, where `_drawn` finds it."""
    found = kind_at(result.form, [name]) or kind_at(result.form, ["totals", "", name])
    if found is None:
        raise KeyError(name)
    return found


def sparkline(values: Sequence[Decimal | int | None]) -> str:
    """Draw a series in one line of block characters from its least to its greatest value; a gap is a dot."""
    known = [Decimal(value) for value in values if value is not None]
    if not known:
        return "·" * len(values)
    low, high = min(known), max(known)
    span = high - low

    def block(value: Decimal | int | None) -> str:
        if value is None:
            return "·"
        return _BLOCKS[0 if not span else int((Decimal(value) - low) / span * (len(_BLOCKS) - 1))]

    return "".join(block(value) for value in values)


def _steps(first: dt.date, last: dt.date, every: str) -> Sequence[dt.date]:
    days: list[dt.date] = []
    day = first
    if every in {"day", "week"}:
        step = dt.timedelta(days=1 if every == "day" else 7)
        while day <= last:
            days.append(day)
            day += step
        return days
    months = 1 if every == "month" else 3
    while True:
        day = _month_end(day if every == "month" else day.replace(day=1, month=(day.month - 1) // 3 * 3 + 3))
        if day > last:
            return days
        days.append(day)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        day = dt.date(year, month + 1, 1)


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def pivot(result: Result, measure: Measure) -> Result:
    """Turn a timeline into one row for each row of the measure, with its course as a sparkline, for a terminal.

    The course is of the first figure that is drawn or, where no row has it, of the first number that a row has; of a measure
    of words alone there is the first word and the last.
    """
    days: list[dt.date] = result.summary["dates"]
    kinds = result.kinds()
    numeric = [name for name in measure.values if kinds[name] in NUMERIC]
    value = next((name for name in measure.drawn if name in numeric), [*numeric, *measure.values][0])
    courses: dict[tuple[Any, ...], dict[dt.date, Any]] = {}
    for row in result.rows:
        courses.setdefault(tuple(row[name] for name in measure.keys), {})[row["date"]] = row
    rows = []
    for key, course in courses.items():
        values = [course[day][value] if day in course else None for day in days]
        told = [entry for entry in values if entry is not None]
        rows.append(
            {
                **dict(zip(measure.keys, key, strict=True)),
                **({"trend": sparkline(values)} if numeric else {}),
                "first": told[0] if told else None,
                "last": values[-1],
                "jumps": sum(len(row["events"]) > 0 for row in course.values()),
            }
        )
    columns = (
        *(Column(name, kinds[name], optional=name in {"buyer", "issuer", "deal"}) for name in measure.keys),
        *((Column("trend", "text"),) if numeric else ()),
        Column("first", kinds[value]),
        Column("last", kinds[value]),
        Column("jumps", "count", optional=True),
    )
    summary = {name: part for name, part in result.summary.items() if name not in {"dates", "series", "sparklines"}}
    lines = {f"{name} over time": line for name, line in result.summary["sparklines"].items()}
    texts: dict[str, Kind] = dict.fromkeys(["drawn", *lines], "text")
    form = {**result.form, **texts}
    return Result("timeline", result.clocks, columns, rows, {**summary, "drawn": value, **lines}, result.notes, form)
