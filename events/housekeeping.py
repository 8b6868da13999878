"""What the ledger says about its own entries: corrections, retractions, attached documents. Nothing is erased."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, SerializeAsAny, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from events.base import Event, Family
from events.errors import UnknownTypeError
from events.explain import explain_invalid
from events.reading import validate_raw
from events.scalars import INTEGER_MAX
from events.values import Instant, Key, Sha256, Text

__all__ = ["DocumentAttached", "EventCorrected", "EventRetracted"]


def _as_event(value: Any) -> Any:  # noqa: ANN401 - a before-validator sees whatever the input held
    if isinstance(value, Event) or not isinstance(value, dict):
        return value
    try:
        return validate_raw(value)
    except ValidationError as error:
        said = "; ".join(f"{f.field}: {f.what}" for f in explain_invalid(value, error))
    except UnknownTypeError as error:
        said = error.message
    raise PydanticCustomError("bad_replacement", "{said}", {"said": said})


class EventCorrected(Event):
    """An entry was recorded wrong: the replacement takes its place, position included."""

    FAMILY: ClassVar[Family] = "correction"

    type: Literal["event_corrected"] = Field(description="Always event_corrected.")
    corrects: Key = Field(description="The key of the entry, or of the last correction or retraction of its chain.")
    replacement: Annotated[SerializeAsAny[Event], BeforeValidator(_as_event)] = Field(
        description="The whole event as it should have read: same key, type, deal and leg."
    )
    # Lets the replacement be brought up to date on its own; 0 stands for "left out" until the validator fills it in.
    replacement_schema_version: Annotated[int, Field(ge=1)] = Field(
        default=0, description="The stored form of the replacement's own type; the ledger fills it in."
    )
    reason: Text = Field(description="Why the entry was wrong.")

    @model_validator(mode="after")
    def _not_of_itself(self) -> Self:
        if self.replacement.FAMILY == "correction":
            raise PydanticCustomError(
                "correction_of_correction", "a replacement is the announcement itself, not another correction"
            )
        # Stored forms are upcast before they come here, so any other number was made up by the author.
        if self.replacement_schema_version not in {0, self.replacement.SCHEMA_VERSION}:
            raise PydanticCustomError(
                "replacement_schema_version", "replacement_schema_version is filled in by the ledger; leave it out"
            )
        self.__dict__["replacement_schema_version"] = self.replacement.SCHEMA_VERSION
        return self

    def key_references(self) -> dict[str, str]:
        """Return the last member of the chain that this one continues."""
        return {"corrects": self.corrects}

    def companies(self) -> dict[str, str]:
        """Return the companies that the replacement names."""
        return {f"replacement.{field}": name for field, name in self.replacement.companies().items()}

    def with_companies(self, slugs: dict[str, str]) -> Self:
        """Return the same correction with the replacement's companies as slugs."""
        replacement = self.replacement.with_companies(slugs)
        return self if replacement is self.replacement else self.model_copy(update={"replacement": replacement})

    def leg_references(self) -> dict[str, str]:
        """Return the legs that the replacement points to."""
        return {f"replacement.{field}": leg for field, leg in self.replacement.leg_references().items()}


class EventRetracted(Event):
    """An entry should never have been recorded."""

    FAMILY: ClassVar[Family] = "correction"

    type: Literal["event_retracted"] = Field(description="Always event_retracted.")
    corrects: Key = Field(description="The key of the entry, or of the last correction or retraction of its chain.")
    reason: Text = Field(description="Why it should never have been recorded.")

    def key_references(self) -> dict[str, str]:
        """Return the last member of the chain that this one ends."""
        return {"corrects": self.corrects}


class DocumentAttached(Event):
    """A document that supports an entry was stored beside the ledger under its SHA-256."""

    FAMILY: ClassVar[Family] = "attachment"

    type: Literal["document_attached"] = Field(description="Always document_attached.")
    about: Key = Field(description="The key of the entry that the document supports.")
    sha256: Sha256 = Field(description="The SHA-256 of the document, under which it is stored.")
    media_type: Annotated[str, Field(pattern=r"^[A-Za-z0-9.+_-]+/[A-Za-z0-9.+_-]+$", max_length=127)] = Field(
        description="The media type, such as application/pdf."
    )
    bytes: Annotated[int, Field(ge=0, le=INTEGER_MAX)] = Field(description="The document's size in bytes.")
    retrieved_at: Instant | None = Field(default=None, description="When it was fetched, with its zone.")
    url: Text | None = Field(default=None, description="The address it was fetched from.")

    def key_references(self) -> dict[str, str]:
        """Return the entry that the document supports."""
        return {"about": self.about}
