"""`deals legs`: the legs of deals as they stand on a day."""

from __future__ import annotations

import click

from cli.asking.session import open_query
from cli.help import examples
from cli.input.arguments import company_argument
from cli.input.options import Question, include_ended, query_options
from events.statuses import ENDED, STATUSES

__all__ = ["legs"]


@click.command(
    epilog=examples(
        "deals legs nvidia --as-of 2025-10-14",
        "deals legs --deal amd-openai-2025 --include-ended",
        "deals legs --status letter_of_intent --what-if scenario.yaml",
    )
)
@company_argument(required=False)
@click.option("--deal", metavar="SLUG", help="Only the legs of this deal.")
@click.option("--status", type=click.Choice(STATUSES), help="Only the legs of this status.")
@include_ended
@query_options
def legs(*, question: Question, company: str | None, deal: str | None, status: str | None, include_ended: bool) -> None:
    """List the legs of deals as they stand on a day.

    A leg is one promise within a deal: a purchase, an investment, a warrant, a loan or a guarantee.
    """
    from projections.queries.legs import legs as ask

    ended = include_ended or status in ENDED
    with open_query(question) as opened:
        of = opened.company_or_none(company)
        opened.answer(ask(opened.warehouse, opened.clocks, company=of, deal=deal, status=status, include_ended=ended))
