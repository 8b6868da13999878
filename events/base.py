"""What every announcement carries, whatever its type: a key, two clocks of its own, a source and doubts."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, NamedTuple, Self, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from events.parties import with_itself
from events.values import (
    ClockDate,
    Contested,
    DatePrecision,
    Instant,
    Key,
    Money,
    RefersToCompany,
    Slug,
    Source,
    Text,
)

__all__ = ["Confidence", "Contradiction", "Event", "Family", "LegEvent", "company_fields", "same_currency"]

Family = Literal["register", "party", "terms", "status", "performance", "observation", "correction", "attachment"]
Confidence = Literal["high", "medium", "low"]


class Contradiction(NamedTuple):
    """Two things that an event says and that cannot both be true: the field at fault, what is wrong, its value, advice."""

    field: str
    what: str
    got: str
    advice: str


class Event(BaseModel):
    """One immutable fact with the day it holds from and the day it became public.

    `SCHEMA_VERSION` counts the stored forms of a type; `FAMILY` says how the type takes part in answers.
    """

    # A process pays only for the types it meets: building all validators takes as long as a short command.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, defer_build=True)

    FAMILY: ClassVar[Family]
    SCHEMA_VERSION: ClassVar[int] = 1

    type: str = Field(description="Which of the vocabulary's types the event is of.")
    key: Key = Field(description="A readable name, unique in the ledger; derived from the other fields where left out.")
    announced_on: ClockDate = Field(description="The day from which anyone outside could know the fact.")
    # Left out on input, a fact holds from the day it was announced; pydantic passes what was validated before.
    effective_on: ClockDate = Field(
        default_factory=lambda data: data.get("announced_on"),
        description="The day from which the fact holds; the announced day where left out.",
    )
    date_precision: DatePrecision | None = Field(
        default=None, description="How exact the dates are, where not to the day."
    )
    announced_time: Instant | None = Field(
        default=None, description="The instant of the announcement with its zone, where the hour matters."
    )
    source: Source | None = Field(default=None, description="Where the fact was read.")
    confidence: Confidence | None = Field(
        default=None, description="How far the recorder trusts it: high, medium or low."
    )
    contested: tuple[Contested, ...] = Field(default=(), description="What other sources say instead.")
    note: Text | None = Field(default=None, description="One sentence of the recorder's own.")

    @classmethod
    def topic(cls) -> str:
        """Return the name the type is stored under, which no move of a module changes."""
        return f"deals.{cls.model_fields['type'].annotation.__args__[0]}"  # type: ignore[union-attr]  # a Literal

    def companies(self) -> dict[str, str]:
        """Return the companies the event names, by field."""
        return {name: value for name in company_fields(type(self)) if isinstance(value := getattr(self, name), str)}

    def with_companies(self, slugs: dict[str, str]) -> Self:
        """Return the same event with each named company replaced by its slug (`slugs` maps what was written)."""
        changes = {name: slugs[value] for name, value in self.companies().items() if slugs[value] != value}
        return self.model_copy(update=changes) if changes else self

    def leg_references(self) -> dict[str, str]:
        """Return the other legs the event points to, by field."""
        return {}

    def key_references(self) -> dict[str, str]:
        """Return the earlier events the event points to, by field."""
        return {}

    def with_itself(self) -> str:
        """Return which two parties of the event are one company, in words; empty where none are."""
        return with_itself(self.type, self.companies(), getattr(self, "kind", None))

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Return what the event says against itself; the ledger records no such event, but reads those it has."""
        return ()


_COMPANY_FIELDS: dict[type[Event], tuple[str, ...]] = {}


def company_fields(cls: type[Event]) -> tuple[str, ...]:
    """Return the fields of a type that name one company each."""
    if cls not in _COMPANY_FIELDS:
        _COMPANY_FIELDS[cls] = tuple(
            name for name, field in cls.model_fields.items() if _marks_company(field.metadata, field.annotation)
        )
    return _COMPANY_FIELDS[cls]


def _marks_company(metadata: list[Any], annotation: object) -> bool:
    """Find the marker on the field itself or on a member of its union (`CompanyRef | None`)."""
    if any(isinstance(item, RefersToCompany) for item in metadata):
        return True
    # A list of companies is not one company; its type answers for it.
    members = () if get_origin(annotation) is tuple else getattr(annotation, "__args__", ())
    return any(isinstance(item, RefersToCompany) for member in members for item in getattr(member, "__metadata__", ()))


class LegEvent(Event):
    """A fact about one leg of a deal."""

    deal: Slug = Field(description="The deal, as a slug such as amd-openai-2025.")
    leg: Slug = Field(description="The leg within the deal, as a slug such as warrant.")

    @property
    def leg_ref(self) -> str:
        """The leg as other events write it."""
        return f"{self.deal}/{self.leg}"


def same_currency(owner: str, amount: Money | None, others: dict[str, Money | None]) -> None:
    """Refuse parts of one leg in another currency than its amount: they could never be added or compared.

    Raises a validation error that names the field.
    """
    given = {name: other for name, other in others.items() if other is not None}
    first = amount or next(iter(given.values()), None)
    for name, other in given.items():
        if first is not None and other.currency != first.currency:
            raise PydanticCustomError(
                "mixed_currency", f"{name} is in {other.currency} but the {owner}'s amount in {first.currency}"
            )
