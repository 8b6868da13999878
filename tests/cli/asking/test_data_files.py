"""Weights are read from a file by one reader, whichever verb asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Run

VERBS = (("exposure",), ("commitments", "openai"), ("loops", "--basis", "expected"))


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("announced: half", "weights: announced: a weight is a number from 0 to 1 (got half)"),
        ("announced: .nan", "weights: announced: a weight is a number from 0 to 1 (got .nan)"),
        ("anounced: 0.5", "weights: unknown status 'anounced'"),
        ("1: 0.5", "weights: unknown status 1"),
    ],
)
def test_a_bad_weight_is_refused_by_file_and_value(
    run: Run, tmp_path: Path, verb: tuple[str, ...], text: str, said: str
) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text(text)
    refused = run(*verb, "--weights", str(path))
    assert (refused.exit_code, refused.stderr.splitlines()[0]) == (65, f"error: {path}: {said}")


def test_a_good_weight_counts(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text('{"announced": 0.25}')
    rows = run.json("exposure", "oracle", "--as-of", "2025-09-15", "--weights", str(path))["rows"]
    assert [(row["headline"], row["expected"]) for row in rows if row["to"] == "openai"] == [
        ("300000000000", "75000000000")
    ]
