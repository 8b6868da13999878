"""Runs commands for the documentation: on the shipped catalogue, recorded at fixed instants, at 80 columns.

The pages hold what these functions print, and the tests check that they still do.
"""

from __future__ import annotations

import datetime as dt
import functools
import shlex
import tempfile
from importlib import resources
from pathlib import Path

import click

__all__ = ["catalogue_ledger", "help_of", "shown", "verbs"]

RECORDED_AT = dt.datetime(2026, 8, 1, 9, 0, tzinfo=dt.UTC)


@functools.cache
def catalogue_ledger() -> Path:
    """Record the catalogue in a ledger for temporary files, at the same instant every time."""
    from ledger.application import Ledger
    from ledger.clock import FixedClock
    from ledger.intake.rows import InputDefaults
    from ledger.intake.sources import read_rows

    path = Path(tempfile.mkdtemp(prefix="deals-docs-")) / "deals.db"
    catalogue = resources.files("events") / "catalogue"
    with (
        resources.as_file(catalogue) as folder,
        Ledger.create(path, clock=FixedClock(RECORDED_AT), recorder_name="docs") as ledger,
    ):
        ledger.record_located(read_rows([str(folder)], InputDefaults(), format_name=None))
    return path


def run(line: str) -> str:
    """Run one command line (`deals …`) and give what it prints to standard output."""
    from click.testing import CliRunner

    from cli.main import deals

    settings = {"DEALS_DB": str(catalogue_ledger()), "COLUMNS": "80", "NO_COLOR": "1"}
    printed = CliRunner().invoke(deals, shlex.split(line)[1:], prog_name="deals", env=settings).stdout
    return "\n".join(part.rstrip() for part in printed.splitlines())


def shown(line: str, *, first: int | None = None) -> str:
    """Return a console block of a command line and its table; `first` keeps that many lines."""
    output = run(f"{line} --format table").splitlines()
    kept = output if first is None or len(output) <= first else [*output[:first], "…"]
    return "\n".join(["```console", f"$ {line}", *kept, "```"])


def verbs() -> list[str]:
    """List every verb, groups with their subcommands."""
    from cli.main import deals

    names = []
    ctx = click.Context(deals, info_name="deals")
    for name in deals.list_commands(ctx):
        command = deals.get_command(ctx, name)
        names.append(name)
        if isinstance(command, click.Group) and name != "append":
            inner = click.Context(command, info_name=name, parent=ctx)
            names += [f"{name} {sub}" for sub in command.list_commands(inner)]
    return names


def help_of(verb: str) -> str:
    """Return the help page of a verb as a console block."""
    return "\n".join(["```console", f"$ deals {verb} --help", run(f"deals {verb} --help"), "```"])
