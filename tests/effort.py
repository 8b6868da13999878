"""How many examples a property gets that is dearer, or cheaper, than most, and what is tried only where everything is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings

__all__ = ["examples", "first_of", "thorough"]

thorough = pytest.mark.thorough
"""Marks what `make check` and a build server run, and `make test` leaves out: the same check once more, at every step or seed."""

USUAL = 50
"""What every other property gets in an ordinary run."""


def examples(count: int) -> settings:
    """Return the settings of a property that gets so many examples in an ordinary run, and where more are tried as many times more."""
    return settings(max_examples=max(1, count * settings().max_examples // USUAL))


def first_of(cases: Iterable[Any], count: int = 1) -> list[Any]:
    """Return cases for `parametrize`: the first few for every run, those after them for the thorough one."""
    return [case if place < count else pytest.param(case, marks=thorough) for place, case in enumerate(cases)]
