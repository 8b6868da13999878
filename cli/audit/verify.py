"""`deals audit verify`: every check on a bundle or the ledger, what was not checked, and the first bad line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.help import examples
from cli.input.files import read_file
from cli.input.options import db_option
from cli.printing.colour import dim, red
from cli.printing.output import terminal_width
from cli.printing.progress import progress
from cli.printing.width import wrapped
from cli.recording.journal import journal

if TYPE_CHECKING:
    from ledger.reader import LedgerReader
    from ledger.verify.report import Report

__all__ = ["verify"]


@click.command(
    epilog=examples(
        "deals audit verify",
        "deals audit verify trail.zip --key deals/1f0c…+0b9a42c7+AQ… --checkpoint kept-in-march",
        "deals audit verify amd.zip --whole trail.zip",
    )
)
@click.argument("bundle", required=False, type=click.Path())
@click.option("--checkpoint", metavar="FILE", help="A checkpoint you kept: the log must still begin with it.")
@click.option("--key", "vkey", metavar="VKEY", help="The log's public key, as its owner published it.")
@click.option("--root", "expected", metavar="HEX", help="The root you remember or were told, to compare with.")
@click.option("--whole", metavar="BUNDLE", help="The whole log, to find out whether a part left anything out.")
@click.option("--authority", metavar="FILE", help="Certificates (PEM) of the time-stamping authority you trust.")
@click.option("--recompute", is_flag=True, help="Compute the numbers in the bundle anew and compare them.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@db_option
def verify(  # noqa: PLR0913 - one argument for each option
    *,
    bundle: str | None,
    checkpoint: str | None,
    vkey: str | None,
    expected: str | None,
    whole: str | None,
    authority: str | None,
    recompute: bool,
    form: str,
    db: str,
) -> None:
    """Verify a bundle, or the ledger itself where none is named.

    Says what was checked, what was not, and the first bad line. Exits 4 where anything does not hold. A log that was
    rolled back to an older state that was valid once is found only with a checkpoint that somebody kept (--checkpoint).
    """
    kept = read_file(checkpoint) if checkpoint else None
    report = _of_bundle(bundle, kept, vkey) if bundle else _of_ledger(db, kept, vkey)
    if bundle and whole:
        from ledger.verify.part import check_nothing_left_out

        check_nothing_left_out(Path(bundle), Path(whole), report)
    if bundle and authority:
        from ledger.verify.stamp import check_stamp

        check_stamp(Path(bundle), read_file(authority), report)
    if bundle and recompute:
        _recompute(Path(bundle), report)
    if expected and report.root != expected.lower():
        report.failed("root you gave", f"the root {report.root} is not the expected one, {expected}")
    if form == "json":
        _print_json(report)
    else:
        _print(report)
    report.require()


def _of_bundle(bundle: str, kept: bytes | None, vkey: str | None) -> Report:
    from ledger.bundle.chunks import processes_for
    from ledger.verify.bundle import bundle_events, verify_bundle

    place = Path(bundle)
    events = bundle_events(place)
    with progress("verifying", events) as step:
        return verify_bundle(place, remembered=kept, vkey=vkey, processes=processes_for(events), progress=step)


def _of_ledger(db: str, kept: bytes | None, vkey: str | None) -> Report:
    from ledger.bundle.chunks import processes_for
    from ledger.reader import LedgerReader
    from ledger.verify.ledger import verify_ledger

    with LedgerReader(db, guarded=False) as reader:
        size = reader.head().size
        with progress("verifying", size) as step:
            report = verify_ledger(reader, remembered=kept, vkey=vkey, processes=processes_for(size), progress=step)
        _check_tables(db, reader, report)
        journal(reader.path, "verified", verified=report.verified, size=report.size, root=report.root)
    return report


def _check_tables(db: str, reader: LedgerReader, report: Report) -> None:
    """Hold the kept tables, which queries read, against the log; what a query would not ask cannot mislead anyone."""
    from cli.asking.tables import held_against_the_log

    if not report.verified:
        report.not_checked.append("the tables that queries read: they can be no better than the log")
        return
    held = held_against_the_log(db, reader, reader.head())
    if held.verdict == "agree":
        report.ok("tables", held.said)
    elif held.verdict in {"differ", "lost"}:
        report.failed("tables", held.said)
    else:
        report.absent("tables", held.said)


def _recompute(place: Path, report: Report) -> None:
    from cli.audit.recompute import check_numbers

    check_numbers(place, report)


def _print_json(report: Report) -> None:
    import orjson

    click.echo(orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2).decode())


def _print(report: Report) -> None:
    for check in report.checks:
        mark = {"ok": "ok    ", "failed": red("FAILED"), "absent": dim("absent")}[check.outcome]
        _item(mark, f"{check.name}: {check.said}")
    for said in report.not_checked:
        _item("not checked", said)
    if report.first_bad is not None:
        bad = report.first_bad
        key = f" ({bad.key})" if bad.key else ""
        _item(red("first bad line"), f"event {bad.position}{key}: {bad.what}")
    verdict = "verified" if report.verified else red("NOT VERIFIED")
    click.echo(f"\n{verdict}: {report.events} events" + (f" of {report.origin}" if report.origin else ""))


def _item(head: str, said: str) -> None:
    """Print one finding: a mark, and its text with every line behind the first mark's width."""
    begin = len(click.unstyle(head)) + 2
    lines = wrapped("x" * begin + said, max(terminal_width(), 40) - _INDENT)
    click.echo(f"{head}  {lines[0][begin:]}")
    for line in lines[1:]:
        click.echo(" " * _INDENT + line)


_INDENT = 8
