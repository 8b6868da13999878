"""Headline, weighted and binding side by side, and what a stated total leaves unexplained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic

from projections.measures.amounts import Amount, Reply, exact, not_negative, reply_in
from projections.measures.errors import OutOfRangeError

__all__ = ["UpTo", "Weighed", "unexplained", "up_to", "weigh"]


@dataclass(frozen=True, slots=True)
class Weighed(Generic[Amount]):
    """Three sums of the same legs; `undisclosed` counts the legs that no sum can include."""

    headline: Amount
    weighted: Amount
    binding_only: Amount
    undisclosed: int


@dataclass(frozen=True, slots=True)
class UpTo(Generic[Amount]):
    """An "up to X" promise: what has been triggered, the next tranche (None after the last), and X."""

    binding: Amount
    next_trigger: Amount | None
    maximum: Amount


def weigh(items: Iterable[tuple[str, Amount | None, Amount]]) -> Weighed[Amount]:
    """Return the headline sum, the sum weighted by the user's own weights, and the sum of what is fully binding.

    `items` are (status, amount, weight) with 0 <= weight <= 1; weight 1 is binding. An undisclosed amount (None)
    is counted, never added. Weights between 0 and 1 are the user's: no authority sets them.
    Raises OutOfRangeError for a weight outside [0, 1].
    """
    listed = list(items)
    reply: Reply[Amount] = reply_in([numbers for _, *numbers in listed])
    headline = weighted = binding = Decimal(0)
    undisclosed = 0
    for status, amount, weight in listed:
        share = exact(weight, f"weight of {status}")
        if not 0 <= share <= 1:
            raise OutOfRangeError(f"weight of {status} must lie between 0 and 1 (got {weight})")
        if amount is None:
            undisclosed += 1
            continue
        value = not_negative(amount, f"amount of {status}")
        headline += value
        weighted += share * value
        binding += value if share == 1 else Decimal(0)
    return Weighed(reply(headline), reply(weighted), reply(binding), undisclosed)


def up_to(maximum: Amount, tranches: Sequence[Amount], *, triggered: int, is_binding: bool) -> UpTo[Amount]:
    """Return what an "up to X" promise binds today, its next step and its headline.

    `tranches` in order; the first `triggered` of them have been set off; a promise that is not binding
    (a letter of intent) binds 0 whatever has been deployed.

    Apart: the product takes what is firm of an "up to" amount, and what was performed.
    """
    reply: Reply[Amount] = reply_in(maximum, tranches)
    amounts = [not_negative(tranche, "tranche") for tranche in tranches]
    bound = sum(amounts[:triggered], Decimal(0)) if is_binding else Decimal(0)
    upcoming = amounts[triggered] if triggered < len(amounts) else None
    return UpTo(reply(bound), reply.or_none(upcoming), reply(not_negative(maximum, "maximum")))


def unexplained(stated: Amount | None, parts: Iterable[Amount | None]) -> Amount | None:
    """Return a stated total less the sum of its known parts; negative when the parts exceed it.

    None if the total or any part is undisclosed.
    """
    listed = list(parts)
    if stated is None or any(part is None for part in listed):
        return None
    known = sum((exact(part, "part") for part in listed), Decimal(0))
    reply: Reply[Amount] = reply_in(stated, listed)
    return reply(exact(stated, "stated total") - known)
