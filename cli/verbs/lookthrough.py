"""`deals lookthrough`: on whom a company's exposures and revenue really depend."""

from __future__ import annotations

from decimal import Decimal

import click

from cli.asking.session import open_query
from cli.help import examples
from cli.input.arguments import GIGAWATTS, company_argument
from cli.input.options import Question, query_options

__all__ = ["lookthrough"]


@click.command(
    epilog=examples(
        "deals lookthrough coreweave --as-of 2026-03-05",
        "deals lookthrough nvidia --basis any --as-of 2026-03-05",
        "deals lookthrough oracle --dependency commitments",
    )
)
@company_argument(required=True)
@click.option(
    "--basis",
    type=click.Choice(["revenue", "rpo", "backlog", "any"]),
    default="revenue",
    show_default=True,
    help="What the customers' shares are shares of; any takes the newest told of each company.",
)
@click.option(
    "--dependency",
    type=click.Choice(["reported", "commitments"]),
    default="reported",
    show_default=True,
    help="Shares as companies told them, or buyers' parts of headline commitments.",
)
@click.option("--gw-per-reactor", type=GIGAWATTS, metavar="GW", help="Gigawatts of one large reactor.  [default: 1]")
@query_options
def lookthrough(
    *, question: Question, company: str, basis: str, dependency: str, gw_per_reactor: Decimal | None
) -> None:
    """Show whom a company depends on, its customers' customers included.

    Direct is what it would lose if the other failed; look-through adds what reaches the other through customers'
    shares. A direct exposure of 10 % of equity is large, above 25 % a breach.
    """
    from projections.queries.lookthrough.lookthrough import lookthrough as ask

    with open_query(question) as opened:
        opened.answer(
            ask(
                opened.warehouse,
                opened.clocks,
                company=opened.company(company),
                basis=basis,
                dependency=dependency,
                gw_per_reactor=gw_per_reactor,
            )
        )
