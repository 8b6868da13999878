"""`deals timeline`: a measure at many dates, as rows, as sparklines in a terminal, or as a chart."""

from __future__ import annotations

import datetime as dt

import click

from cli.asking.session import open_query
from cli.asking.subject import measure_argument, parameters, subject_options
from cli.help import examples
from cli.input.dates import DAY
from cli.input.options import Question, drawing_options
from cli.input.target import CHARTS
from cli.printing.output import say, write_bytes

__all__ = ["timeline"]


@click.command(
    epilog=examples(
        "deals timeline commitments --company openai --from 2025-01-01 --to 2026-07-31",
        "deals timeline dilution --company amd --from 2025-10-01 --to 2026-03-31 --every event --format json",
        "deals timeline exposure --from 2025-01-31 --to 2026-06-30 --output exposure.svg",
    )
)
@measure_argument
@click.option("--from", "first", type=DAY, required=True, metavar="DATE", help="The first day, always shown.")
@click.option("--to", "last", type=DAY, required=True, metavar="DATE", help="The last day, always shown.")
@click.option(
    "--every",
    type=click.Choice(["day", "week", "month", "quarter", "event"]),
    default="month",
    show_default=True,
    help="How far apart; event is every day on which something becomes known or takes effect.",
)
@subject_options
@drawing_options
def timeline(
    *,
    question: Question,
    measure: str,
    first: dt.date,
    last: dt.date,
    every: str,
    company: str | None,
    deal: str | None,
    basis: str | None,
) -> None:
    """Show MEASURE at each date from --from to --to; no date looks ahead of itself unless --known-by says so.

    In a terminal each row is a sparkline; --format json, csv or tsv give every row at every date; --output FILE.svg or
    FILE.png draws a chart. --as-of has no meaning here and is refused.
    """
    from projections.charts import draw_timeline, require_charts
    from projections.queries.over_time.timeline import dates, pivot
    from projections.queries.over_time.timeline import timeline as ask
    from projections.queries.registry import measure as named

    chosen = named(measure)
    question.refuse_clock(
        "as_of", why="a timeline has its own days", advice="leave it out; --from and --to are the days to answer for"
    )
    target = question.target
    if target.format in CHARTS:
        require_charts()
    with open_query(question) as opened:
        about = parameters(opened, chosen, company=company, deal=deal, basis=basis)
        days = dates(opened.warehouse, first, last, every, recorded_by=opened.clocks.recorded_by)
        known_by, recorded_by = question.known_by_typed, opened.clocks.recorded_by
        result = ask(opened.warehouse, chosen, days, known_by=known_by, recorded_by=recorded_by, **about)
        if target.format in CHARTS:
            write_bytes(draw_timeline(result, "svg" if target.format == "svg" else "png"), target.path)
            say(f"drew {target.path}")
        elif target.format == "table":
            opened.answer(pivot(result, chosen))
        else:
            opened.answer(result)
