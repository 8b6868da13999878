"""What tables are made by is told by its content: whatever changes there, older files are foreign, and nobody raises a number."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from projections.content import MODULES, content_digest
from tests.cli.running import ROOT

# Builds tables of every kind of event, an old version among them, and lists the modules of ours that it took.
BUILDING = """
import sys
from pathlib import Path
from projections.warehouse import Warehouse

old = Path("tests/golden/loan_arranged/v1.json").read_bytes().strip()
Warehouse.in_memory([[(1, old)]], hypothetical=[old]).fingerprint()
for name, module in sorted(sys.modules.items()):
    if name.split(".")[0] in {"events", "projections", "ledger", "cli"}:
        print(Path(module.__file__).relative_to(Path.cwd()).as_posix())
"""


def run(script: str, folder: Path) -> str:
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_that_takes_part_in_making_tables_is_in_the_digest() -> None:
    assert run(BUILDING, ROOT).split() == sorted(f"{package}/{name}" for package, name in MODULES)


def test_the_digest_is_the_same_in_another_process() -> None:
    asked = "from projections.content import content_digest; print(content_digest())"
    assert run(asked, ROOT).strip() == content_digest()


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for room in ("events", "projections"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("catalogue", "__pycache__"))
    return folder


@pytest.mark.parametrize(
    "name",
    ["projections/sql/10_tables.sql", "projections/sql/80_reaction.sql", "projections/shred.py", "events/upcasters.py"],
)
def test_a_word_changed_anywhere_changes_it(copied: Path, name: str) -> None:
    asked = "from projections.content import content_digest; print(content_digest())"
    before = run(asked, copied).strip()
    assert before == content_digest()
    changed = copied / name
    held = changed.read_text(encoding="utf-8")
    changed.write_text(held + ("\n-- word\n" if name.endswith(".sql") else "\n# word\n"), encoding="utf-8")
    after = run(asked, copied).strip()
    changed.write_text(held, encoding="utf-8")
    assert after != before
