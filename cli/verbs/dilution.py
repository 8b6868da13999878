"""`deals dilution`: what share of an issuer its warrants would hand out."""

from __future__ import annotations

from decimal import Decimal

import click

from cli.asking.session import open_query
from cli.help import examples
from cli.input.arguments import PRICE, RATE, VOLATILITY, company_argument
from cli.input.options import Question, include_ended, query_options

__all__ = ["dilution"]


@click.command(
    epilog=examples(
        "deals dilution amd --as-of 2025-10-31",
        "deals dilution AMD --average-price 203.71 --end-price 256.12",
    )
)
@company_argument(required=True)
@click.option("--average-price", type=PRICE, help="Average share price of the period, for the treasury-stock method.")
@click.option("--end-price", type=PRICE, help="Share price at the period's end, for contingent shares and cost.")
@click.option(
    "--volatility",
    type=VOLATILITY,
    metavar="FRACTION",
    help="Yearly volatility as a fraction, for the value of price hurdles.",
)
@click.option("--rate", type=RATE, metavar="FRACTION", help="Risk-free rate a year as a fraction, for the same.")
@include_ended
@query_options
def dilution(
    *,
    question: Question,
    company: str,
    average_price: Decimal | None,
    end_price: Decimal | None,
    volatility: Decimal | None,
    rate: Decimal | None,
    include_ended: bool,
) -> None:
    """Show what share of an issuer its warrants would hand out.

    COMPANY is the issuer. Pre-issue ownership divides by the shares outstanding, post-issue by those and all warrants:
    the press mostly quotes the former.
    """
    from projections.queries.dilution.dilution import Assumptions
    from projections.queries.dilution.dilution import dilution as ask

    assumed = Assumptions(average_price=average_price, end_price=end_price, volatility=volatility, rate=rate)
    with open_query(question) as opened:
        issuer = opened.company(company)
        opened.answer(
            ask(opened.warehouse, opened.clocks, issuer=issuer, assumptions=assumed, include_ended=include_ended)
        )
