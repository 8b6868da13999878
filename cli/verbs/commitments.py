"""`deals commitments`: what a company promised to buy, beside the revenue that has to carry it."""

from __future__ import annotations

from decimal import Decimal

import click

from cli.asking.data_files import weights_of, weights_option
from cli.asking.session import open_query
from cli.help import examples
from cli.input.arguments import REVENUE_BASES, SHARE, Whole, company_argument
from cli.input.options import Question, include_ended, query_options

__all__ = ["commitments"]


@click.command(
    epilog=examples(
        "deals commitments openai --as-of 2025-11-10",
        "deals commitments openai --revenue-basis run_rate --format json",
        "deals commitments openai --years 8 --compute-share 0.7",
    )
)
@company_argument(required=True)
@click.option(
    "--revenue-basis",
    type=click.Choice(REVENUE_BASES),
    help="Which revenue to compare with; otherwise the latest 12-month period known, then quarters, then run rate.",
)
@click.option(
    "--years", type=Whole(1, 100), metavar="1..100", help="Spread undated amounts evenly over this many years."
)
@click.option("--compute-share", type=SHARE, help="Part of revenue that may go to compute, 0 to 1.  [default: 1]")
@weights_option
@include_ended
@query_options
def commitments(
    *,
    question: Question,
    company: str,
    revenue_basis: str | None,
    years: int | None,
    compute_share: Decimal | None,
    include_ended: bool,
    weights: str | None,
) -> None:
    """Show what a company promised to buy, beside its revenue.

    COMPANY is the buyer. Amounts without dates stay undated unless --years spreads them. What was chosen as revenue,
    and why, is always printed.
    """
    from projections.queries.commitments.commitments import commitments as ask

    with open_query(question) as opened:
        opened.answer(
            ask(
                opened.warehouse,
                opened.clocks,
                company=opened.company(company),
                revenue_basis=revenue_basis,
                years=years,
                compute_share=compute_share,
                include_ended=include_ended,
                weights=weights_of(weights),
            )
        )
