"""What has happened on a leg: deliveries, payments, fundings, vestings. They are increments and add up."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from events.base import Family, LegEvent
from events.values import CompanyRef, Gigawatts, Money, ShareCount, Slug

__all__ = [
    "CapacityDelivered",
    "LoanRepaid",
    "PaymentMade",
    "PerformanceEvent",
    "TrancheFunded",
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
    """Gigawatts of a purchase were delivered."""

    ON: ClassVar[tuple[str, ...]] = ("purchase_committed",)

    type: Literal["capacity_delivered"] = Field(description="Always capacity_delivered.")
    capacity_gw: Gigawatts = Field(
        description="The gigawatts delivered with this step, as a decimal string; steps add up."
    )


class PaymentMade(PerformanceEvent):
    """One party paid another on a leg."""

    ON: ClassVar[tuple[str, ...]] = ("purchase_committed", "guarantee_given", "loan_arranged", "investment_committed")

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
    """The holder of a warrant bought shares under it."""

    ON: ClassVar[tuple[str, ...]] = ("warrant_granted",)

    type: Literal["warrant_exercised"] = Field(description="Always warrant_exercised.")
    shares: ShareCount = Field(description="The shares bought under the warrant.")
