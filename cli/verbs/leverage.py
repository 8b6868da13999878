"""`deals leverage`: the debt that rests on a company's contracts, on whoever's balance sheet it stands."""

from __future__ import annotations

import click

from cli.asking.session import open_query
from cli.help import examples
from cli.input.arguments import REVENUE_BASES, company_argument
from cli.input.options import Question, query_options

__all__ = ["leverage"]


@click.command(
    epilog=examples(
        "deals leverage --as-of 2026-03-05",
        "deals leverage openai --as-of 2026-03-05 --revenue-basis run_rate",
        "deals leverage oracle --format json",
    )
)
@company_argument(required=False)
@click.option(
    "--revenue-basis",
    type=click.Choice(REVENUE_BASES),
    help="Which revenue to divide by; otherwise the latest 12-month period known, then quarters, then run rate.",
)
@query_options
def leverage(*, question: Question, company: str | None, revenue_basis: str | None) -> None:
    """Show the debt of others that each company's contracts service.

    Executed is drawn or bound, in talks is not bound yet. What a guarantee covers stands with the guarantor. LOI-backed
    debt relies on a leg that binds nobody on the day.
    """
    from projections.queries.leverage.leverage import leverage as ask

    with open_query(question) as opened:
        of = opened.company_or_none(company)
        opened.answer(ask(opened.warehouse, opened.clocks, company=of, revenue_basis=revenue_basis))
