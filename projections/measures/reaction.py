"""What the stock market made of an announcement: the right session, and the move beyond the market's own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Final, Generic, Literal, TypeAlias

from projections.measures.amounts import Amount, Reply, exact, reply_in, same_length
from projections.measures.errors import NaiveInstantError, OutOfRangeError

__all__ = ["MarketModel", "Method", "abnormal_value", "market_model", "session_of"]

Method: TypeAlias = Literal["market model", "market-adjusted", "raw"]

SESSIONS_MIN: Final = 120
CLOSE: Final = time(16)
EARLY_CLOSE: Final = time(13)
EXCHANGE: Final = "America/New_York"


@dataclass(frozen=True, slots=True)
class MarketModel(Generic[Amount]):
    """An abnormal return `ar` and how it was found.

    With the "market model" alpha and beta are the regression's, otherwise None. `residual_sd` is the standard
    deviation of its residuals and `t_statistic` ar over it (None outside the model, or if it is 0); `sessions` counts
    the pairs of returns that were at hand.
    """

    ar: Amount
    method: Method
    alpha: Amount | None
    beta: Amount | None
    residual_sd: Amount | None
    t_statistic: Amount | None
    sessions: int


def market_model(
    returns: Sequence[Amount | None],
    benchmark: Sequence[Amount | None],
    event_return: Amount,
    event_benchmark: Amount | None,
) -> MarketModel[Amount]:
    """Return the abnormal return of day 0: R - (alpha + beta R_m), else R - R_m, else the raw move, and say which.

    `returns` and `benchmark` are the sessions before the event, pairwise (a pair with a missing side is left out);
    120 complete pairs make a market model by ordinary least squares. Returns close to close, as fractions.
    Source: MacKinlay (1997), Journal of Economic Literature 35.
    Raises ShapeError unless both lists cover the same sessions.
    """
    same_length(len(returns), len(benchmark), "benchmark")
    pairs = [
        (exact(own, "return"), exact(market, "benchmark return"))
        for own, market in zip(returns, benchmark, strict=True)
        if own is not None and market is not None
    ]
    reply: Reply[Amount] = reply_in(returns, benchmark, event_return, event_benchmark)
    move = exact(event_return, "event return")
    if event_benchmark is None:
        return MarketModel(reply(move), "raw", None, None, None, None, len(pairs))
    market_move = exact(event_benchmark, "event benchmark return")
    line = _least_squares(pairs) if len(pairs) >= SESSIONS_MIN else None
    if line is None:
        return MarketModel(reply(move - market_move), "market-adjusted", None, None, None, None, len(pairs))
    alpha, beta, spread = line
    abnormal = move - (alpha + beta * market_move)
    return MarketModel(
        ar=reply(abnormal),
        method="market model",
        alpha=reply(alpha),
        beta=reply(beta),
        residual_sd=reply(spread),
        t_statistic=reply.or_none(abnormal / spread if spread else None),
        sessions=len(pairs),
    )


def abnormal_value(abnormal_return: Amount | None, prior_market_cap: Amount | None) -> Amount | None:
    """Return the money the abnormal return stands for: AR x market capitalisation before it; None if undisclosed.

    Over the deal's headline (`multiple`) it is the *capture*.
    """
    if abnormal_return is None or prior_market_cap is None:
        return None
    worth = exact(abnormal_return, "abnormal return") * exact(prior_market_cap, "market capitalisation")
    reply: Reply[Amount] = reply_in(abnormal_return, prior_market_cap)
    return reply(worth)


def session_of(
    announced_at: date | datetime, calendar: Sequence[date], *, early_closes: Collection[date] = ()
) -> date | None:
    """Return day 0: the first session whose close follows the announcement; None if the calendar ends before it.

    `announced_at` is an instant with its zone, or a bare date, which is taken to precede that day's close. `calendar`
    holds the exchange's session dates in order; they close at 16:00 in New York, those in `early_closes` at 13:00.
    News at the very close belongs to the next session.
    Raises NaiveInstantError for an instant without zone, OutOfRangeError for a calendar out of order.

    Apart: the product takes the session that a price move was recorded for.
    """
    if any(later <= earlier for earlier, later in pairwise(calendar)):
        raise OutOfRangeError("the calendar must list session dates in ascending order, each once")
    if not isinstance(announced_at, datetime):
        return _from(calendar, announced_at)
    if announced_at.tzinfo is None:
        raise NaiveInstantError(f"{announced_at.isoformat()} needs a time zone")
    from zoneinfo import ZoneInfo

    local = announced_at.astimezone(ZoneInfo(EXCHANGE))
    session = _from(calendar, local.date())
    if session != local.date():
        return session
    close = EARLY_CLOSE if session in early_closes else CLOSE
    return session if local.time() < close else _from(calendar, date.fromordinal(session.toordinal() + 1))


def _from(calendar: Sequence[date], day: date) -> date | None:
    position = bisect_left(calendar, day)
    return calendar[position] if position < len(calendar) else None


def _least_squares(pairs: Sequence[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal, Decimal] | None:
    """Return intercept, slope and standard deviation of residuals of own on market returns; None if the market stood still."""
    count = len(pairs)
    mean_own = sum((own for own, _ in pairs), Decimal(0)) / count
    mean_market = sum((market for _, market in pairs), Decimal(0)) / count
    variation = sum(((market - mean_market) ** 2 for _, market in pairs), Decimal(0))
    if variation == 0:
        return None
    covariation = sum(((market - mean_market) * (own - mean_own) for own, market in pairs), Decimal(0))
    beta = covariation / variation
    alpha = mean_own - beta * mean_market
    residuals = sum(((own - alpha - beta * market) ** 2 for own, market in pairs), Decimal(0))
    return alpha, beta, (residuals / (count - 2)).sqrt()
