"""What all kinds of terms have in common: a status on the ladder, parts, and the whole that a leg may be part of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from events.base import Family, LegEvent
from events.statuses import RISING_SAID, Status
from events.tranches import NamedPart, condition_legs, refuse_same_names
from events.values import Key, LegRef

__all__ = ["TermsEvent"]


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
    part_of: LegRef | None = Field(
        default=None,
        description="The leg (deal/leg) that this one is a part of, such as a round; no total counts a part beside its whole.",
    )

    @model_validator(mode="after")
    def _has_parts_of_its_own(self) -> Self:
        refuse_same_names(self.tranche_names())
        if self.part_of == self.leg_ref:
            raise PydanticCustomError("part_of_itself", "a leg cannot be a part of itself")
        return self

    def parts(self) -> Sequence[NamedPart]:
        """Return the tranches of the leg, where its kind has any."""
        return getattr(self, "tranches", ())

    def key_references(self) -> dict[str, str]:
        """Return the terms that these replace."""
        return {"amends": self.amends} if self.amends else {}

    def leg_references(self) -> dict[str, str]:
        """Return the leg it is a part of, and those whose deliveries or purchases its tranches' conditions count."""
        named = {"part_of": self.part_of} if self.part_of else {}
        for i, tranche in enumerate(self.parts()):
            named |= condition_legs(f"tranches.{i}.conditions", tranche.conditions)
        return named

    def tranche_names(self) -> tuple[str, ...]:
        """Return the names of the leg's tranches; performance may name only these."""
        return tuple(part.tranche for part in self.parts())
