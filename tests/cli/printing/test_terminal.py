"""What a terminal shows that a pipe does not: tables, colour where it is wanted, and completion in a real shell."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import as_process, environment

ESCAPE = "\x1b["


def on_a_terminal(*arguments: str, db: Path, **env: str) -> str:
    """Run a command whose standard output is a terminal of 80 columns."""
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", *arguments],
        env=environment(db, **{"TERM": "xterm", "COLUMNS": "80", **env}),
        stdin=subprocess.DEVNULL,
        stdout=secondary,
        stderr=subprocess.DEVNULL,
    )
    os.close(secondary)
    shown = b""
    while True:
        ready, _, _ = select.select([primary], [], [], 60)
        try:
            piece = os.read(primary, 65536) if ready else b""
        except OSError:  # Linux says so when the other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(primary)
    assert process.wait() == 0
    return shown.decode()


def test_a_terminal_gets_a_table_in_colour_and_a_pipe_gets_neither(db: Path) -> None:
    shown = on_a_terminal("legs", "--as-of", "2025-12-31", db=db)
    assert "─────" in shown
    assert ESCAPE in shown
    piped = as_process("legs", "--as-of", "2025-12-31", db=db)
    assert piped.stdout.startswith("leg_ref\t")
    assert ESCAPE not in piped.stdout + piped.stderr


@pytest.mark.parametrize("quiet", [{"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(db: Path, quiet: dict[str, str]) -> None:
    shown = on_a_terminal("legs", "--as-of", "2025-12-31", db=db, **quiet)
    assert "─────" in shown
    assert ESCAPE not in shown


def test_colour_is_forced_into_a_pipe_and_an_empty_wish_is_none(db: Path) -> None:
    line = ("legs", "--as-of", "2025-12-31", "--format", "table")
    assert ESCAPE in as_process(*line, db=db, FORCE_COLOR="1").stdout
    assert ESCAPE not in as_process(*line, db=db, FORCE_COLOR="").stdout
    assert ESCAPE in on_a_terminal(*line, db=db, NO_COLOR="")
    assert ESCAPE in as_process("legs", "--as-of", "never", db=db, FORCE_COLOR="1").stderr
    assert ESCAPE not in as_process("legs", "--as-of", "never", db=db).stderr


def test_a_table_fits_the_terminal(db: Path) -> None:
    import click

    for width in (60, 80, 120):
        shown = click.unstyle(on_a_terminal("legs", "--as-of", "2025-12-31", db=db, COLUMNS=str(width)))
        assert max(map(len, shown.replace("\r", "").splitlines())) <= width


def completions(words: str, *, db: Path, folder: Path) -> list[str]:
    """Complete a line in a real bash, with the script that the command prints."""
    program = folder / "deals"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cli "$@"\n')
    program.chmod(0o755)
    script = as_process(db=db, _DEALS_COMPLETE="bash_source").stdout
    line = f"""
{script}
COMP_WORDS=({words}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_deals_completion deals
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(
        ["bash", "-c", line],
        env={**environment(db), "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.skipif(
    shutil.which("bash") is None, reason="bash is the shell that this completes in: apt-get install bash"
)
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("deals expo", ["exposure"]),
        ("deals append war", ["warrant"]),
        ("deals exposure --known", ["--known-by"]),
        ("deals append warrant --exerc", ["--exercise-price"]),
        ("deals append warrant --issuer am", ["amd"]),
        ("deals append warrant --status def", ["definitive"]),
        ("deals exposure adv", ["amd"]),
        ("deals dilution 超", ["amd"]),
        ("deals show amd-openai-2025/w", ["amd-openai-2025/warrant/2025-10-06"]),
        ("deals retract company/nv", ["company/nvidia"]),
        ("deals exposure --format js", ["json", "jsonl"]),
    ],
)
def test_completion_in_bash(words: str, wanted: list[str], db: Path, tmp_path: Path) -> None:
    assert completions(words, db=db, folder=tmp_path) == wanted


def test_completion_without_a_ledger_is_silent(tmp_path: Path) -> None:
    done = as_process(
        db=tmp_path / "none.db", _DEALS_COMPLETE="bash_complete", COMP_WORDS="deals exposure a", COMP_CWORD="2"
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


def test_a_terminal_without_the_characters_gets_their_codes(db: Path) -> None:
    done = as_process("companies", "輝達", "--format", "table", db=db, PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert "\\u8f1d\\u9054" in done.stdout
