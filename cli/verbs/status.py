"""`deals status`: how far each announcement has come."""

from __future__ import annotations

import click

from cli.asking.session import open_query
from cli.help import examples
from cli.input.arguments import company_argument
from cli.input.options import Question, query_options
from events.statuses import ENDED_SAID

__all__ = ["status"]


@click.command(
    epilog=examples(
        "deals status nvidia --as-of 2026-03-05",
        "deals status --deal softbank-openai-2025 --format json",
    )
)
@company_argument(required=False)
@click.option("--deal", metavar="SLUG", help="Only the legs of this deal.")
@click.option("--live", is_flag=True, help=f"Leave out {ENDED_SAID} legs.")
@query_options
def status(*, question: Question, company: str | None, deal: str | None, live: bool) -> None:
    """Show the ladder: each leg's steps, how long it has waited, what comes next, and whether that is overdue.

    The summary says what share of the headline announced so far has become binding, been performed, or lapsed.
    """
    from projections.queries.status import status as ask

    with open_query(question) as opened:
        of = opened.company_or_none(company)
        opened.answer(ask(opened.warehouse, opened.clocks, company=of, deal=deal, include_ended=not live))
