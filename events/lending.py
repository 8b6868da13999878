"""Terms by which somebody lends, or answers for what another owes: loans and guarantees."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from events.base import same_currency
from events.leg_terms import TermsEvent
from events.term_days import last_day
from events.tranches import LoanTranche, condition_legs, refuse_money_above
from events.values import (
    CompanyRef,
    Condition,
    DecimalText,
    LegRef,
    Money,
    Price,
    ShareCount,
    TermDay,
    Text,
    Value,
)

__all__ = ["CapStep", "GuaranteeGiven", "Lender", "LoanArranged", "Rate"]


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


def _rate(value: Any) -> Any:  # noqa: ANN401 - a before-validator sees whatever the input held
    """Take the source's words alone as a whole rate, which is how most announcements give it."""
    return {"text": value} if isinstance(value, str) else value


class LoanArranged(TermsEvent):
    """Lenders arrange a loan, bond or credit line for a borrower; `relies_on` names the cash flows that repay it."""

    # Version 1 kept the rate as bare text; version 2 knew no instruments, tranches and conversion.
    SCHEMA_VERSION: ClassVar[int] = 3

    type: Literal["loan_arranged"] = Field(description="Always loan_arranged.")
    instrument: (
        Literal[
            "term_loan",
            "revolver",
            "delayed_draw",
            "notes",
            "convertible",
            "bridge",
            "securitisation",
            "lease_financing",
            "margin",
        ]
        | None
    ) = Field(
        default=None,
        description="What kind of debt it is, such as term_loan, revolver, delayed_draw, notes or convertible.",
    )
    lenders: tuple[Lender, ...] = Field(default=(), description="Who lends, and how much of it.")
    borrower: CompanyRef = Field(description="The company that borrows.")
    amount: Money | None = Field(default=None, description="The headline amount; left out where undisclosed.")
    firm: Money | None = Field(default=None, description="The enforceable minimum; left out where unknown.")
    rate: Annotated[Rate | None, BeforeValidator(_rate, json_schema_input_type=str | Rate | None)] = Field(
        default=None, description="What it costs: the source's words alone, or with percent, benchmark and spread."
    )
    issued_on: TermDay | None = Field(
        default=None, description="The day notes are issued, which is the day their money is paid in."
    )
    matures_on: TermDay | None = Field(default=None, description="The day it is due, the last one inclusive.")
    tranches: tuple[LoanTranche, ...] = Field(
        default=(), description="Its parts, each with an amount, a rate and a maturity of its own."
    )
    conversion_price: Price | None = Field(
        default=None, description="The price of one share at which a convertible is turned into shares."
    )
    conversion_shares: ShareCount | None = Field(
        default=None, description="The shares that a convertible can be turned into, all of it together."
    )
    conditions: tuple[Condition, ...] = Field(
        default=(), description="What must all have happened before it can be drawn."
    )
    secured_by: Text | None = Field(default=None, description="What secures it, in words.")
    pledged: tuple[LegRef, ...] = Field(
        default=(), description="The legs (deal/leg) given as security: contracts, guarantees, warrants."
    )
    relies_on: tuple[LegRef, ...] = Field(default=(), description="The legs (deal/leg) whose cash flows repay it.")
    recourse: Text | None = Field(default=None, description="Whom the lenders may turn to, in words.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        parts = {f"lender {lender.company}": lender.amount for lender in self.lenders}
        drawn = {f"tranche {t.tranche}": t.amount for t in self.tranches}
        same_currency("loan", self.amount or self.firm, {"firm": self.firm, **parts, **drawn})
        refuse_money_above(self.amount, self.tranches)
        if self.instrument != "convertible" and (self.conversion_price or self.conversion_shares) is not None:
            raise PydanticCustomError(
                "no_convertible", "a conversion price or number of shares goes with the instrument convertible"
            )
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
        """Return the legs whose cash flows repay the loan, those given as security, and those of its conditions, too."""
        named = super().leg_references() | condition_legs("conditions", self.conditions)
        for field, legs in (("relies_on", self.relies_on), ("pledged", self.pledged)):
            named |= {f"{field}.{i}": leg for i, leg in enumerate(legs)}
        return named


class CapStep(Value):
    """From a day on, a guarantee is capped at another amount."""

    from_: TermDay = Field(alias="from", description="The day from which the cap holds.")
    amount: Money = Field(description="The most that would be paid from then on.")


class GuaranteeGiven(TermsEvent):
    """A guarantor stands in for an obligor towards a beneficiary, up to a cap."""

    SCHEMA_VERSION: ClassVar[int] = 2  # version 1 knew no kinds of guarantee and no cap that changes

    type: Literal["guarantee_given"] = Field(description="Always guarantee_given.")
    guarantor: CompanyRef = Field(description="The company that would pay.")
    obligor: CompanyRef = Field(description="The company it would pay for.")
    beneficiary: CompanyRef | None = Field(default=None, description="The company it would pay to.")
    kind: Literal["payment", "residual_value", "capacity_backstop", "completion"] | None = Field(
        default=None,
        description="What it answers for: payment, residual_value of a lease, capacity_backstop (it buys the unsold), completion.",
    )
    amount: Money | None = Field(default=None, description="The most it would pay; left out where undisclosed.")
    steps: tuple[CapStep, ...] = Field(
        default=(), description="How the cap changes: from each day on, the amount given there."
    )
    paid_with: LegRef | None = Field(
        default=None, description="The leg (deal/leg) by which the guarantor is paid for it, such as a warrant."
    )
    firm: Money | None = Field(default=None, description="The enforceable minimum; left out where unknown.")
    covers: LegRef | None = Field(default=None, description="The leg (deal/leg) whose obligations it covers.")
    ends_on: TermDay | None = Field(default=None, description="The last day on which it can be called.")
    collateral: Money | None = Field(default=None, description="What the obligor has pledged against it.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        steps = {f"step {step.from_}": step.amount for step in self.steps}
        same_currency(
            "guarantee", self.amount or self.firm, {"firm": self.firm, "collateral": self.collateral, **steps}
        )
        days = [last_day(step.from_) for step in self.steps]
        if days != sorted(set(days)):
            raise PydanticCustomError(
                "steps_order", "the steps are not in the order of their days, each after the one before"
            )
        return self

    def leg_references(self) -> dict[str, str]:
        """Return the leg that the guarantee covers and the one by which it is paid for, too."""
        own = {"covers": self.covers, "paid_with": self.paid_with}
        return super().leg_references() | {field: leg for field, leg in own.items() if leg}
