"""`deals vintage`: how one number was told over time."""

from __future__ import annotations

import click

from cli.asking.session import open_query
from cli.errors import UsageMistakeError
from cli.help import examples
from cli.input.options import Question, query_options

__all__ = ["vintage"]

_WORDS_MAX = 2


@click.command(
    epilog=examples(
        "deals vintage nvidia-openai-2025/equity",
        "deals vintage oracle rpo",
        "deals vintage openai revenue --period 2025 --pick first",
    )
)
@click.argument("what", nargs=-1, required=True, metavar="DEAL/LEG | COMPANY METRIC")
@click.option("--period", metavar="PERIOD", help="One period of a metric: 2025, 2025-12-31 or 2025-01-01..2026-01-01.")
@click.option("--basis", metavar="BASIS", help="One basis of a metric: gaap, statement, estimate, run_rate, guidance.")
@click.option(
    "--pick",
    type=click.Choice(["all", "first", "latest", "known"]),
    default="all",
    show_default=True,
    help="Every telling, the first, the latest with hindsight, or the one that was known at the clocks.",
)
@query_options
def vintage(*, question: Question, what: tuple[str, ...], period: str | None, basis: str | None, pick: str) -> None:
    """Show how a leg's terms or a company's metric were told: first, restated, contested, corrected, retracted.

    Each telling has its own three clocks and its source.
    """
    from projections.queries.over_time.vintage import vintage_of_leg, vintage_of_metric

    with open_query(question) as opened:
        if len(what) == 1 and "/" in what[0]:
            opened.answer(vintage_of_leg(opened.warehouse, opened.clocks, what[0], pick=pick))
        elif len(what) == _WORDS_MAX:
            opened.answer(
                vintage_of_metric(
                    opened.warehouse, opened.clocks, what[0], what[1], period=period, basis=basis, pick=pick
                )
            )
        else:
            raise UsageMistakeError(
                f"vintage: takes a leg (deal/leg) or a company and a metric (got {' '.join(what)})",
                advice="write: deals vintage nvidia-openai-2025/equity, or deals vintage oracle rpo",
            )
