"""The three clocks of a question: as of a day, known by a day, recorded by a position of the log."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

__all__ = ["FIRST_DAY", "FOREVER", "LATEST", "NO_LOOKING_AHEAD", "Clocks"]

# The greatest log position there can be (an ordering key keeps 31 bits for it), and what comes after it.
LATEST = 2**31 - 2
FOREVER = 2**31 - 1
# The first day that an event may carry; before it there is nothing to ask about.
FIRST_DAY = dt.date(1970, 1, 1)
# What `--known-by latest` means: the last day that an event may carry.
NO_LOOKING_AHEAD = dt.date(2149, 6, 5)


@dataclass(frozen=True, slots=True)
class Clocks:
    """One coordinate on each clock.

    `as_of` is the day the answer is about; only what was announced by `known_by` and recorded at a position up to
    `recorded_by` (inclusive) is used.
    """

    as_of: dt.date
    known_by: dt.date
    recorded_by: int = LATEST

    @classmethod
    def on(cls, day: dt.date, *, recorded_by: int = LATEST) -> Clocks:
        """Return the clocks of a question about a day that does not look ahead of it."""
        return cls(as_of=day, known_by=day, recorded_by=recorded_by)

    def point(self, number: int = 1) -> dict[str, object]:
        """Return the triple as the SQL macros take it."""
        return {"pt": number, "as_of": self.as_of, "known_by": self.known_by, "recorded_by": self.recorded_by}
