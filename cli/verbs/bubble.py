"""`deals bubble`: the indicators on one page, as evidence and without a verdict."""

from __future__ import annotations

from pathlib import Path

import click

from cli.asking.data_files import json_of
from cli.asking.session import open_query
from cli.help import examples
from cli.input.options import Question, query_options

__all__ = ["bubble"]


@click.command(epilog=examples("deals bubble --as-of 2025-10-14", "deals bubble --thresholds mine.json --format json"))
@click.option(
    "--thresholds", metavar="FILE", help="Your own indicators and thresholds, in place of those of docs/bubble.md."
)
@query_options
def bubble(*, question: Question, thresholds: str | None) -> None:
    """Show each indicator's value, its history, what would count as a warning, what is unknown, and the events.

    It gives evidence and never a verdict of its own: nothing is added up.
    """
    from projections.queries.bubble.bubble import bubble as ask
    from projections.queries.bubble.indicators import parse_indicators

    indicators = parse_indicators(json_of(thresholds), name=Path(thresholds).stem) if thresholds else None
    with open_query(question) as opened:
        opened.answer(ask(opened.warehouse, opened.clocks, indicators=indicators))
