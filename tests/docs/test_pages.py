"""The documentation's examples run, and its generated parts are up to date."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from cogapp import Cog

from docs.shown import catalogue_ledger
from tests.cli.running import copied, invoke

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "events" / "catalogue" / "README.md"])
GENERATED = re.compile(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", re.DOTALL)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def typed(page: Path) -> list[str]:
    """Return the `deals` command lines that stand on a page outside its generated parts, continuation lines joined."""
    text = GENERATED.sub("", page.read_text(encoding="utf-8"))
    blocks = "\n".join(CONSOLE.findall(text)).replace("\\\n", " ")
    return [line.removeprefix("$ ") for line in blocks.splitlines() if line.startswith("$ deals ")]


@pytest.fixture(autouse=True)
def _from_the_top_of_the_repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand where a reader stands, with a home of one's own."""
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture(scope="module")
def catalogue() -> Path:
    """Record the catalogue, and build its tables, once for all pages."""
    db = catalogue_ledger()
    assert invoke(["rebuild"], db=db).exit_code == 0
    return db


@pytest.mark.parametrize("page", [pytest.param(p, id=p.name) for p in PAGES if typed(p)])
def test_typed_examples_run(page: Path, catalogue: Path, tmp_path: Path) -> None:
    db, lines = tmp_path / "deals.db", typed(page)
    if "deals init" not in lines:
        copied(catalogue, db)
    for line in lines:
        done = invoke(shlex.split(line)[1:], db=db)
        assert done.exit_code == 0, f"{line}\n{done.stderr}"


def test_generated_parts_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    pages = [str(page) for page in PAGES if "[[[cog" in page.read_text(encoding="utf-8")]
    code = Cog().main(["cog", "--check", "-I", ".", *pages])
    assert code == 0, capsys.readouterr()
