"""Single values that only terms and splits have: days told by the month or the year, and ratios of shares."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from events.scalars import whole_match
from events.term_days import TERM_DAY_PATTERN, read_term_day

__all__ = ["Ratio", "TermDay"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_RATIO = re.compile(r"([1-9][0-9]{0,5})\s*(?::|-?for-?|\s+for\s+)\s*([1-9][0-9]{0,5})\Z", re.IGNORECASE)


def _term_day(value: Any) -> Any:  # noqa: ANN401 - a before-validator sees whatever the input held
    """Read a day that may be told by its month, quarter, half or year."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    try:
        return read_term_day(value)
    except ValueError:
        if _DAY.match(value):
            raise PydanticCustomError("bad_day", "not a day of the calendar") from None
        raise PydanticCustomError(
            "bad_date", "not a date; write YYYY-MM-DD, or 2028-03, 2031-Q1, 2026-H2, 2030 where no more is told"
        ) from None


def _ratio(value: Any) -> Any:  # noqa: ANN401 - a before-validator sees whatever the input held
    """Read how many new for how many old: 5:1, 5-for-1, 5 for 1; in lowest terms."""
    if not isinstance(value, str):
        return value
    found = _RATIO.match(value.strip())
    if not found:
        raise PydanticCustomError(
            "bad_ratio", "not a ratio; write new:old, such as 5:1 for five new shares for one old"
        )
    new, old = (int(part) for part in found.groups())
    if new == old:
        raise PydanticCustomError("bad_ratio", "is no split: as many new shares as old ones")
    common = math.gcd(new, old)
    return f"{new // common}:{old // common}"


# Kept as it was told; `term_days.last_day` says when it is.
TermDay = Annotated[str, BeforeValidator(_term_day), whole_match(TERM_DAY_PATTERN, format="term-day")]
Ratio = Annotated[str, BeforeValidator(_ratio), whole_match("[1-9][0-9]{0,5}( ?: ?|-for-| for )[1-9][0-9]{0,5}")]
