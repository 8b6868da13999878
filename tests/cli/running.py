"""Running the command line: within this process for what it answers, as a process of its own for how it behaves."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from cli.input.place import projection_file
from cli.main import deals

__all__ = ["ROOT", "Run", "as_process", "copied", "environment", "invoke", "normalised"]

ROOT = Path(__file__).parents[2]


def invoke(
    arguments: Sequence[str], *, db: Path, stdin: str | None = None, env: dict[str, str] | None = None
) -> Result:
    """Run a command within this process."""
    return CliRunner().invoke(deals, list(arguments), input=stdin, env={"DEALS_DB": str(db), **(env or {})})


@dataclass(frozen=True)
class Run:
    """Runs commands on one ledger."""

    db: Path

    def __call__(self, *arguments: str, stdin: str | None = None, **env: str) -> Result:
        """Run a command and give what it did."""
        return invoke(arguments, db=self.db, stdin=stdin, env=env)

    def ok(self, *arguments: str, stdin: str | None = None) -> str:
        """Run a command that has to succeed, and give what it printed."""
        result = self(*arguments, stdin=stdin)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def json(self, *arguments: str) -> dict[str, Any]:
        """Ask for JSON."""
        answer: dict[str, Any] = json.loads(self.ok(*arguments, "--format", "json"))
        return answer


def copied(ledger: Path, place: Path) -> Path:
    """Copy a ledger and the tables kept beside it, which take longer to build than most commands; give the copy."""
    shutil.copy(ledger, place)
    shutil.copy(projection_file(str(ledger)), projection_file(str(place)))
    return place


def environment(db: Path | None = None, **more: str) -> dict[str, str]:
    """Return an environment with nothing in it that changes how commands look."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"}}
    return {**kept, "PYTHONPATH": str(ROOT), **({"DEALS_DB": str(db)} if db else {}), **more}


def as_process(
    *arguments: str, db: Path | None = None, stdin: str | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        env=environment(db, **env),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


_VARIES = (
    (re.compile(r"[0-9a-f]{64}"), "HASH"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"), "INSTANT"),
    (re.compile(r"(?<=recorded by )\S+(?= as)"), "SOMEBODY"),
)


def normalised(text: str) -> str:
    """Replace what differs between two runs: hashes and instants."""
    for pattern, name in _VARIES:
        text = pattern.sub(name, text)
    return text
