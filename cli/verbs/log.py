"""`deals log`: what was recorded, newest last."""

from __future__ import annotations

import datetime as dt
from collections import deque
from typing import TYPE_CHECKING, Any

import click

from cli.asking.lookup import company_slug, recorded_deal
from cli.help import examples
from cli.input.arguments import Whole
from cli.input.complete import companies as complete_companies
from cli.input.dates import RECORDED_BY, today
from cli.input.event_types import full_name
from cli.input.options import Target, db_option, target_options
from cli.printing.output import emit
from ledger.reader import LedgerReader
from projections.clocks import NO_LOOKING_AHEAD, Clocks
from projections.result import Column, Result

if TYPE_CHECKING:
    from ledger.store.entries import Entry

__all__ = ["log"]

COLUMNS = (
    Column("position", "count"),
    Column("recorded_at", "text", optional=True),
    Column("announced_on", "date"),
    Column("effective_on", "date", optional=True),
    Column("type", "word"),
    Column("key", "text"),
    Column("recorder", "text", optional=True),
    Column("companies", "list", optional=True),
    Column("corrects", "text", optional=True),
    Column("amends", "text", optional=True),
    Column("leaf_hash", "text", optional=True),
)


@click.command(
    epilog=examples(
        "deals log --limit 20",
        "deals log --company openai --type warrant",
        "deals log --since 2025-10-01 --format jsonl",
    )
)
@click.option(
    "--company", metavar="NAME", shell_complete=complete_companies, help="Only events that name this company."
)
@click.option("--deal", metavar="SLUG", help="Only events of this deal.")
@click.option("--type", "type_name", metavar="TYPE", help="Only events of this type, e.g. warrant or warrant_granted.")
@click.option(
    "--since",
    type=RECORDED_BY,
    metavar="POSITION|DATE|INSTANT",
    help="Only what was recorded from then on (a date: from its beginning, UTC).",
)
@click.option(
    "--recorded-by",
    type=RECORDED_BY,
    default="latest",
    metavar="POSITION|DATE|INSTANT",
    help="Only what was recorded by then.  [default: latest]",
)
@click.option("--limit", type=Whole(1), metavar="NUMBER", help="Only the newest so many.")
@target_options
@db_option
def log(  # one argument for each filter
    *,
    company: str | None,
    deal: str | None,
    type_name: str | None,
    since: int | dt.datetime | None,
    recorded_by: int | dt.datetime | None,
    limit: int | None,
    target: Target,
    db: str,
) -> None:
    """List what was recorded, newest last."""
    with LedgerReader(db) as reader:
        head = reader.head()
        upto = _upto(reader, recorded_by, head.size)
        entries = reader.entries(
            deal=None if deal is None else recorded_deal(reader, deal),
            company=company_slug(reader, company) if company is not None else None,
            type_name=full_name(type_name) if type_name is not None else None,
            after=_after(reader, since),
            upto=upto,
        )
        rows = [_row(entry) for entry in (deque(entries, maxlen=limit) if limit else entries)]
    clocks = Clocks(as_of=today(), known_by=NO_LOOKING_AHEAD, recorded_by=upto)
    result = Result("log", clocks, COLUMNS, rows, {"events": len(rows)}, form={"events": "count"}, is_dated=False)
    emit(result, target, position=head.size, root=head.root)


def _upto(reader: LedgerReader, recorded_by: int | dt.datetime | None, size: int) -> int:
    if recorded_by is None:
        return size
    return min(recorded_by if isinstance(recorded_by, int) else reader.position_at(recorded_by), size)


def _after(reader: LedgerReader, since: int | dt.datetime | None) -> int:
    """Return the position before the first that `--since` means; a day was read as its last instant."""
    if since is None:
        return 0
    if isinstance(since, int):
        return max(since - 1, 0)
    begin = dt.datetime.combine(since, dt.time(), tzinfo=dt.UTC) if since.time() == dt.time.max else since
    just_before = begin - min(dt.timedelta(microseconds=1), begin - _BEFORE_ALL)
    return reader.position_at(just_before)


_BEFORE_ALL = dt.datetime.min.replace(tzinfo=dt.UTC)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "position": entry.position,
        "recorded_at": entry.recorded_at,
        "announced_on": dt.date.fromisoformat(entry.announced_on),
        "effective_on": dt.date.fromisoformat(entry.effective_on),
        "type": entry.type,
        "key": entry.key,
        "recorder": entry.recorder,
        "companies": list(entry.companies),
        "corrects": entry.corrects,
        "amends": entry.amends,
        "deal": entry.deal,
        "leg": entry.leg,
        "leaf_hash": entry.leaf_hash.hex(),
    }
