"""Timelines are drawn offline, as SVG and as PNG."""

from __future__ import annotations

import datetime as dt

import pytest

from projections.charts import draw_timeline
from projections.queries.over_time.timeline import dates, timeline
from projections.queries.registry import measure
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import warehouse_of

altair = pytest.importorskip("altair", reason="the extra `charts` is not installed")


def test_a_chart_has_every_figure_and_says_what_it_is() -> None:
    with warehouse_of(recorded(catalogue_raws())) as warehouse:
        asked = measure("commitments")
        days = dates(warehouse, dt.date(2025, 6, 1), dt.date(2026, 3, 31), "quarter")
        course = timeline(warehouse, asked, days, company="openai")
    drawn = draw_timeline(course, "svg").decode()
    for words in (
        "commitments from 2025-06-01 to 2026-03-31",
        "headline",
        "binding",
        "multiple headline",
        "multiple stated",
    ):
        assert words in drawn
    assert draw_timeline(course, "png").startswith(b"\x89PNG")
