"""The small groups of fields that events are made of: money, sources, doubts, conditions."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from events.scalars import (
    FIRST_DAY,
    LAST_DAY,
    AmountText,
    ClockDate,
    CompanyRef,
    Currency,
    Day,
    DecimalText,
    Fraction,
    Gigawatts,
    Instant,
    Key,
    LegRef,
    NonNegative,
    RefersToCompany,
    Sha256,
    ShareCount,
    SignedFraction,
    Slug,
    Text,
    decimal_text,
    not_a_number,
    not_negative,
    plain_line,
    plain_text,
    refuse_ambiguous_text,
)
from events.term_days import TERM_DAY_PATTERN, read_term_day
from events.term_scalars import Ratio, TermDay

__all__ = [
    "AMOUNT_MAX_OTHER",
    "AMOUNT_MAX_USD",
    "FIRST_DAY",
    "LAST_DAY",
    "ClockDate",
    "CompanyRef",
    "Condition",
    "Contested",
    "Currency",
    "DatePrecision",
    "Day",
    "DecimalText",
    "Fraction",
    "Gigawatts",
    "Instant",
    "Key",
    "LegRef",
    "Money",
    "NonNegative",
    "Precision",
    "Price",
    "Qualifier",
    "Ratio",
    "RefersToCompany",
    "Sha256",
    "ShareCount",
    "SignedFraction",
    "Slug",
    "Source",
    "TermDay",
    "Text",
    "Value",
]

AMOUNT_MAX_USD = Decimal(10) ** 13
AMOUNT_MAX_OTHER = Decimal(10) ** 16  # ten trillion dollars in the smallest currency unit in use, with room

Qualifier = Literal["exactly", "about", "up_to", "at_least"]
Precision = Literal["day", "month", "quarter", "year"]
QUOTE_MAX = 300
_THRESHOLD_PATTERN = rf"^([0-9]{{1,30}}(\.[0-9]{{1,6}})?|{TERM_DAY_PATTERN})$"


class Value(BaseModel):
    """A frozen value with no identity of its own; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, defer_build=True)


class Money(Value):
    """An exact amount of one currency, with how the source qualified it."""

    value: AmountText = Field(
        description='The amount in whole units of the currency, as a decimal string: "11900000000", not 11.9 billion.'
    )
    currency: Currency = Field(description="The currency by ISO 4217, such as USD.")
    qualifier: Qualifier = Field(
        default="exactly",
        description="How the source put the amount: exactly, about, up_to (a ceiling) or at_least (a floor).",
    )

    @model_validator(mode="after")
    def _within_bounds(self) -> Self:
        # Twelve digits cannot exceed either bound, and almost every amount is that short.
        if len(self.value) > 12:  # noqa: PLR2004 - the number is explained above
            limit = AMOUNT_MAX_USD if self.currency == "USD" else AMOUNT_MAX_OTHER
            if Decimal(self.value) > limit:
                raise PydanticCustomError("too_large", "more than 10 trillion dollars in one amount; misprint?")
        return self


class Price(Money):
    """A price of one thing, a share or an hour; the same form as any amount of money."""

    value: AmountText = Field(description='The price in whole units of the currency, as a decimal string: "203.71".')


class Source(Value):
    """Where a fact was read."""

    kind: Literal["filing", "company", "press", "analyst", "article", "wire", "mirror"] = Field(
        description="What the document is: a filing, a company's own, press, analyst, article, a release on a wire, a mirror."
    )
    publisher: Text = Field(description="Who published it, and whom it quotes where it is second-hand.")
    title: Text | None = Field(default=None, description="The document's title.")
    url: Text | None = Field(default=None, description="The address it was read at.")
    published_on: Day | None = Field(
        default=None, description="The day it was published, which may be later than the announcement."
    )
    locator: Text | None = Field(default=None, description="The place in it: page, paragraph, exhibit.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the document where a copy is attached.")
    quote: Annotated[str, Field(max_length=QUOTE_MAX), AfterValidator(plain_text), plain_line(QUOTE_MAX)] | None = (
        Field(default=None, description="A sentence of it word for word, at most 300 characters.")
    )
    of: Text | None = Field(
        default=None, description="The original that a mirror copies: whose it is, its title or address."
    )

    @model_validator(mode="after")
    def _names_the_original(self) -> Self:
        if self.of is not None and self.kind != "mirror":
            raise PydanticCustomError("of_no_mirror", "`of` names the original of a mirror, and this source is none")
        return self


class Contested(Value):
    """Another source that says otherwise."""

    value: Text = Field(description="What the other source says, in words.")
    amount: Money | None = Field(default=None, description="The amount the other source gives, where it gives one.")
    publisher: Text | None = Field(default=None, description="Who says so.")
    url: Text | None = Field(default=None, description="The address it was read at.")


class DatePrecision(Value):
    """How exact each of an event's dates is; a date not named here is exact to the day."""

    effective_on: Precision | None = Field(default=None, description="How exact the effective date is.")
    announced_on: Precision | None = Field(default=None, description="How exact the announced date is.")


class Condition(Value):
    """One thing that must have happened; `leg` names whose deliveries or purchases count."""

    kind: Literal["capacity", "purchases", "share_price", "date", "definitive_agreement", "other"] = Field(
        description="What must happen: capacity delivered, money spent on purchases, a share price, a date, a signature, or another."
    )
    threshold: (
        Annotated[
            str,
            BeforeValidator(not_a_number),
            WithJsonSchema({"type": "string", "pattern": _THRESHOLD_PATTERN}),
        ]
        | None
    ) = Field(
        default=None, description="The level to reach, as a decimal string (gigawatts, money, price), or the date."
    )
    unit: Text | None = Field(default=None, description="The unit of the threshold, such as GW or USD.")
    text: Text | None = Field(default=None, description="The condition in the source's words.")
    leg: LegRef | None = Field(default=None, description="The leg (deal/leg) whose deliveries or purchases count.")

    @model_validator(mode="after")
    def _threshold_fits_kind(self) -> Self:
        if self.threshold is None:
            return self
        if self.kind == "date":
            self.__dict__["threshold"] = _day_of_threshold(self.threshold)
        else:
            if self.kind == "purchases":
                refuse_ambiguous_text(self.threshold)
            # Frozen models are written through __dict__ once, here, to keep thresholds canonical.
            self.__dict__["threshold"] = not_negative(decimal_text(self.threshold))
        return self


def _day_of_threshold(text: str) -> str:
    try:
        return read_term_day(text)
    except ValueError:
        raise PydanticCustomError(
            "bad_threshold",
            "the threshold of a date condition is a date: YYYY-MM-DD, 2028-03, 2031-Q1, 2026-H2 or 2030",
        ) from None
