"""The forms in which a person writes a day, an instant or a position of the log."""

from __future__ import annotations

import datetime as dt
import re

import click

__all__ = ["ANY_DAY", "DAY", "KNOWN_BY", "RECORDED_BY", "today"]

_DAY_FORM = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
# The greatest log position there can be.
_POSITION_MAX = 2**31 - 2


def today() -> dt.date:
    """Return the present day where the user is."""
    from ledger.clock import SystemClock

    return SystemClock().now().astimezone().date()


def _day(text: str) -> dt.date | None:
    if text == "today":
        return today()
    if not _DAY_FORM.match(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


class _Day(click.ParamType[dt.date]):
    """A day: `YYYY-MM-DD` or `today`."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read a day. Raises click's BadParameter."""
        if isinstance(value, dt.date):
            return value
        return _day(str(value)) or self.fail(f"{value!r} is not a date; write YYYY-MM-DD or `today`", param, ctx)


class _ClockDay(_Day):
    """A day that a question can be about: one that an event may carry."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read a day. Raises click's BadParameter."""
        from projections.clocks import FIRST_DAY, NO_LOOKING_AHEAD

        day = super().convert(value, param, ctx)
        if not FIRST_DAY <= day <= NO_LOOKING_AHEAD:
            said = f"{value!r} is outside {FIRST_DAY} to {NO_LOOKING_AHEAD}, the days that an event can have"
            self.fail(said, param, ctx)
        return day


class _KnownBy(_Day):
    """A day, or `latest` for everything announced to this day."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read a day or `latest`. Raises click's BadParameter."""
        if value == "latest":
            from projections.clocks import NO_LOOKING_AHEAD

            return NO_LOOKING_AHEAD
        if isinstance(value, dt.date):
            return value
        found = _day(str(value))
        return found or self.fail(f"{value!r} is not a date; write YYYY-MM-DD, `today` or `latest`", param, ctx)


class _RecordedBy(click.ParamType[int | dt.datetime | None]):
    """A position of the log, a day (its end in UTC), an instant with a zone, or `latest`."""

    name = "recorded-by"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | dt.datetime | None:
        """Return a position as a number, an instant in UTC, or None for the latest. Raises click's BadParameter."""
        text = str(value)
        if text == "latest":
            return None
        if text.isascii() and text.isdigit():
            return min(int(text), _POSITION_MAX)
        day = _day(text)
        if day is not None:
            return dt.datetime.combine(day, dt.time.max, tzinfo=dt.UTC)
        try:
            instant = dt.datetime.fromisoformat(text)
        except ValueError:
            self.fail(
                f"{text!r} is not a position, a date or an instant; write 120, 2025-10-06, 2025-10-06T20:05:00Z or `latest`",
                param,
                ctx,
            )
        if instant.tzinfo is None:
            self.fail(f"{text!r} has no time zone; write {text}Z for UTC, or add +08:00", param, ctx)
        try:
            return instant.astimezone(dt.UTC)
        except OverflowError:  # before or after all that UTC has a date for, and so before or after everything recorded
            if instant.year == dt.MINYEAR:
                return dt.datetime.min.replace(tzinfo=dt.UTC)
            return dt.datetime.max.replace(tzinfo=dt.UTC)


ANY_DAY = _Day()
DAY = _ClockDay()
KNOWN_BY = _KnownBy()
RECORDED_BY = _RecordedBy()
