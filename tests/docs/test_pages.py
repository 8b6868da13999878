"""The documentation's examples run, and its generated parts are up to date."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "events" / "catalogue" / "README.md"])
GENERATED = re.compile(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", re.DOTALL)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def typed(page: Path) -> list[str]:
    """Give the `deals` command lines that stand on a page outside its generated parts, continuation lines joined."""
    text = GENERATED.sub("", page.read_text(encoding="utf-8"))
    blocks = "\n".join(CONSOLE.findall(text)).replace("\\\n", " ")
    return [line.removeprefix("$ ") for line in blocks.splitlines() if line.startswith("$ deals ")]


@pytest.mark.parametrize("page", [pytest.param(p, id=p.name) for p in PAGES if typed(p)])
def test_typed_examples_run(page: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "DEALS_DB": str(tmp_path / "deals.db"), "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}

    def run(line: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "cli", *shlex.split(line)[1:]]
        return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    lines = typed(page)
    if "deals init" not in lines:
        run("deals init")
        run("deals import events/catalogue")
    for line in lines:
        done = run(line)
        assert done.returncode == 0, f"{line}\n{done.stderr}"


def test_generated_parts_are_up_to_date() -> None:
    pages = [str(page) for page in PAGES if "[[[cog" in page.read_text(encoding="utf-8")]
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "-I", ".", *pages],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
