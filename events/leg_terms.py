"""What the five kinds of terms have in common: a status on the ladder, and the checks on their tranches."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar, Protocol

from pydantic import Field
from pydantic_core import PydanticCustomError

from events.base import Family, LegEvent
from events.statuses import RISING_SAID, Status
from events.values import Condition, Key

__all__ = ["TermsEvent", "condition_legs", "refuse_same_names", "refuse_sum_above"]


class TermsEvent(LegEvent):
    """The whole terms of one leg as they stand from `effective_on` on."""

    FAMILY: ClassVar[Family] = "terms"

    status: Status = Field(description=f"How firm the leg is: {RISING_SAID}, or how it ended.")
    conditional: bool = Field(
        default=False, description="True for a definitive agreement that still hangs on a condition."
    )
    amends: Key | None = Field(
        default=None,
        description="The key of the event whose terms these replace; required where the leg already exists.",
    )

    def key_references(self) -> dict[str, str]:
        """Return the terms that these replace."""
        return {"amends": self.amends} if self.amends else {}

    def tranche_names(self) -> tuple[str, ...]:
        """Return the names of the leg's tranches; performance may name only these."""
        return ()


def refuse_same_names(names: tuple[str, ...]) -> None:
    """Refuse two tranches of one name: performance could not say which it means."""
    if len(set(names)) != len(names):
        raise PydanticCustomError("tranche_twice", "two tranches have the same name")


def refuse_sum_above(total: Decimal | int, parts: Sequence[Decimal | int], whole: str) -> None:
    """Refuse tranches that add up to more than the leg."""
    if sum(parts) > total:
        raise PydanticCustomError("tranche_sum", f"the tranches add up to more than {whole}")


class _Tranche(Protocol):
    @property
    def conditions(self) -> tuple[Condition, ...]: ...


def condition_legs(tranches: Sequence[_Tranche]) -> dict[str, str]:
    """Return the legs whose deliveries or purchases the tranches' conditions count, by field."""
    return {
        f"tranches.{i}.conditions.{j}.leg": condition.leg
        for i, tranche in enumerate(tranches)
        for j, condition in enumerate(tranche.conditions)
        if condition.leg
    }
