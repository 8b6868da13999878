"""How few names a sum rests on: the Herfindahl index, its bands, and bounds when some names are unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Generic, Literal, TypeAlias

from projections.measures.amounts import Amount, Reply, exact, not_negative, reply_in
from projections.measures.errors import OutOfRangeError

__all__ = [
    "Band",
    "HerfindahlBounds",
    "concentration_band",
    "effective_names",
    "herfindahl",
    "herfindahl_bounds",
    "top_share",
]

Band: TypeAlias = Literal["unconcentrated", "moderately concentrated", "highly concentrated"]

MONOPOLY: Final = Decimal(10_000)
MODERATE: Final = 1_000
HIGH: Final = 1_800


@dataclass(frozen=True, slots=True)
class HerfindahlBounds(Generic[Amount]):
    """The least and the greatest index that the unknown remainder allows."""

    low: Amount
    high: Amount


def herfindahl(shares: Iterable[Amount], *, whole: Amount | None = None) -> Amount | None:
    """Return the Herfindahl-Hirschman index, the sum of (100 s)^2 over all names: above 0, at most 10,000.

    `shares` may be fractions, per cents or plain amounts, because each is divided by `whole`: by default their own
    sum, so that [30, 30, 20, 20] and [0.3, 0.3, 0.2, 0.2] are the same. If some names are missing, say what the shares
    are parts of (1, 100, or the total) and the result is the known names' contribution; `herfindahl_bounds` bounds the
    rest. None when there is nothing to share. Source: US Merger Guidelines 2023, 2.1.
    Raises OutOfRangeError for a negative share, or shares above `whole`.
    """
    listed = list(shares)
    parts, total = _parts(listed, whole)
    if total == 0:
        return None
    reply: Reply[Amount] = reply_in(listed, whole)
    return reply(MONOPOLY * _squares(parts) / (total * total))


def herfindahl_bounds(
    shares: Iterable[Amount], *, whole: Amount, each_at_most: Amount | None = None
) -> HerfindahlBounds[Amount] | None:
    """Return the bounds of the index when the listed names are only part of `whole`.

    Low: the remainder is spread over very many names. High: one further name holds all of it, or, when a disclosure
    caps every unnamed holder (say at 10 %), as few names as possible hold `each_at_most`. None if `whole` is 0.
    """
    listed = list(shares)
    parts, total = _parts(listed, whole)
    if total == 0:
        return None
    rest = total - sum(parts, Decimal(0))
    cap = rest if each_at_most is None else not_negative(each_at_most, "each_at_most")
    if rest > 0 and cap == 0:
        raise OutOfRangeError("each_at_most must be above 0 while a remainder is unknown")
    full = rest // cap if cap else Decimal(0)
    unnamed = full * cap * cap + (rest - full * cap) ** 2
    low, scale = _squares(parts), MONOPOLY / (total * total)
    reply: Reply[Amount] = reply_in(listed, whole, each_at_most)
    return HerfindahlBounds(reply(low * scale), reply((low + unnamed) * scale))


def concentration_band(index: Decimal | float) -> Band:
    """Return the 2023 band of an index: highly above 1,800, moderately from 1,000 to 1,800."""
    value = exact(index, "index")
    if value > HIGH:
        return "highly concentrated"
    return "moderately concentrated" if value >= MODERATE else "unconcentrated"


def effective_names(index: Amount | None) -> Amount | None:
    """Return 10,000 / index: how many names of equal size would be as concentrated; None without an index."""
    if index is None or exact(index, "index") <= 0:
        return None
    reply: Reply[Amount] = reply_in(index)
    return reply(MONOPOLY / exact(index))


def top_share(shares: Iterable[Amount], count: int, *, whole: Amount | None = None) -> Amount | None:
    """Return the fraction of `whole` (by default the shares' own sum) that the `count` largest names hold."""
    listed = list(shares)
    parts, total = _parts(listed, whole)
    if total == 0:
        return None
    largest = sorted(parts, reverse=True)[:count]
    reply: Reply[Amount] = reply_in(listed, whole)
    return reply(sum(largest, Decimal(0)) / total)


def _parts(shares: list[Amount], whole: Amount | None) -> tuple[list[Decimal], Decimal]:
    parts = [not_negative(share, "share") for share in shares]
    known = sum(parts, Decimal(0))
    total = known if whole is None else not_negative(whole, "whole")
    if known > total:
        raise OutOfRangeError(f"the shares add up to {known}, more than the whole {total}")
    return parts, total


def _squares(parts: list[Decimal]) -> Decimal:
    return sum((part * part for part in parts), Decimal(0))
