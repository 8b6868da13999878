"""Days that a contract names and that a source may tell by the month, quarter, half or year alone: `2028-03`, `2031-Q1`, `2030`.

Such a day is kept as it was told and evaluated at its last day: what is due "in March" is not overdue before April.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

__all__ = ["TERM_DAY_PATTERN", "last_day", "read_term_day"]

TERM_DAY_PATTERN: Final = r"[0-9]{4}(-([0-9]{2}(-[0-9]{2})?|Q[1-4]|H[12]))?"
"""The stored form: a year, half, quarter, month or day."""

_FORM = re.compile(
    r"(?P<year>[0-9]{4})(-(?:(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?|Q(?P<quarter>[1-4])|H(?P<half>[12])))?\Z"
)
_TYPED = re.compile(
    r"(?:(?P<before>[QqHh][1-4])\s*[-/ ]?\s*)?(?P<year>[0-9]{4})(?:\s*[-/ ]?\s*(?P<after>[QqHh][1-4]))?\Z"
)
_MONTHS_A_QUARTER = 3
_MONTHS_A_HALF = 6


def last_day(text: str) -> dt.date:
    """Return the last day that a stored text can mean. Raises ValueError where it is none or no day of the calendar."""
    found = _FORM.match(text)
    if found is None:
        raise ValueError(text)
    year = int(found["year"])
    if found["day"]:
        return dt.date(year, int(found["month"]), int(found["day"]))
    if found["month"]:
        month = int(found["month"])
    elif found["quarter"]:
        month = _MONTHS_A_QUARTER * int(found["quarter"])
    else:
        month = _MONTHS_A_HALF * int(found["half"] or 2)
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def read_term_day(text: str) -> str:
    """Return the stored form of a term's day as a person types it: `Q1 2031`, `2031q1` and `h2 2026` beside the form itself.

    Raises ValueError.
    """
    found = _TYPED.match(text.strip())
    part = (found["before"] or found["after"]) if found else None
    if found and part and not (found["before"] and found["after"]):
        text = f"{found['year']}-{part.upper()}"
    last_day(text)
    return text
