"""`deals diff`: what changed between two points on a clock, and which events changed it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import click

from cli.asking.session import Opened, open_query
from cli.asking.subject import measure_argument, parameters, subject_options
from cli.errors import UsageMistakeError
from cli.help import examples
from cli.input.dates import DAY, KNOWN_BY, RECORDED_BY
from cli.input.options import Question, query_options
from projections.clocks import Clocks

__all__ = ["diff"]

_AXES = ("as-of", "known-by", "recorded-by", "what-if")


@click.command(
    epilog=examples(
        "deals diff commitments 2025-09-01 2025-11-15 --company openai",
        "deals diff exposure 120 latest --axis recorded-by",
        "deals diff dilution --axis what-if --what-if another-warrant.yaml --company amd",
        "deals diff legs 2026-02-01 2026-03-05 --deal nvidia-openai-2025 --exit-code",
    )
)
@measure_argument
@click.argument("before", required=False)
@click.argument("after", required=False)
@click.option(
    "--axis",
    type=click.Choice(_AXES),
    default="as-of",
    show_default=True,
    help="The clock that BEFORE and AFTER are points of; on as-of, known-by follows. what-if compares without and with.",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 if anything changed, for scripts.")
@subject_options
@query_options
@click.pass_context
def diff(  # noqa: PLR0913 - one parameter for each option
    ctx: click.Context,
    *,
    question: Question,
    measure: str,
    before: str | None,
    after: str | None,
    axis: str,
    exit_code: bool,
    company: str | None,
    deal: str | None,
    basis: str | None,
) -> None:
    """Show what changed in MEASURE from BEFORE to AFTER, and the events that changed it.

    MEASURE is exposure, commitments, dilution, legs or any other measure. On the axis recorded-by the points are
    positions or days of this ledger, so that its own corrections show.
    """
    from projections.queries.over_time.diff import diff as compare
    from projections.queries.registry import measure as named

    chosen = named(measure)
    if (axis == "what-if") != (before is None) or (before is None) != (after is None):
        raise UsageMistakeError(
            f"--axis {axis}: takes {'no points' if axis == 'what-if' else 'BEFORE and AFTER'}",
            advice="write: deals diff MEASURE BEFORE AFTER, or deals diff MEASURE --axis what-if --what-if FILE",
        )
    question.refuse_clock(
        axis.replace("-", "_"),
        why=f"BEFORE and AFTER are the points on the axis {axis}",
        advice="leave it out, or compare on another clock with --axis",
    )
    with open_query(question) as opened:
        about = parameters(opened, chosen, company=company, deal=deal, basis=basis)
        if axis == "what-if":
            if not opened.hypothetical:
                raise UsageMistakeError("--axis what-if: there is nothing to compare", advice="name --what-if FILE")
            with opened.without_what_if() as plain:
                result = compare(opened.warehouse, chosen, opened.clocks, opened.clocks, without=plain, **about)
        else:
            start, end = (_point(opened, axis, str(text), ctx) for text in (before, after))
            result = compare(opened.warehouse, chosen, start, end, **about)
        opened.answer(result)
    if exit_code and result.rows:
        ctx.exit(1)


def _point(opened: Opened, axis: str, text: str, ctx: click.Context) -> Clocks:
    """Return the clocks at a point of an axis, the other two as the question has them."""
    if axis == "as-of":
        day: dt.date = DAY.convert(text, None, ctx)
        return dataclasses.replace(opened.clocks, as_of=day, known_by=opened.question.known_by_typed or day)
    if axis == "known-by":
        return dataclasses.replace(opened.clocks, known_by=KNOWN_BY.convert(text, None, ctx))
    return dataclasses.replace(opened.clocks, recorded_by=opened.position(RECORDED_BY.convert(text, None, ctx)))
