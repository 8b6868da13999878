"""What a warrant with a share-price hurdle and next to no exercise price was worth on the day it was granted."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final, Literal

from projections.measures.amounts import exact
from projections.measures.errors import OutOfRangeError

__all__ = ["hurdle_warrant_value"]

FAR_TAIL: Final = -30.0


def hurdle_warrant_value(
    spot: Decimal | float,
    hurdle: Decimal | float,
    rate: Decimal | float,
    volatility: Decimal | float,
    years: Decimal | float,
    test: Literal["touch", "expiry"] = "touch",
) -> float:
    """Return the value per share of a penny warrant that vests if the share price reaches `hurdle`.

    touch (at any time within `years`): S[N(a) + (H/S)^(2m/v^2) N(b)], with m = r + v^2/2, a = (mT - h)/(v sqrt T),
    b = (-mT - h)/(v sqrt T), h = ln(H/S); expiry (on the last day): S N(a). The holder receives one share at the end
    in either case. `spot` and `hurdle` in one currency, `rate` continuously compounded and `volatility` per year, no
    dividends. A valuation, so a float. Conditions other than the price are not in a fair value (ASC 718-10-30).
    Source: Reiner & Rubinstein (1991) via Haug, The Complete Guide to Option Pricing Formulas, binary barriers.
    Raises OutOfRangeError unless spot > 0 and the other magnitudes are >= 0, or for an unknown `test`.
    """
    s, h, r = (float(exact(value)) for value in (spot, hurdle, rate))
    v, t = float(exact(volatility)), float(exact(years))
    if s <= 0 or h < 0 or v < 0 or t < 0:
        raise OutOfRangeError("a hurdle warrant needs spot > 0 and hurdle, volatility and years >= 0")
    if test not in {"touch", "expiry"}:
        raise OutOfRangeError(f"test must be 'touch' or 'expiry' (got {test!r})")
    if h == 0 or (test == "touch" and s >= h):
        return s
    distance = math.log(h / s)
    if v == 0 or t == 0:
        return s if r * t >= distance else 0.0
    drift, spread = r + v * v / 2, v * math.sqrt(t)
    ends_above = _normal((drift * t - distance) / spread)
    if test == "expiry":
        return s * ends_above
    # exponent and tail are multiplied as logarithms: for small volatility one overflows while the other vanishes
    reflected = math.exp(2 * drift * distance / (v * v) + _log_normal((-drift * t - distance) / spread))
    return s * min(1.0, ends_above + reflected)


def _normal(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2


def _log_normal(x: float) -> float:
    """Return ln N(x), by its asymptotic series where N(x) itself would underflow."""
    if x > FAR_TAIL:
        return math.log(_normal(x))
    square = x * x
    return -square / 2 - math.log(-x * math.sqrt(2 * math.pi)) + math.log1p(-1 / square + 3 / square**2)
