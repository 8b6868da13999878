"""The only place that asks what time it is; everything else is handed a clock."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

__all__ = ["Clock", "FixedClock", "SystemClock", "TickingClock"]


class Clock(Protocol):
    """Something that knows the present instant."""

    def now(self) -> dt.datetime:
        """Return the present instant, with a zone."""
        ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> dt.datetime:
        """Return the machine's present instant."""
        return dt.datetime.now(dt.UTC)


class FixedClock:
    """A clock that stands still, for tests and reproducible runs."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        """Return the one instant."""
        return self.at


class TickingClock:
    """A clock that moves by one step each time it is asked, for tests and the demonstration."""

    def __init__(self, start: dt.datetime, step: dt.timedelta = dt.timedelta(seconds=1)) -> None:
        self._next = start
        self._step = step

    def now(self) -> dt.datetime:
        """Return the next instant."""
        at = self._next
        self._next = at + self._step
        return at
