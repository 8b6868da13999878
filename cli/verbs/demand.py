"""`deals demand`: whether use grows as fast as the commitments require."""

from __future__ import annotations

from decimal import Decimal

import click

from cli.asking.session import open_query
from cli.help import examples
from cli.input.arguments import SHARE, Whole, company_argument
from cli.input.options import Question, query_options

__all__ = ["demand"]


@click.command(
    epilog=examples(
        "deals demand openai --as-of 2026-06-30 --years 8",
        "deals demand --deal oracle-openai-2025 --format csv",
    )
)
@company_argument(required=False)
@click.option("--deal", metavar="SLUG", help="Index to 100 at this deal's date.  [default: the largest purchase]")
@click.option(
    "--years", type=Whole(1, 100), metavar="1..100", help="Spread undated commitments evenly over so many years."
)
@click.option("--compute-share", type=SHARE, metavar="SHARE", help="The share of revenue that may go to compute.")
@query_options
def demand(
    *, question: Question, company: str | None, deal: str | None, years: int | None, compute_share: Decimal | None
) -> None:
    """Show tokens, prices, users, margins and run rates as an index beside the growth that commitments require.

    Tokens are volume and not revenue; series of different bases or units are never joined.
    """
    from projections.queries.demand.demand import demand as ask

    with open_query(question) as opened:
        opened.answer(
            ask(
                opened.warehouse,
                opened.clocks,
                company=opened.company_or_none(company),
                deal=deal,
                years=years,
                compute_share=compute_share,
            )
        )
