"""The parts in which a leg is paid, drawn, delivered or vests: one form for every kind of leg.

A part is named, may say its size, and becomes due when all its conditions hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field
from pydantic_core import PydanticCustomError

from events.values import Condition, DecimalText, Money, ShareCount, Slug, TermDay, Value

__all__ = [
    "LoanTranche",
    "MoneyTranche",
    "NamedPart",
    "ShareTranche",
    "condition_legs",
    "refuse_money_above",
    "refuse_same_names",
    "refuse_sum_above",
]


class NamedPart(Value):
    """A named part of a leg; all its conditions must hold."""

    tranche: Slug = Field(description="The tranche's name within the leg, as a slug.")
    conditions: tuple[Condition, ...] = Field(
        default=(), description="What must all have happened before it is due, may be drawn, or vests."
    )


class MoneyTranche(NamedPart):
    """A part of an amount of money."""

    amount: Money | None = Field(default=None, description="The tranche's amount; left out where undisclosed.")


class LoanTranche(MoneyTranche):
    """A part of a loan or of an issue of notes, with the rate and the day of its own."""

    percent: DecimalText | None = Field(
        default=None, description="Its fixed rate in percent a year, as a decimal string."
    )
    matures_on: TermDay | None = Field(default=None, description="The day it is due, the last one inclusive.")


class ShareTranche(NamedPart):
    """A part of a number of shares."""

    shares: ShareCount | None = Field(default=None, description="The tranche's shares; left out where undisclosed.")


def condition_legs(field: str, conditions: Sequence[Condition]) -> dict[str, str]:
    """Return the legs whose deliveries or purchases conditions count, by field; `field` holds the conditions."""
    return {f"{field}.{i}.leg": condition.leg for i, condition in enumerate(conditions) if condition.leg}


def refuse_same_names(names: Sequence[str]) -> None:
    """Refuse two tranches of one name: performance could not say which it means."""
    if len(set(names)) != len(names):
        raise PydanticCustomError("tranche_twice", "two tranches have the same name")


def refuse_sum_above(total: Decimal | int, parts: Sequence[Decimal | int], whole: str) -> None:
    """Refuse tranches that add up to more than the leg."""
    if sum(parts) > total:
        raise PydanticCustomError("tranche_sum", f"the tranches add up to more than {whole}")


def refuse_money_above(amount: Money | None, tranches: Sequence[MoneyTranche], whole: str = "amount") -> None:
    """Refuse tranches of money that add up to more than their leg's amount, unless that is a floor."""
    if amount is not None and amount.qualifier != "at_least":
        refuse_sum_above(Decimal(amount.value), [Decimal(t.amount.value) for t in tranches if t.amount], whole)
