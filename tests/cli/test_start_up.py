"""Starting is quick: help and completion load no library that they do not need, and queries never load the write side."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.main import deals
from cli.verb_table import SECTIONS
from tests.cli.running import copied, environment

HEAVY = {"pydantic", "duckdb", "eventsourcing", "cryptography", "networkx", "numpy", "scipy", "ruamel", "orjson"}
WRITE_SIDE = {"pydantic", "eventsourcing", "cryptography", "ruamel", "networkx", "numpy", "scipy", "pandas", "pyarrow"}

_PROBE = """
import sys
from cli.main import run
for arguments in {commands!r}:
    sys.argv = ["deals", *arguments]
    code = None
    try:
        run()
    except SystemExit as stop:
        code = stop.code
    print()
    print("LOADED", code, *sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


def loaded(*commands: Sequence[str], db: Path | None = None, **env: str) -> list[set[str]]:
    """Run commands one after another in one process; give the top-level packages that are loaded after each."""
    done = subprocess.run(
        [sys.executable, "-c", _PROBE.format(commands=commands)],
        env=environment(db, **env),
        capture_output=True,
        text=True,
        check=True,
    )
    told = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("LOADED ")]
    assert [code for code, *_ in told] == ["0"] * len(commands), done.stderr
    return [set(names) for _, *names in told]


HELP = (["-h"], ["exposure", "-h"], ["append", "-h"], ["append", "warrant", "-h"], ["import", "-h"], ["sql", "-h"])
QUESTIONS = (
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
)


@pytest.fixture(scope="module")
def after_help() -> dict[str, set[str]]:
    return dict(zip(map(" ".join, HELP), loaded(*HELP), strict=True))


@pytest.mark.parametrize("line", [" ".join(line) for line in HELP])
def test_help_loads_nothing_heavy(after_help: dict[str, set[str]], line: str) -> None:
    assert after_help[line] & HEAVY == set()


@pytest.mark.parametrize("words", ["deals ", "deals ap", "deals append warrant --", "deals exposure n"])
def test_completion_loads_nothing_heavy(words: str, db: Path) -> None:
    completing = {"_DEALS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    assert loaded([], db=db, **completing)[0] & HEAVY == set()


@pytest.fixture(scope="module")
def after_questions(told_once: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    db = copied(told_once, tmp_path_factory.mktemp("questions") / "deals.db")
    return dict(zip(map(" ".join, QUESTIONS), loaded(*QUESTIONS, db=db), strict=True))


@pytest.mark.parametrize("line", [" ".join(line) for line in QUESTIONS])
def test_queries_never_load_the_write_side(after_questions: dict[str, set[str]], line: str) -> None:
    assert after_questions[line] & WRITE_SIDE == set()


def starts_within(limit: float, arguments: list[str], **env: str) -> bool:
    """Say whether a command can be done in so many seconds of processor time: what other programs do meanwhile is not ours.

    One run that succeeds is the proof; others follow only where a busy machine has slowed it down.
    """
    for _ in range(7):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "cli", *arguments], env=environment(None, **env), capture_output=True, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < limit:
            return True
    return False


def test_help_answers_within_a_tenth_of_a_second() -> None:
    assert starts_within(0.100, ["-h"])


def test_completion_answers_within_150_milliseconds() -> None:
    completing = {"_DEALS_COMPLETE": "bash_complete", "COMP_WORDS": "deals append warrant --", "COMP_CWORD": "3"}
    assert starts_within(0.150, [], **completing)


@pytest.mark.parametrize("verb", [name for section in SECTIONS.values() for name in section if name != "demo"])
def test_the_table_of_verbs_leads_to_the_command_and_says_the_same_thing(verb: str) -> None:
    import click

    context = click.Context(deals)
    command = deals.get_command(context, verb)
    assert command is not None
    assert command.name == verb
    told, shown = (str(text).split()[0] for text in (deals.table[verb].help, command.help))
    assert told == shown
