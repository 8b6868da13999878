"""`deals audit export`: the whole trail or a part of it, as a folder or one zip, with the numbers at the clocks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.asking.lookup import company_slug, recorded_deal
from cli.done import note_done
from cli.help import examples
from cli.input.complete import companies as complete_companies
from cli.input.dates import DAY, KNOWN_BY, RECORDED_BY, today
from cli.input.event_types import full_name
from cli.input.options import db_option
from cli.printing.output import say
from cli.printing.progress import progress
from cli.recording.journal import journal, now
from ledger.reader import LedgerReader

if TYPE_CHECKING:
    from ledger.bundle.part import Part
    from projections.clocks import Clocks

__all__ = ["export"]


@click.command(
    epilog=examples(
        "deals audit export trail.zip",
        "deals audit export amd.zip --company amd",
        "deals audit export trail/ --as-of 2025-10-14 --recorded-by 500",
    )
)
@click.argument("target", metavar="FOLDER|FILE.zip", type=click.Path())
@click.option("--company", metavar="NAME", shell_complete=complete_companies, help="Only what touches this company.")
@click.option("--deal", metavar="SLUG", help="Only events of this deal.")
@click.option("--type", "type_name", metavar="TYPE", help="Only events of this type, e.g. warrant.")
@click.option("--as-of", type=DAY, metavar="DATE", help="The day the numbers are about.  [default: today]")
@click.option(
    "--known-by", type=KNOWN_BY, metavar="DATE|latest", help="What the numbers may know.  [default: the as-of date]"
)
@click.option(
    "--recorded-by",
    type=RECORDED_BY,
    default="latest",
    metavar="POSITION|DATE|INSTANT",
    help="The log as it was then.  [default: latest]",
)
@click.option("--no-numbers", is_flag=True, help="Leave projections/ out.")
@click.option("--no-documents", is_flag=True, help="Leave attached documents out; the log verifies without them.")
@db_option
def export(  # noqa: PLR0913 - one argument for each option
    *,
    target: str,
    company: str | None,
    deal: str | None,
    type_name: str | None,
    as_of: dt.date | None,
    known_by: dt.date | None,
    recorded_by: int | dt.datetime | None,
    no_numbers: bool,
    no_documents: bool,
    db: str,
) -> None:
    """Write the whole trail, or a part of it, for outsiders to verify without this software.

    The bundle holds every event as it was recorded, the same flat as facts.csv, a signed checkpoint, documents, the
    numbers at the clocks, and VERIFY.md with the commands. The same ledger and clocks give the same bytes. With
    --company, --deal or --type each event comes with a proof that it stands in the log; what was left out is named.
    """
    from ledger.bundle.chunks import processes_for
    from ledger.bundle.part import Part
    from ledger.exchange.export import Request, export_bundle
    from projections.bundle_numbers import NEWEST
    from projections.clocks import Clocks

    day = as_of or today()
    with LedgerReader(db) as reader:
        size = _size(reader, recorded_by)
        part = Part(
            company=None if company is None else company_slug(reader, company),
            deal=None if deal is None else recorded_deal(reader, deal),
            type=None if type_name is None else full_name(type_name),
        )
        clocks = Clocks(as_of=day, known_by=known_by or day, recorded_by=size)
        numbers = {} if no_numbers or part.type else _numbers(reader, clocks, part)
        asked = {"as_of": str(clocks.as_of), "known_by": _known_by(clocks)} if numbers else {}
        version = NEWEST if numbers else None
        request = Request(size, part, numbers, asked, documents=not no_documents, numbers_version=version)
        with progress("exporting", size) as step:
            done = export_bundle(reader, Path(target), request, at=now(), processes=processes_for(size), progress=step)
        path = reader.path
    note_done(f"the bundle was written: {done.events} of {done.size} events, {target}")
    journal(path, "exported", events=done.events, size=done.size, root=done.checkpoint.root, **part.conditions())
    click.echo(f"wrote {done.events} of {done.size} events to {target}")
    click.echo(f"root  {done.checkpoint.root}")
    click.echo(f"key   {done.checkpoint.vkey}")
    if done.documents_absent:
        say(f"note: {done.documents_absent} attached documents are not there any more")


def _size(reader: LedgerReader, recorded_by: int | dt.datetime | None) -> int:
    size = reader.head().size
    if recorded_by is None:
        return size
    return min(recorded_by if isinstance(recorded_by, int) else reader.position_at(recorded_by), size)


def _known_by(clocks: Clocks) -> str:
    from projections.clocks import NO_LOOKING_AHEAD

    return "latest" if clocks.known_by == NO_LOOKING_AHEAD else str(clocks.known_by)


def _numbers(reader: LedgerReader, clocks: Clocks, part: Part) -> dict[str, bytes]:
    from projections.bundle_numbers import number_files
    from projections.warehouse import Warehouse

    if clocks.recorded_by == 0:
        return {}
    with Warehouse.in_memory(reader.feed(upto=clocks.recorded_by)) as warehouse:
        return number_files(warehouse, clocks, company=part.company, deal=part.deal)
