"""`deals reaction`: what the market made of an announcement."""

from __future__ import annotations

import click

from cli.asking.session import open_query
from cli.help import examples
from cli.input.arguments import company_argument
from cli.input.options import Question, query_options

__all__ = ["reaction"]


@click.command(epilog=examples("deals reaction oracle --as-of 2025-10-14", "deals reaction --deal amd-openai-2025"))
@company_argument(required=False)
@click.option("--deal", metavar="SLUG", help="Only moves about this deal.")
@query_options
def reaction(*, question: Question, company: str | None, deal: str | None) -> None:
    """Show how shares moved on a deal: closing moves, the method named, value moved against the headline.

    Days on which the company also reported, or announced another deal, are flagged. What holders of the company's
    warrants gained stands beside.
    """
    from projections.queries.reaction.reaction import reaction as ask

    with open_query(question) as opened:
        of = opened.company_or_none(company)
        opened.answer(ask(opened.warehouse, opened.clocks, company=of, deal=deal))
