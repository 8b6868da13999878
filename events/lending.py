"""Terms by which somebody lends, or answers for what another owes: loans and guarantees."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from events.base import same_currency
from events.leg_terms import TermsEvent
from events.values import CompanyRef, Day, DecimalText, LegRef, Money, Text, Value

__all__ = ["GuaranteeGiven", "Lender", "LoanArranged", "Rate"]


class Lender(Value):
    """One lender of a loan and its share of it, where told."""

    company: CompanyRef = Field(description="The company that lends.")
    amount: Money | None = Field(default=None, description="Its part of the loan; left out where undisclosed.")


class Rate(Value):
    """What a loan costs: the source's words, and numbers where they are plain."""

    text: Text = Field(description="The rate in the source's words, such as SOFR+225bp.")
    percent: DecimalText | None = Field(
        default=None, description="A fixed rate in percent a year, as a decimal string."
    )
    benchmark: Text | None = Field(default=None, description="The rate it floats with, such as SOFR.")
    spread_bp: DecimalText | None = Field(
        default=None, description="What is added to the benchmark, in hundredths of a percent."
    )


def _rate(value: Any) -> Any:  # noqa: ANN401 - a before-validator sees whatever the input hel, description="Take the source's words alone as a whole rate, which is how most announcements give it.")
    return {"text": value} if isinstance(value, str) else value


class LoanArranged(TermsEvent):
    """Lenders arrange a loan, bond or credit line for a borrower; `relies_on` names the cash flows that repay it."""

    SCHEMA_VERSION: ClassVar[int] = 2  # version 1 kept the rate as bare text

    type: Literal["loan_arranged"] = Field(description="Always loan_arranged.")
    lenders: tuple[Lender, ...] = Field(default=(), description="Who lends, and how much of it.")
    borrower: CompanyRef = Field(description="The company that borrows.")
    amount: Money | None = Field(default=None, description="The headline amount; left out where undisclosed.")
    firm: Money | None = Field(default=None, description="The enforceable minimum; left out where unknown.")
    rate: Annotated[Rate | None, BeforeValidator(_rate, json_schema_input_type=str | Rate | None)] = Field(
        default=None, description="What it costs: the source's words alone, or with percent, benchmark and spread."
    )
    matures_on: Day | None = Field(default=None, description="The day it is due, the last one inclusive.")
    secured_by: Text | None = Field(default=None, description="What secures it, in words.")
    relies_on: tuple[LegRef, ...] = Field(default=(), description="The legs (deal/leg) whose cash flows repay it.")
    recourse: Text | None = Field(default=None, description="Whom the lenders may turn to, in words.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        parts = {f"lender {lender.company}": lender.amount for lender in self.lenders}
        same_currency("loan", self.amount or self.firm, {"firm": self.firm, **parts})
        return self

    def companies(self) -> dict[str, str]:
        """Return the borrower and each lender, by field."""
        named = {f"lenders.{i}.company": lender.company for i, lender in enumerate(self.lenders)}
        return super().companies() | named

    def with_companies(self, slugs: dict[str, str]) -> Self:
        """Return the same loan with every company replaced by its slug."""
        if all(slugs[name] == name for name in self.companies().values()):
            return self
        lenders = tuple(lender.model_copy(update={"company": slugs[lender.company]}) for lender in self.lenders)
        return self.model_copy(update={"borrower": slugs[self.borrower], "lenders": lenders})

    def leg_references(self) -> dict[str, str]:
        """Return the legs whose cash flows repay the loan."""
        return {f"relies_on.{i}": leg for i, leg in enumerate(self.relies_on)}


class GuaranteeGiven(TermsEvent):
    """A guarantor stands in for an obligor towards a beneficiary, up to a cap."""

    type: Literal["guarantee_given"] = Field(description="Always guarantee_given.")
    guarantor: CompanyRef = Field(description="The company that would pay.")
    obligor: CompanyRef = Field(description="The company it would pay for.")
    beneficiary: CompanyRef | None = Field(default=None, description="The company it would pay to.")
    amount: Money | None = Field(default=None, description="The most it would pay; left out where undisclosed.")
    firm: Money | None = Field(default=None, description="The enforceable minimum; left out where unknown.")
    covers: LegRef | None = Field(default=None, description="The leg (deal/leg) whose obligations it covers.")
    ends_on: Day | None = Field(default=None, description="The last day on which it can be called.")
    collateral: Money | None = Field(default=None, description="What the obligor has pledged against it.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        same_currency("guarantee", self.amount or self.firm, {"firm": self.firm, "collateral": self.collateral})
        return self

    def leg_references(self) -> dict[str, str]:
        """Return the leg that the guarantee covers."""
        return {"covers": self.covers} if self.covers else {}
