"""Terms that put shares or a choice into other hands: investments, warrants and options."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from events.base import same_currency
from events.leg_terms import TermsEvent
from events.scalars import is_leg
from events.tranches import MoneyTranche, ShareTranche, refuse_money_above, refuse_sum_above
from events.values import CompanyRef, Fraction, Gigawatts, Money, Price, ShareCount, Slug, TermDay, Text

__all__ = ["InvestmentCommitted", "OptionGranted", "WarrantGranted"]


class InvestmentCommitted(TermsEvent):
    """An investor commits to put money into a company for shares or another security."""

    SCHEMA_VERSION: ClassVar[int] = 2  # version 1 was never a part of another leg

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
    tranches: tuple[MoneyTranche, ...] = Field(default=(), description="The parts in which it is paid.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        parts = {f"tranche {t.tranche}": t.amount for t in self.tranches}
        same_currency("investment", self.amount or self.firm, {"firm": self.firm, **parts})
        refuse_money_above(self.amount, self.tranches)
        return self


class WarrantGranted(TermsEvent):
    """An issuer grants a holder the right to buy its shares at a price, tranche by tranche."""

    SCHEMA_VERSION: ClassVar[int] = 2  # version 1 knew neither what was paid for it nor a class of shares

    type: Literal["warrant_granted"] = Field(description="Always warrant_granted.")
    issuer: CompanyRef = Field(description="The company whose shares may be bought.")
    holder: CompanyRef = Field(description="The company that may buy them.")
    shares_max: ShareCount | None = Field(default=None, description="The most shares that may be bought.")
    exercise_price: Price | None = Field(default=None, description="What the holder pays for one share.")
    share_class: Slug | None = Field(
        default=None, description="The class of shares, as a slug such as class-a, where the issuer has several."
    )
    paid: Money | None = Field(
        default=None, description="What the holder pays for the warrant itself; left out where nothing is told."
    )
    expires_on: TermDay | None = Field(default=None, description="The last day on which shares may be bought.")
    tranches: tuple[ShareTranche, ...] = Field(default=(), description="The parts in which it vests.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.shares_max is not None:
            refuse_sum_above(self.shares_max, [t.shares for t in self.tranches if t.shares is not None], "shares_max")
        return self


class OptionGranted(TermsEvent):
    """A grantor gives a holder the choice to buy later: a company, capacity, land, at a price agreed today."""

    type: Literal["option_granted"] = Field(description="Always option_granted.")
    holder: CompanyRef = Field(description="The company that may choose, and pays if it does.")
    grantor: CompanyRef = Field(description="The company that is bound by the choice, and is paid.")
    on: Text | None = Field(
        default=None, description="What may be bought, in words, or the leg (deal/leg) that it would add to."
    )
    amount: Money | None = Field(
        default=None, description="What the holder pays if it exercises; left out where undisclosed."
    )
    capacity_gw: Gigawatts | None = Field(
        default=None, description="The capacity that it would get, in gigawatts, as a decimal string."
    )
    expires_on: TermDay | None = Field(default=None, description="The last day on which it can be exercised.")
    otherwise: Money | None = Field(
        default=None, description="The fee that the holder owes if it does not exercise; left out where there is none."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        same_currency("option", self.amount, {"fee": self.otherwise})
        return self

    def leg_references(self) -> dict[str, str]:
        """Return the leg that the option is on, too, where it is on one."""
        return super().leg_references() | ({"on": self.on} if self.on and is_leg(self.on) else {})
