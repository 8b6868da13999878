"""Starting is quick: help and completion load no library that they do not need, and queries never load the write side."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.main import deals
from cli.verbs import SECTIONS
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


def quickest(arguments: list[str], *, db: Path | None = None, **env: str) -> float:
    """Give the least of several times, in seconds: what the machine does beside is not the product's."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "cli", *arguments], env=environment(db, **env), capture_output=True, check=True
        )
        times.append(time.perf_counter() - start)
    return min(times)


def bare_python() -> float:
    """Give the time in which Python itself and click start here, to tell a slow machine from a slow product."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import click"], env=environment(), check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def test_help_answers_within_a_tenth_of_a_second() -> None:
    assert quickest(["-h"]) < max(0.100, bare_python() + 0.040)


def test_completion_answers_within_150_milliseconds() -> None:
    completing = {"_DEALS_COMPLETE": "bash_complete", "COMP_WORDS": "deals append warrant --", "COMP_CWORD": "3"}
    assert quickest([], db=None, **completing) < max(0.150, bare_python() + 0.090)


@pytest.mark.parametrize("verb", [name for section in SECTIONS.values() for name in section if name != "demo"])
def test_the_table_of_verbs_says_what_the_command_says(verb: str) -> None:
    import click

    context = click.Context(deals)
    command = deals.get_command(context, verb)
    assert command is not None
    assert command.name == verb
    described = deals.table[verb].help
    assert (command.help or "").partition("\n\n")[0].replace("\n", " ") == described
