"""`deals companies`: who takes part, found by slug, ticker, name or alias in any script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.help import examples
from cli.input.dates import today
from cli.input.options import Target, db_option, target_options
from cli.printing.output import emit
from events.errors import not_found
from events.names import folded
from ledger.reader import LedgerReader
from projections.clocks import NO_LOOKING_AHEAD, Clocks
from projections.result import Column, Result

if TYPE_CHECKING:
    from ledger.store.entries import Company

__all__ = ["companies"]

COLUMNS = (
    Column("company", "text"),
    Column("name", "text"),
    Column("other_names", "list"),
    Column("stand_in", "flag", optional=True),
)


@click.command(epilog=examples("deals companies", "deals companies 輝達", "deals companies meta --format json"))
@click.argument("query", required=False)
@target_options
@db_option
def companies(*, query: str | None, target: Target, db: str) -> None:
    """Find companies by slug, ticker, name or alias in any script.

    QUERY is any part of any name; without it all companies are listed.
    """
    with LedgerReader(db) as reader:
        head, known = reader.head(), reader.companies()
    found = [company for company in known if query is None or _goes_by(company, query)]
    if query is not None and not found:
        names = [name for company in known for name in company.names]
        raise not_found("no company goes by", query, names, otherwise="list them all with: deals companies")
    clocks = Clocks(as_of=today(), known_by=NO_LOOKING_AHEAD, recorded_by=head.size)
    rows = [_row(company) for company in found]
    result = Result(
        "companies", clocks, COLUMNS, rows, {"companies": len(rows)}, form={"companies": "count"}, is_dated=False
    )
    emit(result, target, position=head.size, root=head.root)


def _goes_by(company: Company, query: str) -> bool:
    wanted = folded(query)
    return bool(wanted) and any(wanted in folded(name) for name in company.names)


def _row(company: Company) -> dict[str, Any]:
    others = [name for name in company.names if name not in {company.slug, company.name}]
    return {"company": company.slug, "name": company.name, "other_names": others, "stand_in": company.stand_in}
