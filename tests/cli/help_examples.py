"""The command lines that help pages show, the files that they name, and which of them a test can run."""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from cli.main import deals
from tests.cli.running import ROOT, invoke

__all__ = ["EXAMPLES", "all_lines", "desk", "not_run"]

# Why an example cannot be run as it stands; the options of such a line are read all the same.
_NOT_RUN = {
    "…": "something is left out",
    "KEY": "stands for any event's key",
    "--edit": "opens an editor",
    "--timestamp": "asks a time-stamp authority",
    "deals demo": "is run in tests of its own",
}
_EVENT = """\
type: warrant_granted
deal: amd-microsoft-2026
leg: warrant
status: definitive
issuer: amd
holder: microsoft
shares_max: 1000000
announced_on: 2026-07-01
"""


def _walk(command: click.Command, ctx: click.Context, verb: str) -> Iterator[tuple[str, str]]:
    if isinstance(command, click.Group) and verb != "append":
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            assert inner is not None
            yield from _walk(inner, click.Context(inner, info_name=name, parent=ctx), verb)
    for line in (command.epilog or "").splitlines():
        if line.strip().startswith("deals "):
            yield verb, line.strip()


@functools.cache
def all_lines() -> dict[str, tuple[str, ...]]:
    """Return the examples of every verb, those of its subcommands included; a type's examples are not among them."""
    ctx = click.Context(deals, info_name="deals")
    found = {}
    for verb in deals.list_commands(ctx):
        command = deals.get_command(ctx, verb)
        assert command is not None
        found[verb] = tuple(line for _, line in _walk(command, click.Context(command, info_name=verb), verb))
    return found


EXAMPLES = tuple(line for lines in all_lines().values() for line in lines)


def not_run(line: str) -> str:
    """Return why an example cannot be run, or nothing where it can."""
    return next((why for part, why in _NOT_RUN.items() if part in line), "")


def desk(folder: Path) -> None:
    """Put the files that examples name into a folder, as a user would have them."""
    for name in ("announcement.yaml", "deals.yaml", "scenario.yaml", "another-warrant.yaml"):
        (folder / name).write_text(_EVENT)
    catalogue = ROOT / "events" / "catalogue"
    (folder / "announcements").mkdir()
    shutil.copy(catalogue / "announcements" / "2024.jsonl", folder / "announcements")
    shutil.copy(catalogue / "companies.jsonl", folder)
    (folder / "prices.csv").write_text(
        "type,announced_on,company,session,return,basis\nprice_moved,2026-07-01,amd,2026-07-01,0.01,close\n"
    )
    (folder / "metrics.csv").write_text(
        "announced_on,company,metric,value,unit,on,basis\n2026-07-02,amd,cash,1000000,USD,2026-06-30,gaap\n"
    )
    (folder / "question.sql").write_text("SELECT count(*) AS events FROM log")
    scenario = json.loads((ROOT / "projections" / "scenarios" / "openai-fails.json").read_text())
    scenario["parameters"]["loss_given_default"] = ["0.4", "0.8"]
    (folder / "my-scenario.json").write_text(json.dumps(scenario))
    (folder / "mine.json").write_bytes((ROOT / "projections" / "indicators" / "bubble.json").read_bytes())
    for name in ("exhibit-4-1.htm", "8k.pdf"):
        (folder / name).write_text(name)
    bundles = ROOT / "tests" / "golden" / "bundles"
    shutil.copy(bundles / "v1-whole.zip", folder / "trail.zip")
    shutil.copy(bundles / "v1-part.zip", folder / "amd.zip")
    assert invoke(["init"], db=folder / "restored.db").exit_code == 0
