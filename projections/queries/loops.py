"""Loops: how much of the money that companies pay one another can come back to where it started."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.queries.asked import Rows, by_point, cite, points, rounded
from projections.queries.flow_basis import FlowBasis
from projections.queries.flows import Edges, Graph, Sources, draw, read_sources
from projections.queries.loop_notes import left_out, loop_notes
from projections.queries.rings import broken_rings, list_rings
from projections.queries.vendor import NO_FINANCING, Financing, financing_by_vendor
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "loops", "loops_over"]

COLUMNS = (
    Column("company", "text"),
    Column("layer", "text", optional=True),
    Column("currency", "text"),
    Column("outlay", "money"),
    Column("receipts", "money"),
    Column("round_trip", "money"),
    Column("round_trip_share_of_outlay", "ratio"),
    Column("round_trip_share_of_receipts", "ratio"),
    Column("loop_gain", "ratio"),
    Column("loop_gain_multiplier", "ratio", optional=True),
    Column("loop_gain_low", "money", optional=True),
    Column("loop_gain_pro_rata", "money", optional=True),
    Column("loop_gain_high", "money", optional=True),
    Column("vendor_financing", "money", optional=True),
    Column("vendor_financing_undisclosed", "integer", optional=True),
    Column("vendor_financing_ratio", "ratio"),
    Column("vendor_financing_ratio_min", "ratio", optional=True),
    Column("revenue", "money", optional=True),
    Column("revenue_basis", "text", optional=True),
    Column("undisclosed", "integer"),
    Column("events", "list", optional=True),
)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Circularity:
    """The measures of one graph: figures by company, and those of the whole."""

    by_company: dict[str, dict[str, Decimal | None]]
    whole: dict[str, Decimal | None]


def loops(warehouse: Warehouse, clocks: Clocks, **asked: Any) -> Result:  # noqa: ANN401 - the parameters of loops_over
    """Say what can come back to whom, and in which rings; takes what `loops_over` takes."""
    return loops_over(warehouse, [clocks], **asked)[0]


def loops_over(
    warehouse: Warehouse,
    clocks: Sequence[Clocks],
    *,
    company: str | None = None,
    basis: str = "headline",
    window: Decimal | int | None = None,
    weights: Mapping[str, Decimal] | None = None,
    currency: str | None = None,
    layers: bool = False,
    length_max: int = 6,
    amount_min: Decimal | None = None,
    revenue_basis: str | None = None,
    include_ended: bool = False,
    limit: int = 100,
) -> list[Result]:
    """Answer at many clock triples in one pass; money in units of `currency` (None: USD where there is any).

    `basis` is headline, binding, performed or expected (with the user's `weights` by status); `window` in years makes a
    five-year contract and a one-year purchase comparable; `layers` draws layers of the stack in place of companies;
    `company` (a slug, or a layer) keeps its row and its rings; `amount_min` leaves out rings with a smaller disclosed leg;
    `limit` is how many rings are listed. Raises BadValueError, and OutOfRangeError for a `length_max` below 2.
    """
    counted = FlowBasis.asked(basis, window, weights)
    sources = read_sources(warehouse, clocks, basis=counted, include_ended=include_ended)
    revenues = by_point(
        warehouse.query("SELECT * FROM metrics_in_effect($1) WHERE metric = 'revenue'", [points(clocks)]), len(clocks)
    )
    measured: dict[tuple[Any, ...], _Circularity] = {}
    answers: list[tuple[Rows, Rows, dict[str, Any], tuple[str, ...]]] = []
    for i, triple in enumerate(clocks):
        graph = draw(sources[i], basis=counted, currency=currency, by_layer=layers)
        edges = graph.edges()
        # Most days of a timeline change nothing.
        figures = measured.setdefault(tuple(edges), _measure(edges)) if tuple(edges) not in measured else measured[tuple(edges)]
        financing = {} if layers else financing_by_vendor(
            sources[i], revenues[i], basis=counted, currency=graph.currency, as_of=triple.as_of, revenue_basis=revenue_basis
        )
        rows = [row for row in _rows(graph, figures, financing, sources[i], layers=layers) if company in {None, row["company"]}]
        rings, more = list_rings(graph, length_max=length_max, amount_min=amount_min, company=company)
        broken = _broken(sources[i], graph, counted, layers=layers, length_max=length_max, company=company)
        summary = {
            "currency": graph.currency,
            "basis": counted.name,
            "window_years": counted.window_years,
            "weights": dict(counted.weights) or None,
            "by_layer": layers,
            "companies": len({name for pair in graph.hops for name in pair}),
            "legs": len({flow.leg for flow in graph.flows()}),
            **figures.whole,
            **left_out(graph),
            "loop_length_max": length_max,
            "loop_amount_min": amount_min,
            "loop_count": len(rings),
            "loop_count_is_floor": more,
            "loops": rings[:limit],
            "loops_broken": broken[:limit],
        }
        notes = loop_notes(graph, summary, {row["company"]: financing[row["company"]].lacking for row in rows if row["company"] in financing})
        answers.append((rows, rings[:limit], summary, notes))
    cited = cite(warehouse, clocks, [[*rows, *rings] for rows, rings, _, _ in answers])
    return [
        Result("loops", triple, COLUMNS, rows, {**summary, "latest_announced_on": told.latest_announced_on}, (*notes, *told.notes))
        for triple, (rows, _, summary, notes), told in zip(clocks, answers, cited, strict=True)
    ]
