"""`deals loops`: how much of the money that companies pay one another can come back."""

from __future__ import annotations

from decimal import Decimal

import click

from cli.asking.session import open_query
from cli.help import examples
from cli.input.arguments import AMOUNT, YEARS, Whole, company_argument
from cli.input.options import Question, include_ended, query_options

__all__ = ["loops"]


@click.command(
    epilog=examples(
        "deals loops --as-of 2026-03-05",
        "deals loops nvidia --basis binding --as-of 2026-03-05",
        "deals loops --rings --format csv --output loops.csv",
        "deals loops --layers --window 1",
    )
)
@company_argument(required=False)
@click.option(
    "--basis",
    type=click.Choice(["headline", "binding", "performed", "expected"]),
    default="headline",
    show_default=True,
    help="What a leg counts for: stated, bound, paid so far, or stated times your own weight.",
)
@click.option("--window", type=YEARS, metavar="YEARS", help="Count of each contract what falls in so many years.")
@click.option(
    "--weights",
    metavar="FILE",
    help="Your weights by status, for --basis expected: a mapping such as letter_of_intent: 0.25.",
)
@click.option("--currency", metavar="CODE", help="The currency of the graph; otherwise USD where there is any.")
@click.option("--layers", is_flag=True, help="Draw the layers of the stack in place of companies.")
@click.option("--rings", is_flag=True, help="One row for each loop instead of one for each company.")
@click.option(
    "--length",
    "length_max",
    type=Whole(2, 100),
    metavar="2..100",
    default=6,
    show_default=True,
    help="Longest loop listed.",
)
@click.option("--least", "amount_min", type=AMOUNT, metavar="AMOUNT", help="Leave out loops with a smaller payment.")
@click.option(
    "--limit", type=Whole(1), metavar="NUMBER", default=100, show_default=True, help="How many loops are listed."
)
@include_ended
@query_options
def loops(  # noqa: PLR0913 - one parameter for each option
    *,
    question: Question,
    company: str | None,
    basis: str,
    window: Decimal | None,
    weights: str | None,
    currency: str | None,
    layers: bool,
    rings: bool,
    length_max: int,
    amount_min: Decimal | None,
    limit: int,
    include_ended: bool,
) -> None:
    """Show how much money can come back to where it started.

    Round trip is the most that can leave a company and return, loop gain what returns if everyone passes money on in
    proportion. A loop is a ring of payments; it closed on the day its last leg was announced. With --layers COMPANY is
    a layer.
    """
    from cli.asking.data_files import weights_of
    from projections.queries.loops.loops import loops as ask
    from projections.queries.loops.table import for_terminal, ring_rows

    with open_query(question) as opened:
        result = ask(
            opened.warehouse,
            opened.clocks,
            company=company if layers else opened.company_or_none(company),
            basis=basis,
            window=window,
            weights=weights_of(weights),
            currency=currency,
            layers=layers,
            length_max=length_max,
            amount_min=amount_min,
            include_ended=include_ended,
            limit=limit,
        )
        if rings:
            result = ring_rows(result)
        elif question.target.format == "table":
            result = for_terminal(result)
        opened.answer(result)
