"""Loops: how much of the money that companies pay one another can come back to where it started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.kinds import Form, Keyed, Listed
from projections.queries.asked import Rows, by_point, cite, known_layer, points
from projections.queries.loops.basis import FlowBasis
from projections.queries.loops.circularity import Circularity, circularity
from projections.queries.loops.flows import Graph, Sources, draw, read_sources
from projections.queries.loops.notes import LEFT_OUT, left_out, loop_notes
from projections.queries.loops.rings import BROKEN_RING, RING, broken_rings, list_rings
from projections.queries.loops.vendor import NO_FINANCING, Financing, financing_by_vendor
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SUMMARY", "loops", "loops_over"]

COLUMNS = (
    Column("company", "text"),
    Column("layer", "text", optional=True),
    Column("currency", "text"),
    Column("outlay", "money"),
    Column("receipts", "money"),
    Column("round_trip", "money"),
    Column("round_trip_is_floor", "flag", optional=True),
    Column("round_trip_share_of_outlay", "share"),
    Column("round_trip_share_of_receipts", "share", optional=True),
    Column("loop_gain", "share"),
    Column("loop_gain_multiplier", "multiple", optional=True),
    Column("loop_gain_low", "money", optional=True),
    Column("loop_gain_pro_rata", "money", optional=True),
    Column("loop_gain_high", "money", optional=True),
    Column("vendor_financing", "money", optional=True),
    Column("vendor_financing_undisclosed", "count", optional=True),
    Column("vendor_financing_ratio", "share", optional=True),
    Column("vendor_financing_ratio_min", "share", optional=True),
    Column("revenue", "money", optional=True),
    Column("revenue_basis", "text", optional=True),
    Column("undisclosed", "count"),
    Column("events", "list", optional=True),
)
SUMMARY: Form = {
    "currency": "text",
    "basis": "text",
    "window_years": "years",
    "weights": Keyed("share"),
    "by_layer": "flag",
    "companies": "count",
    "legs": "count",
    "round_trip": "money",
    "total_flow": "money",
    "circulation": "money",
    "circulation_share": "share",
    **LEFT_OUT,
    "loop_length_max": "count",
    "loop_amount_min": "money",
    "loop_count": "count",
    "loop_count_is_floor": "flag",
    "loops_broken_count": "count",
    "loops_broken": Listed(BROKEN_RING),
    "loops": Listed(RING),
    "latest_announced_on": "date",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    basis: FlowBasis
    company: str | None
    currency: str | None
    layers: bool
    length_max: int
    amount_min: Decimal | None
    revenue_basis: str | None
    limit: int


@dataclass(slots=True)
class _Answer:
    rows: Rows
    rings: Rows
    summary: dict[str, Any]
    notes: tuple[str, ...]


def loops(  # noqa: PLR0913 - each is an option of the command
    warehouse: Warehouse,
    clocks: Clocks,
    *,
    company: str | None = None,
    basis: str = "headline",
    window: Decimal | int | None = None,
    weights: Mapping[str, Decimal | float | str] | None = None,
    currency: str | None = None,
    layers: bool = False,
    length_max: int = 6,
    amount_min: Decimal | None = None,
    revenue_basis: str | None = None,
    include_ended: bool = False,
    limit: int = 100,
) -> Result:
    """Say what can come back to whom, and in which rings, at one clock triple; see `loops_over`."""
    return loops_over(
        warehouse,
        [clocks],
        company=company,
        basis=basis,
        window=window,
        weights=weights,
        currency=currency,
        layers=layers,
        length_max=length_max,
        amount_min=amount_min,
        revenue_basis=revenue_basis,
        include_ended=include_ended,
        limit=limit,
    )[0]


def loops_over(  # noqa: PLR0913 - each is an option of the command
    warehouse: Warehouse,
    clocks: Sequence[Clocks],
    *,
    company: str | None = None,
    basis: str = "headline",
    window: Decimal | int | None = None,
    weights: Mapping[str, Decimal | float | str] | None = None,
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
    five-year contract and a one-year purchase comparable; `layers` draws the layers of the stack in place of companies;
    `company` (a slug, or a layer) keeps its row and its rings; `amount_min` leaves out rings with a smaller disclosed
    payment; `limit` is how many rings are listed, of at most `length_max` companies.
    Raises BadValueError, NotFoundError for a layer that no company is in, and OutOfRangeError for a `length_max` below 2 or a negative `amount_min`.
    """
    counted = FlowBasis.asked(basis, window, weights)
    asked = _Asked(counted, company, currency, layers, length_max, amount_min, revenue_basis, limit)
    if layers and company is not None:
        known_layer(warehouse, company)
    sources = read_sources(warehouse, clocks, basis=counted, include_ended=include_ended)
    select = "SELECT * FROM metrics_in_effect($1) WHERE metric = 'revenue'"
    revenues = by_point(warehouse.query(select, [points(clocks)]), len(clocks))
    measured: dict[tuple[Any, ...], Circularity] = {}
    answers = [
        _answer(asked, sources[i], revenues[i], clocks=triple, measured=measured) for i, triple in enumerate(clocks)
    ]
    cited = cite(warehouse, clocks, [[*answer.rows, *answer.rings] for answer in answers])
    return [
        Result(
            "loops",
            triple,
            COLUMNS,
            answer.rows,
            {**answer.summary, "latest_announced_on": told.latest_announced_on},
            (*answer.notes, *told.notes),
            SUMMARY,
        )
        for triple, answer, told in zip(clocks, answers, cited, strict=True)
    ]


def _answer(
    asked: _Asked,
    sources: Sources,
    revenues: Rows,
    *,
    clocks: Clocks,
    measured: dict[tuple[Any, ...], Circularity],
) -> _Answer:
    graph = draw(sources, basis=asked.basis, currency=asked.currency, by_layer=asked.layers)
    edges = graph.edges()
    key = tuple(edges)
    if key not in measured:
        # Most days of a timeline change nothing.
        measured[key] = circularity(edges)
    figures = measured[key]
    financing = {}
    if not asked.layers:
        financing = financing_by_vendor(
            sources,
            revenues,
            basis=asked.basis,
            currency=graph.currency,
            as_of=clocks.as_of,
            revenue_basis=asked.revenue_basis,
        )
    rows = _rows(graph, figures, financing, sources.layers, of_layers=asked.layers)
    rows = [row for row in rows if asked.company in {None, row["company"]}]
    rings = list_rings(
        graph,
        length_max=asked.length_max,
        amount_min=asked.amount_min,
        company=asked.company,
        limit=asked.limit,
    )
    broken: Rows = []
    if asked.basis.name in {"binding", "expected"}:
        stated = draw(sources, basis=FlowBasis("headline"), currency=asked.currency, by_layer=asked.layers)
        broken = broken_rings(stated, graph, length_max=asked.length_max, company=asked.company)
    summary = {
        "currency": graph.currency,
        "basis": asked.basis.name,
        "window_years": asked.basis.window_years,
        "weights": dict(asked.basis.weights) or None,
        "by_layer": asked.layers,
        "companies": len({name for pair in graph.hops for name in pair}),
        "legs": len({flow.leg for flow in graph.flows()}),
        "round_trip": rows[0]["round_trip"] if asked.company is not None and rows else None,
        **figures.whole,
        **left_out(graph),
        "loop_length_max": asked.length_max,
        "loop_amount_min": asked.amount_min,
        "loop_count": rings.count,
        "loop_count_is_floor": rings.is_floor,
        "loops_broken_count": len(broken),
        "loops_broken": broken[: asked.limit],
        "loops": rings.listed,
    }
    lacking = {row["company"]: financing[row["company"]].lacking for row in rows if row["company"] in financing}
    return _Answer(rows, rings.listed, summary, loop_notes(graph, summary, lacking))


def _rows(
    graph: Graph,
    figures: Circularity,
    financing: Mapping[str, Financing],
    layers: Mapping[str, str],
    *,
    of_layers: bool,
) -> Rows:
    """Return a row for each company of the graph: its money, what can come back, and whom it finances."""
    open_legs: dict[str, set[str]] = {}
    positions: dict[str, set[int]] = {}
    for flow in graph.flows():
        for name in (flow.payer, flow.payee):
            open_legs.setdefault(name, set()).update({flow.leg} if flow.undisclosed else ())
            positions.setdefault(name, set()).update(flow.positions)
    rows = []
    for name, rests_on in positions.items():
        financed = financing.get(name)
        rows.append({
            "company": name,
            "layer": name if of_layers else layers.get(name),
            "currency": graph.currency,
            **figures.by_company[name],
            **(financed.figures if financed else NO_FINANCING),
            "undisclosed": len(open_legs[name]),
            "positions": sorted(rests_on | (financed.positions if financed else frozenset())),
        })  # fmt: skip
    return sorted(rows, key=_rank)


def _rank(row: dict[str, Any]) -> tuple[Any, ...]:
    """Put the largest round trip first, then the largest outlay; what is unknown last."""
    figures = (row["round_trip"], row["outlay"])
    return (*(-figure if figure is not None else Decimal(1) for figure in figures), row["company"])
