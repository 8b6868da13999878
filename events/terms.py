"""What was agreed, one leg of a deal at a time: each event states the leg's whole terms from a day on.

Purchases and changes of status are defined here; investments and warrants in `equity`, loans and guarantees in `lending`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from events.base import Event, Family, same_currency
from events.equity import InvestmentCommitted, OptionGranted, WarrantGranted
from events.leg_terms import TermsEvent
from events.lending import CapStep, GuaranteeGiven, Lender, LoanArranged, Rate
from events.statuses import RISING_SAID, Status
from events.takeovers import AcquisitionAgreed, RoyaltyAgreed
from events.tranches import MoneyTranche, refuse_money_above
from events.values import CompanyRef, Day, Fraction, Gigawatts, LegRef, Money, Qualifier, Slug, TermDay, Text, Value

__all__ = [
    "AcquisitionAgreed",
    "CapStep",
    "GuaranteeGiven",
    "InvestmentCommitted",
    "Lender",
    "LoanArranged",
    "OptionGranted",
    "PurchaseCommitted",
    "Rate",
    "RoyaltyAgreed",
    "ScheduleItem",
    "Status",
    "StatusChanged",
    "TermsEvent",
    "WarrantGranted",
]


class ScheduleItem(Value):
    """A share of a purchase that falls due between two days, `[from, to)`."""

    from_: Day = Field(alias="from", description="The first day of the period.")
    to: Day = Field(description="The day after the period's last day.")
    share: Fraction = Field(description="The part of the amount that falls due in it, as a decimal fraction.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ >= self.to:
            raise PydanticCustomError("empty_period", "ends before it begins; periods run from a day to a later one")
        return self


class PurchaseCommitted(TermsEvent):
    """A buyer commits to buy compute, chips, systems, a lease, power, memory, a licence, services or more from a supplier."""

    SCHEMA_VERSION: ClassVar[int] = 2  # version 1 knew no tranches, no take-or-pay and exact days alone

    type: Literal["purchase_committed"] = Field(description="Always purchase_committed.")
    buyer: CompanyRef = Field(description="The company that buys.")
    supplier: CompanyRef = Field(description="The company that sells.")
    subject: Literal["compute", "chips", "systems", "lease", "power", "memory", "licence", "services", "other"] = Field(
        description="What is bought: compute, chips, systems, lease, power, memory, licence, services or other."
    )
    amount: Money | None = Field(default=None, description="The headline amount; left out where undisclosed.")
    firm: Money | None = Field(default=None, description="The enforceable minimum; left out where unknown.")
    capacity_gw: Gigawatts | None = Field(
        default=None, description="The headline capacity in gigawatts, as a decimal string."
    )
    capacity_qualifier: Qualifier | None = Field(
        default=None, description="How the source put the capacity: exactly, about, up_to or at_least."
    )
    firm_gw: Gigawatts | None = Field(default=None, description="The enforceable minimum of capacity in gigawatts.")
    starts_on: TermDay | None = Field(default=None, description="The day deliveries begin.")
    ends_on: TermDay | None = Field(default=None, description="The last day of the agreement.")
    schedule: tuple[ScheduleItem, ...] = Field(
        default=(),
        description="When which part of the amount falls due; none means undated, and undated stays undated.",
    )
    tranches: tuple[MoneyTranche, ...] = Field(
        default=(), description="The parts that fall due, each when all its conditions hold, as milestones do."
    )
    take_or_pay: bool = Field(
        default=False, description="True where the buyer pays whether or not it takes what was ordered."
    )
    prepaid: Money | None = Field(default=None, description="What the buyer pays in advance.")
    cancellable_days: Annotated[int, Field(ge=0, le=36525)] | None = Field(
        default=None, description="The days of notice after which the buyer may walk away."
    )
    cancellable_from: TermDay | None = Field(
        default=None, description="The day from which the buyer may walk away; until it, it is bound."
    )
    capacity_lot: Slug | None = Field(
        default=None,
        description="The name that legs carrying the same physical gigawatts share, so that they count once.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        parts = {f"tranche {t.tranche}": t.amount for t in self.tranches}
        same_currency("purchase", self.amount or self.firm, {"firm": self.firm, "prepaid": self.prepaid, **parts})
        refuse_money_above(self.amount, self.tranches)
        if self.capacity_qualifier is not None and self.capacity_gw is None:
            raise PydanticCustomError("no_capacity", "a capacity_qualifier goes with a capacity_gw, and none is given")
        if sum((Decimal(item.share) for item in self.schedule), Decimal(0)) > 1:
            raise PydanticCustomError("schedule_sum", "the schedule's shares add up to more than 1")
        return self


class StatusChanged(Event):
    """A leg (or, with none named, every leg of the deal) moves on the ladder of statuses."""

    FAMILY: ClassVar[Family] = "status"

    type: Literal["status_changed"] = Field(description="Always status_changed.")
    deal: Slug = Field(description="The deal, as a slug such as amd-openai-2025.")
    leg: Slug | None = Field(default=None, description="The leg that moves; left out for every leg of the deal.")
    status: Status = Field(description=f"Where it moves to on the ladder: {RISING_SAID}, or an exit.")
    conditional: bool = Field(
        default=False, description="True for a definitive agreement that still hangs on a condition."
    )
    superseded_by: LegRef | None = Field(default=None, description="The leg (deal/leg) that takes its place.")
    reason: Text | None = Field(default=None, description="Why it moved.")

    def leg_references(self) -> dict[str, str]:
        """Return the leg that takes this one's place."""
        return {"superseded_by": self.superseded_by} if self.superseded_by else {}
