"""Lets Ctrl-C wait while something becomes true for good, until whoever asked for it has been told.

Between a commit and the word that it was made an interrupt would end a program as if nothing had been done.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["becoming_true", "ignore_interrupts", "ignoring_interrupts", "told", "until_told", "untold"]

Handler = Callable[[int, FrameType | None], Any]


class _Interrupts:
    """The state of this process: who is to tell, whether something is untold, and what handled interrupts before."""

    def __init__(self) -> None:
        self.teller = False
        self.untold = False
        self.handler: Handler | None = None
        self.waiting = False

    def hold(self) -> None:
        before = signal.getsignal(signal.SIGINT)
        # Interrupts come to the main thread alone; where they are ignored, or end the process unseen, nothing can wait.
        if self.handler is None and callable(before) and threading.current_thread() is threading.main_thread():
            self.waiting = False
            self.handler = before
            signal.signal(signal.SIGINT, self._wait)

    def _wait(self, _number: int, _frame: FrameType | None) -> None:
        self.waiting = True

    def release(self) -> None:
        handler, self.handler = self.handler, None
        if handler is not None:
            signal.signal(signal.SIGINT, handler)
            if self.waiting:
                signal.raise_signal(signal.SIGINT)


_HERE = _Interrupts()


@contextmanager
def becoming_true() -> Iterator[Callable[[], None]]:
    """Yield a function to be called right before what cannot be taken back; from there on interrupts wait.

    They wait to the end of the block, and where somebody is to tell of it (`until_told`), until that was `told`.
    """
    called = False

    def hold() -> None:
        nonlocal called
        called = True
        _HERE.hold()

    try:
        yield hold
    except BaseException:
        if not _HERE.untold:
            _HERE.release()
        raise
    if not called:
        return
    if _HERE.teller:
        _HERE.untold = True
    else:
        _HERE.release()


@contextmanager
def until_told() -> Iterator[None]:
    """Promise that what becomes true in the block will be `told`; at its end no interrupt waits any more."""
    before, _HERE.teller = _HERE.teller, True
    _HERE.untold = False
    try:
        yield
    finally:
        _HERE.teller = before
        _HERE.release()


@contextmanager
def ignoring_interrupts() -> Iterator[None]:
    """Let no interrupt come in a block that says how a command ended; one that waited is let go."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    _HERE.waiting = False
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def ignore_interrupts() -> None:
    """Let no interrupt come any more: what is left is to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def told() -> None:
    """Let an interrupt that waited come through: the word of what was done is safe."""
    _HERE.untold = False
    _HERE.release()


def untold() -> bool:
    """Say whether something became true of which nobody has been told."""
    return _HERE.untold
