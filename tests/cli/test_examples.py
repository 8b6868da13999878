"""Every command line that a help page shows can be typed as it stands, and does what it says on the shipped catalogue."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli.main import deals
from cli.verb_table import SECTIONS
from docs.shown import catalogue_ledger
from tests.cli.help_examples import EXAMPLES, desk, not_run

# Examples whose answer is no: what was compared differs.
SAYS_NO = {"deals diff legs 2026-02-01 2026-03-05 --deal nvidia-openai-2025 --exit-code"}


def words(line: str) -> tuple[list[str], str | None]:
    """Split a command line as a shell does; give its arguments and the file that it reads from."""
    typed, _, _ = line.partition(" > ")
    typed, _, given = typed.partition(" < ")
    return shlex.split(typed)[1:], given or None


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one ledger for all examples that only ask, so that they share the file of its tables."""
    folder = tmp_path_factory.mktemp("asked")
    return Path(shutil.copy(catalogue_ledger(), folder / "deals.db"))


def ledger_for(line: str, asked: Path, folder: Path) -> Path:
    """Choose the ledger of an example: the shared one for a question, none for `init`, else one of its own."""
    verb = line.split()[1]
    if any(verb in SECTIONS[section] for section in ("Look up", "Measure", "Follow the money")):
        return asked
    own = folder / "deals.db"
    return own if verb == "init" else Path(shutil.copy(catalogue_ledger(), own))


@pytest.mark.parametrize("line", [line for line in EXAMPLES if not not_run(line)])
def test_an_example_runs(line: str, asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(asked.parent / "data"))
    monkeypatch.setenv("DEALS_DB", str(ledger_for(line, asked, tmp_path)))
    desk(tmp_path)
    typed, given = words(line)
    if typed[:2] == ["audit", "export"] and typed[2].endswith(".zip"):
        (tmp_path / typed[2]).unlink()
    if typed[:2] == ["audit", "witness"]:
        assert CliRunner().invoke(deals, ["audit", "checkpoint", "--output", typed[2]]).exit_code == 0
    done = CliRunner().invoke(deals, typed, input=Path(given).read_text() if given else None)
    assert done.exit_code == (1 if line in SAYS_NO else 0), f"{line}\n{done.stderr}"


@pytest.mark.parametrize("line", [line for line in EXAMPLES if not_run(line)])
def test_the_options_of_an_example_that_cannot_run_are_those_of_its_command(line: str) -> None:
    command: click.Command = deals
    rest = [word for word in words(line)[0] if word != "…"]
    ctx = click.Context(deals, info_name="deals")
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        _, found, rest = command.resolve_command(ctx, rest)
        assert found is not None
        command, ctx = found, click.Context(found, info_name=found.name, parent=ctx)
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word.partition("=")[0] for word in rest if word.startswith("--")} <= known
