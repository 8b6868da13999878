"""How pages and tables look, at 80 columns; hashes and instants are replaced by their names."""

from __future__ import annotations

import click
import pytest
from syrupy.assertion import SnapshotAssertion

from cli.verb_table import SECTIONS
from cli.verbs.append import SECTIONS as TYPES
from tests.cli.running import Run, normalised

VERBS = [name for section in SECTIONS.values() for name in section if name != "demo"]


def test_the_first_page(run: Run, snapshot: SnapshotAssertion) -> None:
    assert run.ok("-h") == snapshot


@pytest.mark.parametrize("verb", VERBS)
def test_a_verbs_help(run: Run, snapshot: SnapshotAssertion, verb: str) -> None:
    assert run.ok(verb, "--help") == snapshot


@pytest.mark.parametrize("name", list(TYPES["Types"]))
def test_a_types_help(run: Run, snapshot: SnapshotAssertion, name: str) -> None:
    page = run.ok("append", name, "--help")
    assert page == snapshot
    assert max(len(line) for line in page.splitlines()) <= 100


ANSWERS = [
    "exposure --as-of 2025-12-31",
    "exposure openai --by company --as-of 2025-12-31",
    "dilution amd --as-of 2025-12-31",
    "commitments openai --as-of 2025-12-31",
    "legs --as-of 2025-12-31",
    "legs --as-of 2026-03-05 --include-ended",
    "legs --as-of 2025-07-01 --deal oracle-customer-2025",
    "check --as-of 2025-12-31 --severity note",
    "companies",
    "companies 輝達",
    "log --company openai",
    "sql 'SELECT deal, leg, binding FROM leg_state(points()) ORDER BY ALL' --as-of 2025-12-31",
]


@pytest.mark.parametrize("line", ANSWERS)
def test_a_table(run: Run, snapshot: SnapshotAssertion, line: str) -> None:
    import shlex

    table = run.ok(*shlex.split(line), "--format", "table")
    assert normalised(table) == snapshot
    assert max(len(line) for line in table.splitlines()) <= 80


TEXTS = [
    "show amd-openai-2025/warrant/2025-10-06",
    "show oracle-openai-2025/compute",
    "show oracle-openai-2025",
    "show nvidia",
    "explain exposure oracle openai --as-of 2025-12-31",
    "explain exposure unnamed oracle --as-of 2025-12-31",
    "explain dilution amd openai --as-of 2025-12-31",
    "explain commitments openai --as-of 2025-12-31",
    "explain nvidia-openai-2025/equity --as-of 2026-03-05",
    "schema",
]


@pytest.mark.parametrize("line", TEXTS)
def test_a_text(run: Run, snapshot: SnapshotAssertion, line: str) -> None:
    assert normalised(run.ok(*line.split())) == snapshot


@pytest.mark.parametrize("width", [40, 60, 120, 200])
def test_a_table_at_other_widths(run: Run, snapshot: SnapshotAssertion, width: int) -> None:
    result = run("legs", "--as-of", "2025-12-31", "--format", "table", COLUMNS=str(width))
    text = click.unstyle(result.stdout)
    assert normalised(text) == snapshot
    for ref in ("oracle-customer-2025/compute", "nvidia-openai-2025/equity"):
        assert ref in text
