"""How many shares a warrant becomes, who then owns how much, and what that does to earnings per share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeAlias

from projections.measures.amounts import Amount, Reply, exact, not_negative, reply_in

__all__ = [
    "EarningsPerShare",
    "Ownership",
    "Warrants",
    "contra_revenue",
    "earnings_per_share",
    "ownership",
    "treasury_stock_shares",
]

Warrants: TypeAlias = Amount | Iterable[Amount] | Mapping[str, Amount]


@dataclass(frozen=True, slots=True)
class Ownership(Generic[Amount]):
    """Fractions of the company that all warrants together, and each in the order given, come to.

    `pre` counts the shares outstanding only (the press's figure), `post` the new shares as well.
    """

    pre: Amount | None
    post: Amount | None
    each_pre: tuple[Amount, ...]
    each_post: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class EarningsPerShare(Generic[Amount]):
    """Basic and diluted earnings per share and the share counts they divide by."""

    basic_shares: Amount
    diluted_shares: Amount
    basic: Amount | None
    diluted: Amount | None


def ownership(outstanding: Amount, warrants: Warrants[Amount]) -> Ownership[Amount]:
    """Return pre-issue W/O and post-issue W/(O+W) ownership for one warrant, a list of them, or a mapping by holder.

    Counts in any one unit. The fractions are None (and the tuples empty) if no share is outstanding.

    Reference: the product divides row by row, so that warrants of undisclosed size can stand beside others.
    """
    listed: list[Amount]
    if isinstance(warrants, Mapping):
        listed = list(warrants.values())
    elif isinstance(warrants, Iterable):
        listed = list(warrants)
    else:
        listed = [warrants]
    reply: Reply[Amount] = reply_in(outstanding, listed)
    base = not_negative(outstanding, "shares outstanding")
    counts = [not_negative(count, "warrant shares") for count in listed]
    total = sum(counts, Decimal(0))
    if base == 0:
        return Ownership(None, None, (), ())
    return Ownership(
        pre=reply(total / base),
        post=reply(total / (base + total)),
        each_pre=tuple(reply(count / base) for count in counts),
        each_post=tuple(reply(count / (base + total)) for count in counts),
    )


def treasury_stock_shares(
    count: Amount | int, exercise_price: Amount, average_price: Amount, *, loss_period: bool = False
) -> Amount:
    """Return the incremental shares N(1 - K/P) of `count` warrants if P > K, else 0; 0 in a loss period.

    `average_price` is the average of the period, not its end. Prices in one currency; shares are not rounded.
    Source: ASC 260-10-45-23, IAS 33.45.
    """
    shares, strike = not_negative(count, "count"), not_negative(exercise_price, "exercise price")
    price = not_negative(average_price, "average price")
    reply: Reply[Amount] = reply_in(exercise_price, average_price)
    if loss_period or price <= strike:
        return reply(Decimal(0))
    return reply(shares * (price - strike) / price)


def contra_revenue(
    fair_value: Amount | None, revenue: Amount | None, purchases_to_vest: Amount | None, *, probable: bool = True
) -> Amount | None:
    """Return the revenue that a customer's warrant takes away: grant-date FV x revenue / purchases needed to vest.

    0 while vesting is not probable. Later share prices do not enter: they change the economic cost only.
    None if a figure is undisclosed or no purchases are needed. Source: ASC 606-10-32-25, ASU 2019-08.

    Apart: the product prints the economic cost of warrants and no contra-revenue.
    """
    if fair_value is None or revenue is None or purchases_to_vest is None:
        return None
    needed = exact(purchases_to_vest, "purchases to vest")
    if needed <= 0:
        return None
    reply: Reply[Amount] = reply_in(fair_value, revenue, purchases_to_vest)
    value = not_negative(fair_value, "fair value") * exact(revenue, "revenue") / needed
    return reply(value if probable else Decimal(0))


def earnings_per_share(
    net_income: Amount, outstanding: Amount, *, penny_shares: Amount, incremental: Amount
) -> EarningsPerShare[Amount]:
    """Return basic and diluted earnings per share.

    `penny_shares` are issuable for little or nothing with every condition met: they count in *basic* (ASC 260-10-45-13,
    IAS 33.24). `incremental` shares count in diluted only, and not in a loss period (antidilution, IAS 33.43).
    The ratios are None if there are no shares.

    Reference: the product prints `basic_shares` and no earnings a share.
    """
    reply: Reply[Amount] = reply_in(net_income, outstanding, penny_shares, incremental)
    income = exact(net_income, "net income")
    basic = not_negative(outstanding, "shares outstanding") + not_negative(penny_shares, "penny shares")
    diluted = basic + (not_negative(incremental, "incremental shares") if income > 0 else Decimal(0))
    return EarningsPerShare(
        basic_shares=reply(basic),
        diluted_shares=reply(diluted),
        basic=reply.or_none(income / basic if basic else None),
        diluted=reply.or_none(income / diluted if diluted else None),
    )
