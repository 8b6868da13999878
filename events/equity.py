"""Terms that put shares into other hands: investments and warrants, tranche by tranche."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from events.base import same_currency
from events.leg_terms import TermsEvent, condition_legs, refuse_same_names, refuse_sum_above
from events.values import CompanyRef, Condition, Day, Fraction, Money, Price, ShareCount, Slug, Value

__all__ = ["InvestmentCommitted", "InvestmentTranche", "WarrantGranted", "WarrantTranche"]


class InvestmentTranche(Value):
    """A part of an investment, paid when all its conditions hold."""

    tranche: Slug = Field(description="The tranche's name within the leg, as a slug.")
    amount: Money | None = Field(default=None, description="The tranche's amount; left out where undisclosed.")
    conditions: tuple[Condition, ...] = Field(default=(), description="What must all have happened before it is paid.")


class InvestmentCommitted(TermsEvent):
    """An investor commits to put money into a company for shares or another security."""

    type: Literal["investment_committed"] = Field(description="Always investment_committed.")
    investor: CompanyRef = Field(description="The company that puts money in.")
    investee: CompanyRef = Field(description="The company that receives it.")
    security: Literal["common", "preferred", "convertible", "other"] | None = Field(
        default=None, description="What the investor receives: common, preferred or convertible shares, or other."
    )
    amount: Money | None = Field(default=None, description="The headline amount; left out where undisclosed.")
    firm: Money | None = Field(default=None, description="The enforceable minimum; left out where unknown.")
    shares: ShareCount | None = Field(default=None, description="The number of shares bought.")
    price_per_share: Price | None = Field(default=None, description="The price of one share.")
    stake: Fraction | None = Field(
        default=None, description='The part of the company bought, as a decimal fraction: "0.10" for 10 %.'
    )
    valuation_post: Money | None = Field(
        default=None, description="What the whole company is worth by this price, the new money included."
    )
    tranches: tuple[InvestmentTranche, ...] = Field(default=(), description="The parts in which it is paid.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        parts = {f"tranche {t.tranche}": t.amount for t in self.tranches}
        same_currency("investment", self.amount or self.firm, {"firm": self.firm, **parts})
        refuse_same_names(self.tranche_names())
        if self.amount is not None and self.amount.qualifier != "at_least":
            parts_known = [Decimal(t.amount.value) for t in self.tranches if t.amount]
            refuse_sum_above(Decimal(self.amount.value), parts_known, "amount")
        return self

    def tranche_names(self) -> tuple[str, ...]:
        """Return the names of the leg's tranches."""
        return tuple(t.tranche for t in self.tranches)

    def leg_references(self) -> dict[str, str]:
        """Return the legs whose deliveries or purchases the conditions count."""
        return condition_legs(self.tranches)


class WarrantTranche(Value):
    """A part of a warrant; its number of shares may be undisclosed, and all its conditions must hold."""

    tranche: Slug = Field(description="The tranche's name within the leg, as a slug.")
    shares: ShareCount | None = Field(default=None, description="The tranche's shares; left out where undisclosed.")
    conditions: tuple[Condition, ...] = Field(default=(), description="What must all have happened before it vests.")


class WarrantGranted(TermsEvent):
    """An issuer grants a holder the right to buy its shares at a price, tranche by tranche."""

    type: Literal["warrant_granted"] = Field(description="Always warrant_granted.")
    issuer: CompanyRef = Field(description="The company whose shares may be bought.")
    holder: CompanyRef = Field(description="The company that may buy them.")
    shares_max: ShareCount | None = Field(default=None, description="The most shares that may be bought.")
    exercise_price: Price | None = Field(default=None, description="What the holder pays for one share.")
    expires_on: Day | None = Field(default=None, description="The last day on which shares may be bought.")
    tranches: tuple[WarrantTranche, ...] = Field(default=(), description="The parts in which it vests.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse_same_names(self.tranche_names())
        if self.shares_max is not None:
            refuse_sum_above(self.shares_max, [t.shares for t in self.tranches if t.shares is not None], "shares_max")
        return self

    def tranche_names(self) -> tuple[str, ...]:
        """Return the names of the leg's tranches."""
        return tuple(t.tranche for t in self.tranches)

    def leg_references(self) -> dict[str, str]:
        """Return the legs whose deliveries or purchases the conditions count."""
        return condition_legs(self.tranches)
