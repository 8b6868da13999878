"""A small ledger that every test of the command line may ask or write into, and the two ways to run a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Run, copied, invoke

STORY = Path(__file__).with_name("story.jsonl")


@pytest.fixture(scope="session")
def told_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the story into a ledger, once for all tests."""
    path = tmp_path_factory.mktemp("story") / "deals.db"
    assert invoke(["init"], db=path).exit_code == 0
    told = invoke(["import", str(STORY)], db=path)
    assert told.exit_code == 0, told.stderr
    return path


@pytest.fixture
def db(told_once: Path, tmp_path: Path) -> Path:
    """Return a ledger of the test's own, with its tables."""
    return copied(told_once, tmp_path / "deals.db")


@pytest.fixture
def run(db: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands within this process on a ledger of the test's own."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("XDG_DATA_HOME", str(db.parent / "data"))
    for name in ("NO_COLOR", "FORCE_COLOR", "DEALS_DEBUG", "DEALS_RECORDER"):
        monkeypatch.delenv(name, raising=False)
    return Run(db)
