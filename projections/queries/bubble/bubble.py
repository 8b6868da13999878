"""One page for a date: what would be evidence of a bubble, beside what would count as a warning and what is unknown."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from events.errors import NotFoundError
from projections.clocks import Clocks
from projections.kinds import Form, Keyed, Listed
from projections.queries.asked import Rows, resolve
from projections.queries.bubble.indicators import Indicator, shipped_indicators
from projections.queries.over_time.timeline import sparkline
from projections.queries.registry import measure
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "MONTHS_BACK", "SUMMARY", "bubble", "bubble_over"]

COLUMNS = (
    Column("indicator", "text"),
    Column("title", "text", optional=True),
    Column("value", "number"),
    Column("unit", "text"),
    Column("warning_at", "number"),
    Column("warning_side", "text", optional=True),
    Column("beyond", "flag"),
    Column("history", "text"),
    Column("series", "list", optional=True),
    Column("published", "flag", optional=True),
    Column("source", "text", optional=True),
    Column("missing", "list", optional=True),
    Column("events", "list", optional=True),
)
SUMMARY: Form = {
    "dates": Listed("date"),
    "indicators": "count",
    "beyond": "count",
    "not_computable": "count",
    "series": Keyed(Listed("number")),
    "latest_announced_on": "date",
}
# How far back the history reaches: a point every so many months before the as-of day.
MONTHS_BACK = (12, 9, 6, 3, 0)
_SUBJECTS = ("company", "issuer")
_EVIDENCE = (
    "Evidence, not a verdict: thresholds mark where to look, most are a convention of this product (docs/bubble.md), and "
    "another file of indicators may replace them."
)
_GAPS = ("not computable", "Not computable", "undisclosed", "not disclosed", "no revenue")


def bubble(warehouse: Warehouse, clocks: Clocks, *, indicators: Sequence[Indicator] | None = None) -> Result:
    """Lay out the indicators of a date; see `bubble_over`."""
    return bubble_over(warehouse, [clocks], indicators=indicators)[0]


def bubble_over(
    warehouse: Warehouse, clocks: Sequence[Clocks], *, indicators: Sequence[Indicator] | None = None
) -> list[Result]:
    """Answer `bubble` at many clock triples in one pass.

    Each row has the figure, its history (`series` over the summary's `dates`), the threshold and whether it is passed,
    what is missing where the figure is None, and the events behind it. It is evidence, and no verdict: nothing is added up.
    `indicators` replace those that come with the product. Raises NotFoundError for a measure that does not exist.
    """
    listed = tuple(shipped_indicators() if indicators is None else indicators)
    histories = [_history(triple) for triple in clocks]
    every = list(dict.fromkeys(point for history in histories for point in history))
    answers: dict[tuple[Any, ...], dict[Clocks, Result] | str] = {}
    for indicator in listed:
        asked = (indicator.measure, indicator.parameters)
        if asked not in answers:
            answers[asked] = _ask(warehouse, every, indicator)
    return [_result(triple, history, listed, answers) for triple, history in zip(clocks, histories, strict=True)]


def _history(clocks: Clocks) -> list[Clocks]:
    """Return the points of a history, each knowing what was known on its day; hindsight stays hindsight."""
    points = []
    for months in MONTHS_BACK:
        day = _months_before(clocks.as_of, months)
        known_by = clocks.known_by if clocks.known_by > clocks.as_of else min(clocks.known_by, day)
        points.append(Clocks(day, known_by, clocks.recorded_by))
    return points


def _months_before(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _ask(warehouse: Warehouse, every: list[Clocks], indicator: Indicator) -> dict[Clocks, Result] | str:
    """Ask the measure at every point; a sentence where it cannot be asked at all."""
    parameters, asked = dict(indicator.parameters), measure(indicator.measure)
    try:
        for name in _SUBJECTS:
            if name in parameters:
                parameters[name] = resolve(warehouse, every[-1], str(parameters[name]))
        results = asked.over(warehouse, every, **parameters)
    except NotFoundError as error:
        return error.message
    return dict(zip(every, results, strict=True))


def _result(
    clocks: Clocks,
    history: list[Clocks],
    indicators: Sequence[Indicator],
    answers: dict[tuple[Any, ...], dict[Clocks, Result] | str],
) -> Result:
    rows = [_row(indicator, history, answers[indicator.measure, indicator.parameters]) for indicator in indicators]
    known = [row for row in rows if row["value"] is not None]
    fresh = [
        day
        for answer in answers.values()
        if not isinstance(answer, str) and (day := answer[history[-1]].summary.get("latest_announced_on"))
    ]
    notes = [
        _EVIDENCE,
        *(f"Not computable: {row['indicator']}: {' '.join(row['missing'])}" for row in rows if row["value"] is None),
    ]
    silent = [note for answer in answers.values() if not isinstance(answer, str)
              for note in answer[history[-1]].notes if "unknown, not quiet" in note]  # fmt: skip
    summary = {
        "dates": [point.as_of for point in history],
        "indicators": len(rows),
        "beyond": sum(row["beyond"] is True for row in rows),
        "not_computable": len(rows) - len(known),
        "series": {row["indicator"]: row["series"] for row in rows},
        "latest_announced_on": max(fresh, default=None),
    }
    return Result("bubble", clocks, COLUMNS, rows, summary, (*notes, *dict.fromkeys(silent)), SUMMARY)


def _row(indicator: Indicator, history: list[Clocks], answer: dict[Clocks, Result] | str) -> dict[str, Any]:
    if isinstance(answer, str):
        return _cells(indicator, [None] * len(history), None, [answer], [])
    series = [indicator.take.figure(answer[point]) for point in history]
    now = answer[history[-1]]
    missing = [] if series[-1] is not None else _missing(indicator, now)
    return _cells(indicator, series, indicator.limit(now), missing, _events(indicator, now))


def _cells(
    indicator: Indicator, series: list[Decimal | None], limit: Decimal | None, missing: list[str], events: list[str]
) -> dict[str, Any]:
    value = series[-1]
    beyond = None if value is None or limit is None else (value > limit if indicator.above else value < limit)
    return {
        "indicator": indicator.name,
        "title": indicator.title,
        "value": value,
        "unit": indicator.unit,
        "warning_at": limit,
        "warning_side": None if indicator.threshold is None else "above" if indicator.above else "below",
        "beyond": beyond,
        "history": sparkline(series),
        "series": series,
        "published": indicator.published,
        "source": indicator.source,
        "missing": missing,
        "events": events,
    }


def _missing(indicator: Indicator, result: Result) -> list[str]:
    """Say what a figure lacks, in the words of its own measure."""
    if indicator.take.column and indicator.take.entry(result) is None:
        return ["nothing of it is visible at these clocks."]
    said = [note for note in result.notes if any(word in note for word in _GAPS)]
    return said or ["the ledger holds nothing of it at these clocks."]


def _events(indicator: Indicator, result: Result) -> list[str]:
    """Collect the events behind a figure: of its row, or of all rows and of what the summary cites."""
    entry = indicator.take.entry(result)
    rows: Rows = [entry] if entry is not None and "events" in entry else result.rows
    found = [key for row in rows for key in row.get("events", ())]
    cited = result.summary.get("revenue")
    found += cited["events"] if isinstance(cited, dict) else []
    found += result.summary.get("events") or []
    return list(dict.fromkeys(found))
