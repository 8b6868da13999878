"""What an event study needs beside returns: the market's value before, the prices around, the news of the days around."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projections.queries.asked import Rows, rests_on, rounded

__all__ = ["MarketCap", "News", "prices_around", "prior_market_cap", "weekday_before", "weekdays_between"]

_SATURDAY = 5
# A reported value this many days before the session is the session's before, weekends and holidays counted.
_CLOSE_BEFORE_DAYS = 4


@dataclass(frozen=True, slots=True)
class MarketCap:
    """What a company was worth before a session, how that is known, and the log positions it rests on."""

    value: Decimal
    currency: str
    source: str
    positions: frozenset[int]


class News:
    """What companies announced, in order of time (rows of `company_news`)."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def latest_of_deal(self, deal: str | None, session: dt.date) -> dt.date | None:
        """Return the day of a deal's last announcement up to a session."""
        days = [row["announced_on"] for row in self._rows if row["deal"] == deal and row["announced_on"] <= session]
        return max(days) if deal and days else None

    def around(self, company: str, session: dt.date, *, besides: str | None) -> Rows:
        """List what else a company told from the weekday before a session to the day after it."""
        first, last = weekday_before(session), session + dt.timedelta(days=1)
        return [
            row for row in self._rows
            if row["company"] == company and first <= row["announced_on"] <= last
            and (row["kind"] == "results" or row["deal"] != besides)
        ]  # fmt: skip


def weekday_before(day: dt.date) -> dt.date:
    """Return the last weekday before a day: news after its close moves the next session."""
    before = day - dt.timedelta(days=1)
    while before.weekday() >= _SATURDAY:
        before -= dt.timedelta(days=1)
    return before


def weekdays_between(day: dt.date, session: dt.date) -> int:
    """Count the weekdays after a day, up to a session: 0 on the day itself, 1 for news after its close."""
    days = (day + dt.timedelta(days=number) for number in range(1, (session - day).days + 1))
    return sum(each.weekday() < _SATURDAY for each in days)


def prior_market_cap(move: dict[str, Any], metrics: Rows) -> MarketCap | None:
    """Find what a company was worth before a session; None where the ledger does not tell.

    In this order: a value reported for a day up to four days before; one of the session itself, taken back by the move;
    the prior close times the latest shares outstanding up to the session. `metrics` are the company's own.
    """
    session, move_up = move["session"], 1 + move["return"]
    caps = [row for row in metrics if row["metric"] == "market_cap" and row["ends_on"] <= session]
    latest = max(caps, key=lambda row: (row["ends_on"], row["okey"]), default=None)
    if latest is not None:
        earlier = [row for row in caps if row["ends_on"] < session]
        before = max(earlier, key=lambda row: (row["ends_on"], row["okey"]), default=None)
        if before is not None and (session - before["ends_on"]).days <= _CLOSE_BEFORE_DAYS:
            return MarketCap(
                before["value"],
                before["unit"],
                f"reported for {before['ends_on']}",
                frozenset(rests_on([before])),
            )
        if latest["ends_on"] == session and move_up > 0:
            worth = rounded(latest["value"] / move_up)
            if worth is not None:
                return MarketCap(
                    worth, latest["unit"], f"reported for {session}, less the move", frozenset(rests_on([latest]))
                )
    return _from_shares(move, metrics)


def _from_shares(move: dict[str, Any], metrics: Rows) -> MarketCap | None:
    prior, _ = prices_around(move, metrics)
    counts = [row for row in metrics if row["metric"] == "shares_outstanding" and row["ends_on"] <= move["session"]]
    count = max(counts, key=lambda row: (row["ends_on"], row["okey"]), default=None)
    currency = move["currency"] or next((row["unit"] for row in metrics if row["metric"] == "share_price"), None)
    if prior is None or count is None or currency is None:
        return None
    worth = rounded(prior * count["value"])
    if worth is None:
        return None
    source = f"prior close times shares outstanding of {count['ends_on']}"
    return MarketCap(worth, currency, source, frozenset(rests_on([count])))


def prices_around(move: dict[str, Any], metrics: Rows) -> tuple[Decimal | None, Decimal | None]:
    """Return the close before a session and the close of it, each from the other and the move where only one was told."""
    session, move_up = move["session"], 1 + move["return"]
    told = {row["ends_on"]: row["value"] for row in metrics if row["metric"] == "share_price"}
    close = move["close"] if move["close"] is not None else told.get(session)
    prior = move["prior_close"] if move["prior_close"] is not None else told.get(weekday_before(session))
    if prior is None and close is not None and move_up > 0:
        prior = rounded(close / move_up)
    if close is None and prior is not None:
        close = rounded(prior * move_up)
    return prior, close
