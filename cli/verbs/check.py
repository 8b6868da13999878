"""`deals check`: what is contradictory or doubtful in the ledger; the answer is no where it finds a contradiction."""

from __future__ import annotations

import click

from cli.asking.session import open_query
from cli.help import examples
from cli.input.options import Question, query_options

__all__ = ["check"]


@click.command(
    epilog=examples(
        "deals check",
        "deals check --severity note --format csv",
    )
)
@click.option(
    "--severity",
    type=click.Choice(["contradiction", "doubt", "note"]),
    default="doubt",
    show_default=True,
    help="List findings from this severity up.",
)
@click.option(
    "--strict", is_flag=True, help="Answer no (exit code 1) for every finding listed, and not for contradictions alone."
)
@query_options
def check(*, question: Question, severity: str, strict: bool) -> int:
    """List what is contradictory or doubtful in the ledger.

    Contradictions cannot both be true, doubts are possible but strange, notes are gaps in what is known. Exits 1 where
    there is a contradiction (with --strict: any finding listed), else 0.
    """
    from projections.queries.check.check import check as ask

    with open_query(question) as opened:
        result = ask(opened.warehouse, opened.clocks, least=severity)
        opened.answer(result)
    return int(bool(result.rows) if strict else bool(result.summary["contradiction"]))
