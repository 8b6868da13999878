"""Debt that stands behind a promise, on whoever's balance sheet it was put."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic

from projections.measures.amounts import Amount, Reply, exact, not_negative, reply_in
from projections.measures.commitments import multiple

__all__ = [
    "ShadowLeverage",
    "imputed_debt",
    "loi_backed_share",
    "revenue_to_service",
    "shadow_leverage",
    "vendor_financing_ratio",
]


@dataclass(frozen=True, slots=True)
class ShadowLeverage(Generic[Amount]):
    """Own and partners' debt, executed and including what is in talks, in money and over revenue."""

    executed: Amount
    total: Amount
    executed_to_revenue: Amount | None
    total_to_revenue: Amount | None


def shadow_leverage(
    *, own_drawn: Amount, partners_executed: Amount, partners_in_talks: Amount, revenue: Amount | None
) -> ShadowLeverage[Amount]:
    """Return a company's own drawn debt plus the debt of others that its contracts service, over its revenue.

    Undrawn facilities are not debt. Say which revenue. The ratios are None if revenue is undisclosed or not above 0.
    Source of the concept and of the published case: Financial Times, 28 November 2025.
    """
    reply: Reply[Amount] = reply_in(own_drawn, partners_executed, partners_in_talks, revenue)
    executed = not_negative(own_drawn, "own debt") + not_negative(partners_executed, "partners' debt")
    total = executed + not_negative(partners_in_talks, "debt in talks")
    income = None if revenue is None else exact(revenue, "revenue")
    return ShadowLeverage(
        executed=reply(executed),
        total=reply(total),
        executed_to_revenue=reply.or_none(multiple(executed, income)),
        total_to_revenue=reply.or_none(multiple(total, income)),
    )


def loi_backed_share(loans: Iterable[tuple[Amount | None, bool]]) -> Amount | None:
    """Return the share of debt whose repayment relies on a contract leg that binds nobody.

    `loans` are (amount, relies_on_unbinding_leg). None if an amount is undisclosed or there is no debt.
    """
    listed = list(loans)
    amounts = [(amount, shaky) for amount, shaky in listed if amount is not None]
    if len(amounts) < len(listed):
        return None
    total = sum((not_negative(amount, "loan") for amount, _ in amounts), Decimal(0))
    backed = sum((exact(amount) for amount, shaky in amounts if shaky), Decimal(0))
    reply: Reply[Amount] = reply_in([amount for amount, _ in listed])
    return reply.or_none(multiple(backed, total))


def vendor_financing_ratio(financing: Amount | Iterable[Amount | None] | None, revenue: Amount | None) -> Amount | None:
    """Return what a vendor lends, guarantees, invests and has left undrawn for its customers, over its revenue.

    `financing` is the sum or its parts. Always print the denominator: Lucent's is 20 % or 24 % by the year chosen.
    None if any part or the revenue is undisclosed, or revenue is not above 0.
    """
    parts: list[Amount | None] = list(financing) if isinstance(financing, Iterable) else [financing]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or revenue is None:
        return None
    total = sum((not_negative(part, "financing") for part in known), Decimal(0))
    reply: Reply[Amount] = reply_in(known, revenue)
    return reply.or_none(multiple(total, exact(revenue, "revenue")))


def imputed_debt(payment: Amount | None, years: Amount | int, rate: Amount, risk_factor: Amount) -> Amount | None:
    """Return the debt a rating agency sees in fixed payments: their present value times a risk factor.

    `payment` a year in arrears for `years` years, discounted at `rate` a year (0 allowed): payment (1-(1+r)^-n)/r.
    `risk_factor` from 0 (no recourse to the payer) to 1. None if the payment is undisclosed.
    Source: the way Standard & Poor's imputes debt to power-purchase agreements (2003, 2007).

    Apart: the product prints debt as it was told.
    """
    if payment is None:
        return None
    reply: Reply[Amount] = reply_in(payment, rate, risk_factor)
    count, discount = not_negative(years, "years"), not_negative(rate, "rate")
    factor = count if discount == 0 else (1 - (1 + discount) ** -count) / discount
    return reply(not_negative(payment, "payment") * factor * not_negative(risk_factor, "risk factor"))


def revenue_to_service(debt_service: Amount | None, gross_margin: Amount | None) -> Amount | None:
    """Return the revenue whose gross profit pays the debt service of the same period.

    `gross_margin` as a fraction. None if either is undisclosed or the margin is not above 0.
    """
    return multiple(debt_service, gross_margin)
