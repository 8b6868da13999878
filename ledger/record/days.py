"""Days that no announcement can mean: years before 1800 or after 2999, which stand for a misprint or for `never`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from pydantic import BaseModel

from events.values import Condition
from ledger.record.drafts import Draft
from ledger.record.refusals import DayOutOfReachError, RefusedError

__all__ = ["days_out_of_reach"]

# Looked for in the canonical bytes, so that almost every event costs no more than this.
_FAR = re.compile(rb'"(?:0[0-9]{3}|1[0-7][0-9]{2}|[3-9][0-9]{3})(?:-(?:[0-9]{2}(?:-[0-9]{2})?|Q[1-4]|H[12]))?[T"]')
# Days that may be told by the year alone, and so are texts.
_TERM_DAYS = frozenset({"starts_on", "ends_on", "matures_on", "expires_on", "issued_on", "cancellable_from", "from"})
_YEARS = range(1800, 3000)


def days_out_of_reach(draft: Draft) -> list[RefusedError]:
    """Return a refusal for each day of an event outside the years in which calendars and sums can be trusted."""
    if not _FAR.search(draft.encoded):
        return []
    return [
        DayOutOfReachError(
            draft.key,
            field,
            "lies outside the years 1800 to 2999",
            got=said,
            advice="mend the misprint; where something has no end or no beginning, leave the day out",
        )
        for field, said, year in _days(draft.model(), "")
        if year not in _YEARS
    ]


def _days(value: object, path: str, field: str = "") -> Iterator[tuple[str, str, int]]:
    """Yield every day and instant in an event by field, as text and with its year."""
    if isinstance(value, dt.date):
        yield path, value.isoformat(), value.year
    elif isinstance(value, str) and field in _TERM_DAYS:
        yield path, value, int(value[:4])
    elif isinstance(value, Condition) and value.kind == "date" and value.threshold:
        yield f"{path}.threshold", value.threshold, int(value.threshold[:4])
    elif isinstance(value, BaseModel):
        for name, described in type(value).model_fields.items():
            inner = described.alias or name
            yield from _days(getattr(value, name), f"{path}.{inner}" if path else inner, inner)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _days(item, f"{path}.{place}")
