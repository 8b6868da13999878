"""What the demo tells: the catalogue as of three dates, what changed between them, and the proof of it."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.printing.cells import amount, number
from cli.printing.colour import bold, dim
from cli.printing.output import terminal_width
from cli.printing.table import lay_out
from cli.printing.width import wrapped
from projections.clocks import Clocks
from projections.result import Column

if TYPE_CHECKING:
    from projections.result import Result
    from projections.warehouse import Warehouse

__all__ = ["tell"]

FIRST, SECOND = dt.date(2025, 10, 14), dt.date(2026, 3, 5)
_EXPOSED = ("exposed", "kind", "headline", "binding")
_BOUGHT = ("supplier", "headline", "binding", "capacity_gw", "status")
_WARRANTS = ("holder", "shares_max", "shares_vested", "exercise_price", "pre_issue", "post_issue")
_CHANGES = (Column("supplier", "text"), Column("before", "text"), Column("after", "text"), Column("changed by", "text"))


def tell(folder: Path, deals: click.Command) -> None:
    """Record the catalogue in a new ledger in `folder`, tell its story, export the trail and verify it.

    `deals` is the command whose verbs the demo runs, as its user would.
    """
    from ledger.reader import LedgerReader
    from projections.warehouse import Warehouse

    db = folder / "deals.db"
    _record(db, deals)
    with LedgerReader(str(db)) as reader, Warehouse.in_memory(reader.feed()) as warehouse:
        last = warehouse.query("SELECT max(announced_on) AS last FROM log")[0]["last"]
        _world(warehouse, FIRST, "the week of the circle")
        _world(warehouse, SECOND, "after the letters of intent were rewritten")
        _changes(warehouse, FIRST, SECOND)
        _world(warehouse, last, "the last day this catalogue knows")
        _changes(warehouse, SECOND, last)
    _prove(folder, db, deals)


def _record(db: Path, deals: click.Command) -> None:
    from cli.recording.writing import open_ledger
    from ledger.intake.rows import InputDefaults
    from ledger.intake.sources import read_rows

    _run(deals, ["init", "--db", str(db)])
    with ExitStack() as stack:
        catalogue = stack.enter_context(resources.as_file(resources.files("events") / "catalogue"))
        ledger = stack.enter_context(open_ledger(str(db), "demo"))
        receipt = ledger.record_located(read_rows([str(catalogue)], InputDefaults(), format_name=None))
    _say(
        f"Recorded the shipped catalogue: {receipt.size} sourced announcements and companies, each an immutable event."
    )
    _say(f"The root of the log is {receipt.root}.")


def _world(warehouse: Warehouse, day: dt.date, title: str) -> None:
    from projections.queries.commitments.commitments import commitments
    from projections.queries.dilution.dilution import dilution
    from projections.queries.exposure import exposure

    _heading(f"{day:%-d %B %Y}: {title}")
    clocks = Clocks.on(day)
    exposed = exposure(warehouse, clocks, company="openai")
    rows = [row for row in exposed.rows if row["to"] == "openai" and row["headline"]]
    rows.sort(key=lambda row: -row["headline"])
    _say("Who is exposed to OpenAI, by the amounts that were announced, and what of it binds:")
    _table(_shown(exposed, _EXPOSED), rows)
    unknown = exposed.summary["undisclosed"]
    _say(f"{unknown} further amounts are undisclosed; they are counted, and never taken as 0.")
    _burden(commitments(warehouse, clocks, company="openai"))
    _dilution(dilution(warehouse, clocks, issuer="amd"))


def _burden(result: Result) -> None:
    summary = result.summary
    _say("What OpenAI has committed to buy:")
    _table(_shown(result, _BOUGHT), [row for row in result.rows if row["headline"] or row["capacity_gw"]])
    revenue, stated = summary["revenue"], summary["stated"]
    if revenue:
        _say(
            f"Against a yearly revenue of {amount(revenue['value'])} {revenue['currency']} ({revenue['why']}; "
            f"{revenue['basis']}): announced {_times(summary['multiple_headline'])}, "
            f"binding {_times(summary['multiple_binding'])}."
        )
    if stated:
        _say(
            f"The company's own stated total is {amount(stated['value'])} {stated['currency']}: "
            f"{_times(summary['multiple_stated'])} the revenue; {amount(summary['unexplained'])} of it is in no "
            "announcement with an amount."
        )
    low, high = summary["capacity_gw_min"], summary["capacity_gw_max"]
    if low is not None:
        _say(f"Capacity: {number(low)} to {number(high)} GW, as one gigawatt may be told of by several suppliers.")


def _dilution(result: Result) -> None:
    if not result.rows:
        return
    summary = result.summary
    _say(
        f"What AMD has given for orders, against {number(summary['shares_outstanding'])} shares outstanding on "
        f"{summary['outstanding_on']}:"
    )
    _table(_shown(result, _WARRANTS), result.rows)


def _changes(warehouse: Warehouse, before: dt.date, after: dt.date) -> None:
    from projections.queries.over_time.diff import diff
    from projections.queries.registry import measure

    _heading(f"What changed in OpenAI's commitments from {before} to {after}, and what changed it")
    result = diff(warehouse, measure("commitments"), Clocks.on(before), Clocks.on(after), company="openai")
    rows = [
        {
            "supplier": row["supplier"],
            "before": _told(row["before"]),
            "after": _told(row["after"]),
            "changed by": ", ".join(row["events"]) or "the calendar alone",
        }
        for row in result.rows
    ]
    _table(_CHANGES, rows)
    equity = diff(warehouse, measure("legs"), Clocks.on(before), Clocks.on(after), deal="nvidia-openai-2025")
    for row in equity.rows:
        if row["change"] == "gone":
            _say(f"Gone: {row['leg_ref']}, {_told(row['before'])}, by {', '.join(row['events'])}.")
            _say(f"Yet it still answers as of {before}, and always will.")


def _told(values: dict[str, Any] | None) -> str:
    """Say a commitment in a few words: its amount, or its gigawatts, or that neither was disclosed."""
    if values is None:
        return "-"
    parts = [amount(values["headline"])] if values["headline"] is not None else []
    if values["capacity_gw"] is not None:
        parts.append(f"{number(values['capacity_gw'])} GW")
    return f"{' and '.join(parts) or 'undisclosed'}, {values['status'].replace('_', ' ')}"


def _prove(folder: Path, db: Path, deals: click.Command) -> None:
    _heading("The proof")
    trail = folder / "trail"
    _run(deals, ["audit", "export", str(trail), "--db", str(db)])
    _run(deals, ["audit", "verify", str(trail), "--db", str(db)])


def _run(deals: click.Command, arguments: list[str]) -> None:
    """Run a command as its user would, and show it."""
    click.echo(dim(f"$ deals {' '.join(arguments)}"))
    deals.main(arguments, prog_name="deals", standalone_mode=False)


def _times(ratio: Any) -> str:  # noqa: ANN401 - a ratio or None
    return "not computable" if ratio is None else f"{ratio:.1f}x"


def _heading(text: str) -> None:
    click.echo()
    for line in wrapped(text, terminal_width()):
        click.echo(bold(line))
    click.echo()


def _say(text: str) -> None:
    click.echo("\n".join(wrapped(text, terminal_width())))


def _shown(result: Result, names: tuple[str, ...]) -> tuple[Column, ...]:
    """Pick the columns that the story shows; none of them may be left out."""
    return tuple(replace(column, optional=False) for column in result.columns if column.name in names)


def _table(columns: tuple[Column, ...], rows: list[dict[str, Any]]) -> None:
    click.echo()
    click.echo("\n".join("  " + line for line in lay_out(columns, rows, width=terminal_width() - 2).lines))
    click.echo()
