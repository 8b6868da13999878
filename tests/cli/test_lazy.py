"""Every command, however it is reached, refuses a value that names nothing."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from cli.main import deals
from tests.cli.running import Run


def commands(group: click.Group, *way: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        yield (*way, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *way, name)


ALL = list(commands(deals))


def test_there_are_many() -> None:
    assert len(ALL) > 60


@pytest.mark.parametrize("empty", ["", " ", "\u3000"])
def test_an_empty_option_is_a_usage_error_everywhere(run: Run, empty: str) -> None:
    for way, command in ALL:
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.is_flag and parameter.nargs == 1:
                refused = run(*way, parameter.opts[0], empty)
                assert (refused.exit_code, refused.stdout) == (2, ""), (way, parameter.opts, refused.stderr)
                assert f"'{parameter.opts[0]}'" in refused.stderr, (way, refused.stderr)
                assert f"(got {empty!r})" in refused.stderr or repr(empty) in refused.stderr


@pytest.mark.parametrize(
    "line",
    [
        *(("show", ""), ("companies", ""), ("exposure", ""), ("init", ""), ("import", "amd.yaml", ""), ("audit", "verify", "")),
        *(("append", ""), ("append", "x.yaml", "--type", ""), ("retract", "", "--reason", "x"), ("sql", "  "), ("demo", "")),
        *(("audit", "export", ""), ("audit", "witness", ""), ("audit", "prove", ""), ("explain", "exposure", "")),
    ],
)  # fmt: skip
def test_an_empty_argument_is_a_usage_error(run: Run, line: tuple[str, ...]) -> None:
    before = run.json("log")["position"]
    refused = run(*line)
    assert (refused.exit_code, refused.stdout) == (2, ""), refused.stderr
    assert "is empty (got '" in refused.stderr
    assert run.json("log")["position"] == before


def test_what_is_not_set_in_the_environment_is_left_out(run: Run) -> None:
    assert run("legs", DEALS_RECORDER="").exit_code == 0
    assert run("legs", "--db", str(run.db), DEALS_DB="").exit_code == 0
    assert run("legs", DEALS_DB=" ").exit_code == 2


@pytest.mark.parametrize(
    "line",
    [
        *(("legs", "--output", "\udcff.csv"), ("legs", "--db", "\udcff.db"), ("import", "\udcff.csv"), ("append", "./\udcff.csv")),
        *(("companies", "\udcff"), ("retract", "company/amd", "--reason", "\udcff"), ("legs", "--what-if", "a\udcff")),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_a_usage_error(run: Run, line: tuple[str, ...]) -> None:
    refused = run(*line)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "has bytes that are not UTF-8 (got " in refused.stderr
