"""What a company goes through that is neither a leg of a deal nor a number: milestones, splits of its shares."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from events.base import Event, Family
from events.values import CompanyRef, Ratio, Slug, Text

__all__ = ["MilestoneReached", "ShareSplit"]


class MilestoneReached(Event):
    """A step that is no leg's performance: a filing, an approval, an opening, a listing."""

    FAMILY: ClassVar[Family] = "observation"

    type: Literal["milestone_reached"] = Field(description="Always milestone_reached.")
    deal: Slug | None = Field(default=None, description="The deal that it is a step of; this, a company, or both.")
    company: CompanyRef | None = Field(default=None, description="The company that reached it.")
    kind: Literal["filed", "approved", "opened", "listed", "other"] = Field(
        description="What kind of step: filed, approved, opened, listed or other."
    )
    text: Text | None = Field(default=None, description="What was reached, in the source's words.")

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if self.deal is None and self.company is None:
            raise PydanticCustomError("deal_or_company", "needs a deal, a company, or both")
        return self


class ShareSplit(Event):
    """A company's shares are split, or put together, in a ratio; every count and price before its day is of the old shares."""

    FAMILY: ClassVar[Family] = "observation"

    type: Literal["share_split"] = Field(description="Always share_split.")
    company: CompanyRef = Field(description="The company whose shares are split.")
    ratio: Ratio = Field(
        description="How many new shares for how many old ones, new:old: 5:1 for a split, 1:10 for a reverse split."
    )
    share_class: Slug | None = Field(
        default=None, description="The class of shares that is split, as a slug; all of them where left out."
    )
