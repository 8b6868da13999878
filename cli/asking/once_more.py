"""A question whose kept tables turn out to be damaged is asked once more, of tables made anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cli.errors import KeptTablesDamagedError
from cli.streams import begun

__all__ = ["once_more"]

_T = TypeVar("_T")


def once_more(ask: Callable[[], _T]) -> _T:
    """Return what asking gives, asked a second time where kept tables were found damaged and nothing was printed yet."""
    try:
        return ask()
    except KeptTablesDamagedError:
        if begun():
            raise
    return ask()
