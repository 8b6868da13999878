"""Starting is quick: help and completion load no library that they do not need, and queries never load the write side."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import deals
from cli.verb_table import SECTIONS
from tests.cli.running import environment

HEAVY = {"pydantic", "duckdb", "eventsourcing", "cryptography", "networkx", "numpy", "scipy", "ruamel", "orjson"}
WRITE_SIDE = {"pydantic", "eventsourcing", "cryptography", "ruamel", "networkx", "numpy", "scipy", "pandas", "pyarrow"}

_PROBE = """
import sys
sys.argv = ["deals", *{arguments!r}]
from cli.main import run
try:
    run()
except SystemExit as stop:
    code = stop.code
print("LOADED", code, *sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


def loaded(*arguments: str, db: Path | None = None, **env: str) -> set[str]:
    """Give the top-level packages that a command had loaded when it was done."""
    done = subprocess.run(
        [sys.executable, "-c", _PROBE.format(arguments=list(arguments))],
        env=environment(db, **env),
        capture_output=True,
        text=True,
        check=True,
    )
    marker, code, *names = done.stdout.splitlines()[-1].split()
    assert marker == "LOADED"
    assert code == "0", done.stderr
    return set(names)


@pytest.mark.parametrize(
    "arguments",
    [["-h"], ["exposure", "-h"], ["append", "-h"], ["append", "warrant", "-h"], ["import", "-h"], ["sql", "-h"]],
    ids=" ".join,
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert loaded(*arguments) & HEAVY == set()


@pytest.mark.parametrize("words", ["deals ", "deals ap", "deals append warrant --", "deals exposure n"])
def test_completion_loads_nothing_heavy(words: str, db: Path) -> None:
    completing = {"_DEALS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    assert loaded(db=db, **completing) & HEAVY == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["exposure"],
        ["legs", "nvidia"],
        ["commitments", "openai"],
        ["dilution", "amd"],
        ["check"],
        ["log"],
        ["companies"],
        ["sql", "SELECT 1"],
        ["show", "nvidia"],
        ["explain", "amd-openai-2025/warrant"],
    ],
    ids=" ".join,
)
def test_queries_never_load_the_write_side(arguments: list[str], db: Path) -> None:
    assert loaded(*arguments, db=db) & WRITE_SIDE == set()


def seconds(arguments: list[str], **env: str) -> float:
    """Give the least processor time of several runs: what other programs do meanwhile is not the product's."""
    times = []
    for _ in range(7):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "cli", *arguments], env=environment(None, **env), capture_output=True, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def test_help_answers_within_a_tenth_of_a_second() -> None:
    assert seconds(["-h"]) < 0.100


def test_completion_answers_within_150_milliseconds() -> None:
    completing = {"_DEALS_COMPLETE": "bash_complete", "COMP_WORDS": "deals append warrant --", "COMP_CWORD": "3"}
    assert seconds([], **completing) < 0.150


@pytest.mark.parametrize("verb", [name for section in SECTIONS.values() for name in section if name != "demo"])
def test_the_table_of_verbs_leads_to_the_command_and_says_the_same_thing(verb: str) -> None:
    import click

    context = click.Context(deals)
    command = deals.get_command(context, verb)
    assert command is not None
    assert command.name == verb
    told, shown = (str(text).split()[0] for text in (deals.table[verb].help, command.help))
    assert told == shown
