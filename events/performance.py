"""What has happened on a leg: deliveries, payments, fundings, vestings, lapses. They are increments and add up."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from events.base import Family, LegEvent
from events.values import CompanyRef, Gigawatts, LegRef, Money, ShareCount, Slug, Text

__all__ = [
    "CapacityDelivered",
    "LoanRepaid",
    "OptionExercised",
    "PaymentMade",
    "PerformanceEvent",
    "TrancheFunded",
    "TrancheLapsed",
    "TrancheVested",
    "WarrantExercised",
]


class PerformanceEvent(LegEvent):
    """An increment on a leg that exists."""

    FAMILY: ClassVar[Family] = "performance"
    # The types of terms on which this increment makes sense.
    ON: ClassVar[tuple[str, ...]]

    def tranche_reference(self) -> str | None:
        """Return the tranche that the increment belongs to, where it names one."""
        return None


class CapacityDelivered(PerformanceEvent):
    """Gigawatts of a purchase, or chips and racks of unknown power, were delivered."""

    SCHEMA_VERSION: ClassVar[int] = 2  # version 1 knew gigawatts alone, on one leg
    ON: ClassVar[tuple[str, ...]] = ("purchase_committed",)

    type: Literal["capacity_delivered"] = Field(description="Always capacity_delivered.")
    capacity_gw: Gigawatts | None = Field(
        default=None,
        description="The gigawatts delivered with this step, as a decimal string; steps add up; left out where undisclosed.",
    )
    units: ShareCount | None = Field(default=None, description="How many units were delivered, where that is told.")
    unit: Slug | None = Field(default=None, description="What the units are, as a slug: chips, racks, systems.")
    legs: tuple[LegRef, ...] = Field(
        default=(),
        description="The other legs (deal/leg) that the same delivery serves, where it is not told what goes to which.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.units is None) != (self.unit is None):
            raise PydanticCustomError("units", "needs both units (how many) and unit (of what), or neither")
        if self.leg_ref in self.legs or len(set(self.legs)) != len(self.legs):
            raise PydanticCustomError("leg_twice", "a leg is named twice; `legs` are those beside the first one")
        return self

    def leg_references(self) -> dict[str, str]:
        """Return the other legs that the delivery serves."""
        return {f"legs.{i}": leg for i, leg in enumerate(self.legs)}


class PaymentMade(PerformanceEvent):
    """One party paid another on a leg."""

    ON: ClassVar[tuple[str, ...]] = (
        "purchase_committed",
        "guarantee_given",
        "loan_arranged",
        "investment_committed",
        "acquisition_agreed",
        "option_granted",
        "royalty_agreed",
    )

    type: Literal["payment_made"] = Field(description="Always payment_made.")
    payer: CompanyRef = Field(description="The company that paid.")
    payee: CompanyRef = Field(description="The company that was paid.")
    amount: Money | None = Field(default=None, description="The amount paid; left out where undisclosed.")


class TrancheFunded(PerformanceEvent):
    """Money of an investment or a loan was paid in."""

    ON: ClassVar[tuple[str, ...]] = ("investment_committed", "loan_arranged")

    type: Literal["tranche_funded"] = Field(description="Always tranche_funded.")
    tranche: Slug | None = Field(default=None, description="The tranche that was funded, as the leg's terms name it.")
    amount: Money | None = Field(default=None, description="The amount paid in; left out where undisclosed.")

    def tranche_reference(self) -> str | None:
        """Return the tranche that was funded."""
        return self.tranche


class LoanRepaid(PerformanceEvent):
    """A part of a loan was paid back."""

    ON: ClassVar[tuple[str, ...]] = ("loan_arranged",)

    type: Literal["loan_repaid"] = Field(description="Always loan_repaid.")
    amount: Money | None = Field(default=None, description="The principal paid back; left out where undisclosed.")


class TrancheVested(PerformanceEvent):
    """Shares of a warrant's tranche became exercisable."""

    ON: ClassVar[tuple[str, ...]] = ("warrant_granted",)

    type: Literal["tranche_vested"] = Field(description="Always tranche_vested.")
    tranche: Slug | None = Field(default=None, description="The tranche that vested, as the leg's terms name it.")
    shares: ShareCount | None = Field(
        default=None, description="The shares that became exercisable; left out where undisclosed."
    )

    def tranche_reference(self) -> str | None:
        """Return the tranche that vested."""
        return self.tranche


class WarrantExercised(PerformanceEvent):
    """The holder of a warrant bought shares under it, for cash or for shares that it left to the issuer."""

    SCHEMA_VERSION: ClassVar[int] = 2  # version 1 knew no net settlement

    ON: ClassVar[tuple[str, ...]] = ("warrant_granted",)

    type: Literal["warrant_exercised"] = Field(description="Always warrant_exercised.")
    shares: ShareCount = Field(description="The shares for which the warrant was exercised.")
    shares_issued: ShareCount | None = Field(
        default=None, description="The shares that the holder received; all of them where left out."
    )
    shares_withheld: ShareCount | None = Field(
        default=None, description="The shares that the issuer kept as payment (net settlement)."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        issued, withheld = self.shares_issued, self.shares_withheld
        if issued is not None and withheld is not None and issued + withheld != self.shares:
            raise PydanticCustomError("net_settlement", "shares_issued and shares_withheld do not add up to shares")
        if max(issued or 0, withheld or 0) > self.shares:
            raise PydanticCustomError("net_settlement", "more shares issued or withheld than were exercised")
        return self


class OptionExercised(PerformanceEvent):
    """The holder of an option chose to buy: what the option was for is owed from now on, and its fee no longer."""

    ON: ClassVar[tuple[str, ...]] = ("option_granted",)

    type: Literal["option_exercised"] = Field(description="Always option_exercised.")
    amount: Money | None = Field(
        default=None, description="What the holder pays; the option's whole amount where left out."
    )
    capacity_gw: Gigawatts | None = Field(
        default=None, description="The capacity bought, in gigawatts; the option's whole capacity where left out."
    )


class TrancheLapsed(PerformanceEvent):
    """A part of a leg can no longer become due, be drawn or vest: its conditions were missed, or it was given up."""

    ON: ClassVar[tuple[str, ...]] = (
        "purchase_committed",
        "investment_committed",
        "warrant_granted",
        "loan_arranged",
        "acquisition_agreed",
    )

    type: Literal["tranche_lapsed"] = Field(description="Always tranche_lapsed.")
    tranche: Slug = Field(description="The tranche that lapsed, as the leg's terms name it.")
    shares: ShareCount | None = Field(
        default=None, description="The shares that lapsed; the tranche's own where left out."
    )
    amount: Money | None = Field(default=None, description="The amount that lapsed; the tranche's own where left out.")
    reason: Text | None = Field(default=None, description="Why it lapsed.")

    def tranche_reference(self) -> str | None:
        """Return the tranche that lapsed."""
        return self.tranche
