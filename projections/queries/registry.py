"""The measures by name: the one list to which a new measure is added to be had in `diff`, `timeline` and the commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from events.errors import NotFoundError, suggestion
from projections.clocks import Clocks
from projections.result import Result
from projections.warehouse import Warehouse

__all__ = ["MEASURES", "Measure", "measure"]

Answer = Callable[..., list[Result]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: where it lives, what names a row of it, what values a row has, and which values to draw.

    `subject` is the parameter by which the measure takes a company, if it takes one; `needs_subject` says it must.
    """

    name: str
    module: str
    function: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    drawn: tuple[str, ...]
    subject: str | None = "company"
    needs_subject: bool = False

    def over(self, warehouse: Warehouse, clocks: Sequence[Clocks], **parameters: Any) -> list[Result]:  # noqa: ANN401 - each measure checks its own
        """Answer at many clock triples in one pass."""
        answer: Answer = getattr(import_module(self.module), self.function)
        return partial(answer, warehouse, clocks)(**parameters)


_AMOUNTS = ("headline", "binding", "performed", "remaining")

MEASURES: dict[str, Measure] = {
    entry.name: entry
    for entry in (
        Measure(
            "exposure",
            "projections.queries.exposure",
            "exposure_over",
            keys=("exposed", "to", "kind", "currency"),
            values=(*_AMOUNTS, "gross", "credit_equivalent", "undisclosed"),
            drawn=("headline", "binding", "gross"),
        ),
        Measure(
            "commitments",
            "projections.queries.commitments",
            "commitments_over",
            keys=("buyer", "supplier", "currency"),
            values=(*_AMOUNTS, "capacity_gw", "firm_gw", "undisclosed", "status"),
            drawn=("headline", "binding", "multiple_headline", "multiple_stated"),
            needs_subject=True,
        ),
        Measure(
            "dilution",
            "projections.queries.dilution",
            "dilution_over",
            keys=("issuer", "holder", "deal", "leg"),
            values=(
                "shares_max",
                "shares_vested",
                "shares_conditions_met",
                "shares_exercised",
                "exercise_price",
                "expires_on",
                "pre_issue",
                "post_issue",
                "status",
            ),
            drawn=("pre_issue", "post_issue"),
            subject="issuer",
            needs_subject=True,
        ),
        Measure(
            "legs",
            "projections.queries.legs",
            "legs_over",
            keys=("leg_ref",),
            values=("first_party", "second_party", "status", "overdue", "currency", *_AMOUNTS, "capacity_gw", "shares"),
            drawn=("legs",),
        ),
    )
}


def measure(name: str) -> Measure:
    """Give a measure by name. Raises NotFoundError with the nearest name."""
    if name not in MEASURES:
        raise NotFoundError(
            f"no measure is called {name!r}", advice=suggestion(name, MEASURES) or f"measures: {', '.join(MEASURES)}"
        )
    return MEASURES[name]
