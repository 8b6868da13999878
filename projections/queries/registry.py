"""The measures by name: the one list to which a new measure is added to be had in `diff`, `timeline` and the commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any

from events.errors import not_found
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
    # Whether the measure can cite each event at the first of many points only, which long timelines need.
    tells_new_events: bool = False
    # Options of the command line that the measure takes, by the name of its own parameter.
    options: Mapping[str, str] = field(default_factory=dict)

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
            tells_new_events=True,
        ),
        Measure(
            "commitments",
            "projections.queries.commitments.commitments",
            "commitments_over",
            keys=("buyer", "supplier", "currency"),
            values=(*_AMOUNTS, "capacity_gw", "firm_gw", "undisclosed", "status"),
            drawn=("headline", "binding", "multiple_headline", "multiple_stated"),
            needs_subject=True,
            options={"basis": "revenue_basis"},
        ),
        Measure(
            "dilution",
            "projections.queries.dilution.dilution",
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
            options={"deal": "deal"},
        ),
        Measure(
            "status",
            "projections.queries.status",
            "status_over",
            keys=("leg_ref",),
            values=("status", "announced_on", "next_milestone", "next_on", "milestone_overdue"),
            drawn=("legs", "binding_share", "performed_share", "lapsed_share"),
            options={"deal": "deal"},
        ),
        Measure(
            "loops",
            "projections.queries.loops.loops",
            "loops_over",
            keys=("company", "currency"),
            values=(
                "round_trip",
                "outlay",
                "receipts",
                "round_trip_share_of_outlay",
                "round_trip_share_of_receipts",
                "loop_gain",
                "vendor_financing",
                "vendor_financing_ratio",
                "undisclosed",
            ),
            drawn=("round_trip", "circulation", "circulation_share", "loop_count"),
            options={"basis": "basis"},
        ),
        Measure(
            "leverage",
            "projections.queries.leverage.leverage",
            "leverage_over",
            keys=("company", "currency"),
            values=(
                "own_debt",
                "own_debt_basis",
                "serviced_executed",
                "serviced_in_talks",
                "total",
                "shadow_leverage_executed",
                "shadow_leverage",
                "guarantees_given",
                "loi_backed",
                "undisclosed",
            ),
            drawn=("total", "shadow_leverage", "loans_amount", "loi_backed_share"),
            options={"basis": "revenue_basis"},
        ),
        Measure(
            "lookthrough",
            "projections.queries.lookthrough.lookthrough",
            "lookthrough_over",
            keys=("company", "to", "currency"),
            values=("direct", "lookthrough", "dependency", "share_of_equity", "large", "breach", "undisclosed"),
            drawn=("direct", "hhi"),
            needs_subject=True,
            options={"basis": "basis"},
        ),
        Measure(
            "demand",
            "projections.queries.demand.demand",
            "demand_over",
            keys=("subject", "metric", "unit", "basis", "period", "observed_on"),
            values=("value", "index", "base_on", "base_is_later", "required_index"),
            drawn=("implied_growth",),
            options={"deal": "deal"},
        ),
        Measure(
            "reaction",
            "projections.queries.reaction.reaction",
            "reaction_over",
            keys=("company", "deal", "session", "basis"),
            values=("return", "abnormal_return", "method", "value", "headline", "capture", "confounded"),
            drawn=("closing_moves",),
            options={"deal": "deal"},
        ),
        Measure(
            "bubble",
            "projections.queries.bubble.bubble",
            "bubble_over",
            keys=("indicator",),
            values=("value", "warning_at", "beyond"),
            drawn=("not_computable",),
            subject=None,
        ),
    )
}


def measure(name: str) -> Measure:
    """Return a measure by name. Raises NotFoundError with the nearest name."""
    if name not in MEASURES:
        raise not_found("no measure is called", name, MEASURES, otherwise=f"measures: {', '.join(MEASURES)}")
    return MEASURES[name]
