"""Terms that pass on a whole company or a part of a revenue: acquisitions and royalties."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from events.base import same_currency
from events.leg_terms import TermsEvent
from events.tranches import MoneyTranche, refuse_money_above
from events.values import CompanyRef, Fraction, Money, ShareCount, TermDay, Text

__all__ = ["AcquisitionAgreed", "RoyaltyAgreed"]


class AcquisitionAgreed(TermsEvent):
    """An acquirer buys a company, or a part of it, from those who own it: for cash, for its own shares, or both.

    Only the cash moves, and it goes to the sellers, not to the target.
    """

    type: Literal["acquisition_agreed"] = Field(description="Always acquisition_agreed.")
    acquirer: CompanyRef = Field(description="The company that buys.")
    target: CompanyRef = Field(description="The company that is bought.")
    sellers: tuple[CompanyRef, ...] = Field(
        default=(), description="Who sells and is paid; none where the owners are not named."
    )
    amount: Money | None = Field(
        default=None, description="The whole price as announced, cash and shares together; left out where undisclosed."
    )
    cash: Money | None = Field(
        default=None, description="The part paid in cash: 0 for a takeover by shares alone; left out where undisclosed."
    )
    shares_value: Money | None = Field(
        default=None, description="What the acquirer's shares that are given are said to be worth."
    )
    shares: ShareCount | None = Field(default=None, description="The number of the acquirer's shares that are given.")
    contingent: Money | None = Field(
        default=None, description="What is paid later if targets are met (an earn-out), beside cash and shares."
    )
    stake: Fraction | None = Field(
        default=None, description='The part of the target bought, as a decimal fraction: "1" for all of it.'
    )
    tranches: tuple[MoneyTranche, ...] = Field(default=(), description="The parts in which the cash is paid.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        parts = {f"tranche {t.tranche}": t.amount for t in self.tranches}
        paid = {"cash": self.cash, "shares_value": self.shares_value, "contingent": self.contingent}
        same_currency("acquisition", self.amount, {**paid, **parts})
        refuse_money_above(self.cash, self.tranches, "cash")
        return self

    def companies(self) -> dict[str, str]:
        """Return the parties and each seller, by field."""
        return super().companies() | {f"sellers.{i}": seller for i, seller in enumerate(self.sellers)}

    def with_companies(self, slugs: dict[str, str]) -> Self:
        """Return the same acquisition with every company replaced by its slug."""
        sellers = tuple(slugs[seller] for seller in self.sellers)
        named = super().with_companies(slugs)
        return named if sellers == self.sellers else named.model_copy(update={"sellers": sellers})


class RoyaltyAgreed(TermsEvent):
    """A payer gives a payee a share of a revenue; a share, and no amount until it has been paid."""

    type: Literal["royalty_agreed"] = Field(description="Always royalty_agreed.")
    payer: CompanyRef = Field(description="The company that pays.")
    payee: CompanyRef = Field(description="The company that is paid.")
    share: Fraction | None = Field(
        default=None,
        description='The part that is paid, as a decimal fraction: "0.20" for 20 %; left out where undisclosed.',
    )
    of: Text | None = Field(default=None, description="Of what it is a part: revenue, or in the source's words.")
    cap: Money | None = Field(default=None, description="The most that is paid in all, where there is a ceiling.")
    starts_on: TermDay | None = Field(default=None, description="The day from which revenue counts.")
    ends_on: TermDay | None = Field(default=None, description="The last day on which revenue counts.")
