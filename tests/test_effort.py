"""A build server draws the same examples for the same commit, and whoever tries harder tries harder everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import examples


def drawn() -> list[int]:
    """Return what a property is tried on where CI is set."""
    seen: list[int] = []

    @settings(settings.get_profile("steady"))
    @given(st.integers())
    def remember(number: int) -> None:
        seen.append(number)

    remember()
    return seen


def test_a_build_server_draws_the_same_examples_every_time() -> None:
    first = drawn()
    assert len(set(first)) > 10
    assert drawn() == first


@pytest.mark.parametrize(("profile", "count"), [("dev", 6), ("steady", 6), ("ci", 120)])
def test_a_dear_property_gets_as_many_times_more_as_the_others(
    profile: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.effort.settings", lambda **more: settings(settings.get_profile(profile), **more))
    assert examples(6).max_examples == count
