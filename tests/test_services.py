"""A comparison with an outside program may be skipped on a desk, never in continuous integration."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services import needs_go, needs_hledger, needs_openssl, needs_ssh, require

PACKAGE = "no-such-package"


def run(program: str, sources: Path | None = None) -> str:
    def test() -> str:
        return "ran"

    return require(program, PACKAGE, marker="needs_go", sources=sources)(test)()


def test_an_absent_program_skips_and_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(
        pytest.skip.Exception, match="no-such-program is not installed: apt-get install no-such-package"
    ):
        run("no-such-program")


def test_an_absent_program_fails_in_continuous_integration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=PACKAGE):
        run("no-such-program")


def test_absent_sources_count_as_absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=PACKAGE):
        run("python3", tmp_path / "absent")


def test_a_present_program_runs_the_test(tmp_path: Path) -> None:
    assert run("python3", tmp_path) == "ran"


def test_every_guard_carries_its_marker() -> None:
    def test() -> None:
        """Do nothing."""

    guards = (needs_go, needs_hledger, needs_openssl, needs_ssh)
    marks = [guard(test).pytestmark[0].name for guard in guards]  # type: ignore[attr-defined] # set by pytest
    assert marks == ["needs_go", "needs_hledger", "needs_openssl", "needs_ssh"]
