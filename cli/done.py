"""What a command has done for good so far: whatever goes wrong afterwards, the user is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ledger import interrupts

__all__ = ["done", "forget", "making", "note_done"]

_DONE: list[str] = []


def note_done(said: str) -> None:
    """Remember, in one sentence without a full stop, that something was changed for good.

    An interrupt that waited for this comes through now.
    """
    _DONE.append(said)
    interrupts.told()


@contextmanager
def making() -> Iterator[None]:
    """Let interrupts wait in a short block that changes something for good, and then until that is noted."""
    with interrupts.becoming_true() as hold:
        hold()
        yield


def done() -> tuple[str, ...]:
    """Return what was done since the command began, in its order."""
    if interrupts.untold():
        return (*_DONE, "what was to be made or recorded was; see `deals log` and `deals audit log`")
    return tuple(_DONE)


def forget() -> None:
    """Begin a command of its own, which has done nothing yet."""
    _DONE.clear()
