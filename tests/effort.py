"""How many examples a property gets that is dearer, or cheaper, than most."""

from __future__ import annotations

from hypothesis import settings

__all__ = ["examples"]

USUAL = 50
"""What every other property gets in an ordinary run."""


def examples(count: int) -> settings:
    """Return the settings of a property that gets so many examples in an ordinary run, and where more are tried as many times more."""
    return settings(max_examples=max(1, count * settings().max_examples // USUAL))
