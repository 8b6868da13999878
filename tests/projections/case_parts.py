"""What the nine cases are made of: the form of a case and of a question, and short ways to write their events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

__all__ = [
    "BILLION",
    "COMPANIES",
    "SUPPLY",
    "Case",
    "Question",
    "Raw",
    "agreed",
    "company",
    "openai_revenue",
    "stake",
    "supply",
    "usd",
]

Raw = dict[str, Any]
BILLION = 10**9
SUPPLY = "oracle-openai/supply"


@dataclass(frozen=True, slots=True)
class Question:
    """One query and its answer.

    `known_by` None is the as-of date and `latest` hindsight; `recorded_before` names the event just not yet recorded.
    `legs` maps every leg of the answer, and no other, to the fields that it must have: `status`, `headline`, `binding`,
    `performed` (Decimal or None), `pending` (keys), `parties` (role to slug) and `hypothetical`.
    `revenue` is the company whose chosen revenue must be `value`, from the event `key`.
    """

    as_of: str
    known_by: str | None = None
    recorded_before: str | None = None
    include_ended: bool = False
    what_if: tuple[Raw, ...] = ()
    legs: Mapping[str, Raw] | None = None
    revenue: str | None = None
    value: Decimal | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A history with its questions; `checked` are the keys that `check` lists once all is recorded."""

    name: str
    events: tuple[Raw, ...]
    questions: tuple[Question, ...]
    checked: tuple[str, ...] = field(default=())

    def position_before(self, key: str | None) -> int | None:
        """Return the last position before an event, or None for the latest."""
        if key is None:
            return None
        return [event["key"] for event in self.events].index(key)


def usd(billions: str, qualifier: str = "exactly") -> Raw:
    """Write an amount given in billions of dollars."""
    value = Decimal(billions) * BILLION
    return {"value": f"{value.normalize():f}", "currency": "USD", "qualifier": qualifier}


def company(slug: str, layer: str, *, stand_in: bool = False) -> Raw:
    """Register a company before anything happens."""
    body: Raw = {"type": "company_registered", "key": f"company/{slug}", "announced_on": "2024-01-01"}
    return body | {"company": slug, "name": slug, "layer": layer, "stand_in": stand_in}


def supply(key: str, announced_on: str, billions: str, **more: object) -> Raw:
    """Agree the leg `supply` of a deal between Oracle and OpenAI."""
    parties = {"deal": "oracle-openai", "leg": "supply", "buyer": "openai", "supplier": "oracle", "subject": "compute"}
    body = {"type": "purchase_committed", "key": key, "announced_on": announced_on, "status": "definitive", **parties}
    return body | {"amount": usd(billions)} | more


def stake(key: str, announced_on: str, deal: str, billions: str, **more: object) -> Raw:
    """Agree the leg `equity` of a deal in which an investor puts money into OpenAI."""
    body: Raw = {"type": "investment_committed", "key": key, "announced_on": announced_on, "deal": deal}
    body |= {"leg": "equity", "investor": deal.partition("-")[0], "investee": "openai", "status": "letter_of_intent"}
    return body | {"amount": usd(billions, "up_to")} | more


def agreed(billions: int, *, pending: tuple[str, ...] = (), performed: int = 0, status: str = "definitive") -> Raw:
    """Expect a leg of a plain amount: all of it binds once it is definitive."""
    amount = Decimal(billions * BILLION)
    binding = amount if status == "definitive" else Decimal(0)
    paid = Decimal(performed * BILLION)
    return {"status": status, "headline": amount, "binding": binding, "performed": paid, "pending": pending}


def openai_revenue(key: str, announced_on: str, billions: str) -> Raw:
    """Report OpenAI's revenue of the year 2025; it holds from the year's last day, or its announcement if earlier."""
    body: Raw = {"type": "metric_reported", "key": key, "announced_on": announced_on, "company": "openai"}
    body |= {"metric": "revenue", "basis": "estimate", "period_from": "2025-01-01", "period_to": "2026-01-01"}
    return body | {"value": usd(billions)["value"], "unit": "USD"}


COMPANIES = (company("openai", "model"), company("oracle", "cloud"))
