"""What every measure has to have: values among its columns, kinds that its rows and its summary keep, a course to draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from projections.clocks import Clocks
from projections.kinds import Form, InOrder, Keyed, Listed, Shape, inner, misfits
from projections.queries.bubble.indicators import Take, shipped_indicators
from projections.queries.over_time.diff import diff
from projections.queries.over_time.timeline import pivot, timeline
from projections.queries.registry import MEASURES
from projections.result import Result
from projections.warehouse import Warehouse
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import warehouse_of

DAYS = [dt.date(2025, 6, 30), dt.date(2025, 10, 14), dt.date(2026, 3, 5), dt.date(2026, 7, 20)]
SUBJECTS = ("openai", "oracle", "amd", "coreweave")


@cache
def catalogue() -> Warehouse:
    return warehouse_of(recorded(catalogue_raws()))


@cache
def answers(name: str) -> list[Result]:
    asked = MEASURES[name]
    about: list[dict[str, Any]] = [{}]
    if asked.subject:
        about = (
            [{asked.subject: company} for company in SUBJECTS]
            if asked.needs_subject
            else [{}, {asked.subject: "openai"}]
        )
    return [each for one in about for each in asked.over(catalogue(), [Clocks.on(day) for day in DAYS], **one)]


def every_misfit(value: object, shape: Shape | None, where: str) -> Iterator[str]:
    """List misfits of all entries of all lists, where a Result looks at the first of each."""
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from every_misfit(entry, inner(shape, name), f"{where}.{name}")
    elif isinstance(value, list) and isinstance(shape, Listed):
        for entry in value:
            yield from every_misfit(entry, shape.each, f"{where}[]")
    else:
        yield from misfits(value, shape, where)


@pytest.mark.parametrize("name", MEASURES)
def test_rows_and_summary_are_of_the_kinds_that_are_said_of_them(name: str) -> None:
    found = answers(name)
    assert any(result.rows for result in found)
    wrong = {
        said
        for result in found
        for said in (
            *every_misfit(result.summary, result.form, ""),
            *(
                said
                for column in result.columns
                for row in result.rows
                for said in misfits(row[column.name], column.kind, f"{name}: {column.name}")
            ),
        )
    }
    assert wrong == set()


@pytest.mark.parametrize("name", MEASURES)
def test_keys_and_values_are_among_the_columns_or_rows_and_what_is_drawn_has_a_kind(name: str) -> None:
    asked, result = MEASURES[name], answers(name)[-1]
    assert {*asked.keys, *asked.values} - result.kinds().keys() == set()
    assert len({tuple(row[key] for key in asked.keys) for row in result.rows}) == len(result.rows)


@pytest.mark.parametrize("name", MEASURES)
def test_a_course_is_drawn_and_a_comparison_made_with_the_kinds_of_the_measure(name: str) -> None:
    asked = MEASURES[name]
    about: dict[str, Any] = (
        {str(asked.subject): "amd" if name == "dilution" else "openai"} if asked.needs_subject else {}
    )
    course = timeline(catalogue(), asked, DAYS, **about)
    assert set(every_misfit(course.summary, course.form, "")) == set()
    kinds, shown = course.kinds(), pivot(course, asked)
    told = {column.name: column.kind for column in shown.columns}
    assert {key: told[key] for key in asked.keys} == {key: kinds[key] for key in asked.keys}
    assert told["first"] == told["last"] in {kinds[value] for value in asked.values}
    compared = diff(catalogue(), asked, Clocks.on(DAYS[0]), Clocks.on(DAYS[-1]), **about)
    assert isinstance(compared.form["totals"], InOrder)
    for part, shape in zip(compared.summary["totals"], compared.form["totals"].shapes, strict=True):
        assert set(every_misfit(part, shape, part["figure"])) == set()
        assert inner(shape, "before") == _at(answers(name)[-1].form, part["figure"].split("."))
    values = next(column.form for column in compared.columns if column.name == "after")
    assert {key: kinds[key] for key in asked.values} == {key: values[key] for key in asked.values}


def _at(form: Form, path: list[str]) -> Shape | None:
    found: Shape | None = form
    for name in path:
        # A comparison goes through named parts of a list as through a group of them.
        found = inner(Keyed(found.each), name) if isinstance(found, Listed) else inner(found, name)
    return found


UNITS = {
    "share": {"share"},
    "a year": {"share"},
    "times": {"multiple"},
    "points": {"number"},
    "USD": {"number"},
}


def test_the_unit_of_an_indicator_is_that_of_the_figure_it_takes() -> None:
    for indicator in shipped_indicators():
        result = answers(indicator.measure)[-1]
        kind = _taken(indicator.take, result)
        unit = "share" if indicator.take.over else indicator.unit
        assert kind in (UNITS[unit] | ({"count", "money"} if indicator.take.over else set())), indicator.name


def _taken(take: Take, result: Result) -> Shape | None:
    if not take.column:
        return _at(result.form, take.path.split("."))
    if not take.path:
        return result.kinds().get(take.column)
    listed = _at(result.form, take.path.split("."))
    return inner(listed.each, take.column) if isinstance(listed, Listed) else None
