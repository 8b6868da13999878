"""Who takes part: companies with their names in any script, and stand-ins that get a name later."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from events.base import Event, Family
from events.values import CompanyRef, Slug, Text

__all__ = ["Cik", "CompanyRegistered", "Layer", "Lei", "PartyIdentified", "Ticker"]

Layer = Literal["chips", "systems", "cloud", "model", "application", "power", "capital", "other"]

_CIK_DIGITS = 10
_LEI_LENGTH = 20


def _cik(text: str) -> str:
    """Pad an SEC central index key to its ten digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= _CIK_DIGITS):
        raise PydanticCustomError("bad_cik", "not a CIK of at most ten digits")
    return text.zfill(_CIK_DIGITS)


def _lei(text: str) -> str:
    """Check a legal entity identifier by ISO 17442: 20 characters whose base-36 reading leaves 1 modulo 97."""
    valid = len(text) == _LEI_LENGTH and text.isascii() and text.isalnum() and text.upper() == text
    if not valid or int("".join(str(int(char, 36)) for char in text)) % 97 != 1:
        raise PydanticCustomError("bad_lei", "not a legal entity identifier (ISO 17442): check digits do not agree")
    return text


Cik = Annotated[str, AfterValidator(_cik), WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,10}$"})]
Lei = Annotated[str, AfterValidator(_lei), WithJsonSchema({"type": "string", "pattern": "^[A-Z0-9]{18}[0-9]{2}$"})]
Ticker = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9.\-]{0,14}$")]


class CompanyRegistered(Event):
    """A company (or a stand-in for one not yet named) is entered, with the names it goes by."""

    FAMILY: ClassVar[Family] = "register"
    SCHEMA_VERSION: ClassVar[int] = 2  # version 1 gave no name to a layer beside the known ones

    type: Literal["company_registered"] = Field(description="Always company_registered.")
    company: Slug = Field(description="The slug that every other event stores for the company.")
    name: Text = Field(description="The name to show.")
    layer: Layer = Field(
        description="Where it stands in the industry: chips, systems, cloud, model, application, power, capital or other."
    )
    layer_name: Text | None = Field(
        default=None, description="What the industry is called where the layer is other, such as biotech or telecom."
    )
    aliases: tuple[Text, ...] = Field(default=(), description="Other names it goes by, in any script.")
    ticker: Ticker | None = Field(default=None, description="The ticker on its main exchange.")
    cik: Cik | None = Field(default=None, description="The SEC's central index key; stored with its ten digits.")
    lei: Lei | None = Field(default=None, description="The legal entity identifier by ISO 17442.")
    parent: CompanyRef | None = Field(default=None, description="The company that owns it.")
    stand_in: bool = Field(
        default=False,
        description="True for a party that is not yet named, the only kind that a party_identified event can name.",
    )

    @model_validator(mode="after")
    def _names_another_layer(self) -> Self:
        if self.layer_name is not None and self.layer != "other":
            raise PydanticCustomError("layer_name", "a layer_name goes with the layer other, and only with it")
        return self


class PartyIdentified(Event):
    """A stand-in turns out to be a company; queries show the company from the announced date on."""

    FAMILY: ClassVar[Family] = "party"

    type: Literal["party_identified"] = Field(description="Always party_identified.")
    placeholder: CompanyRef = Field(description="The stand-in, registered with stand_in: true.")
    company: CompanyRef = Field(description="The company it turned out to be.")
