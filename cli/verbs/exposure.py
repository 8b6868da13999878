"""`deals exposure`: who would lose how much if whom failed."""

from __future__ import annotations

import click

from cli.asking.data_files import weights_of, weights_option
from cli.asking.session import open_query
from cli.help import examples
from cli.input.arguments import company_argument
from cli.input.options import Question, include_ended, query_options

__all__ = ["exposure"]


@click.command(
    epilog=examples(
        "deals exposure",
        "deals exposure openai --as-of 2025-10-14",
        "deals exposure --by company --format csv --output exposure.csv",
    )
)
@company_argument(required=False)
@click.option(
    "--by",
    type=click.Choice(["pair", "company", "kind"]),
    default="pair",
    show_default=True,
    help="One row for each pair of companies, each exposed company, or each kind of leg.",
)
@weights_option
@include_ended
@query_options
def exposure(*, question: Question, company: str | None, by: str, include_ended: bool, weights: str | None) -> None:
    """Show who would lose how much if whom failed.

    Headline is what was announced, binding what a definitive agreement enforces, performed what has been paid or
    delivered; gross is what the first company would lose. Purchases expose the supplier to the buyer, loans the lender
    to the borrower, investments the investor to the company, guarantees the guarantor to whom it stands in for.
    """
    from projections.queries.exposure import exposure as ask

    with open_query(question) as opened:
        of = opened.company_or_none(company)
        opened.answer(
            ask(
                opened.warehouse,
                opened.clocks,
                company=of,
                by=by,
                include_ended=include_ended,
                weights=weights_of(weights),
            )
        )
