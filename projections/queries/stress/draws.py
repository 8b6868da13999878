"""A scenario drawn many times: each range settled at random by a seed, and what each company loses as percentiles."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from projections.kinds import Form, Keyed, Listed
from projections.queries.asked import Rows, cite, ratio, rounded
from projections.queries.fields import Range, ScenarioError
from projections.queries.stress.book import Book, assume
from projections.queries.stress.methods import Spread, spread
from projections.queries.stress.net import Net, companies_of
from projections.queries.stress.rows import Trail, unknowns
from projections.queries.stress.scenario import Scenario
from projections.queries.stress.strike import Struck, strike
from projections.result import Column, Result
from projections.warehouse import Warehouse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["COLUMNS", "PERCENTILES", "SUMMARY", "drawn"]

PERCENTILES = (5, 25, 50, 75, 95)
COLUMNS = (
    Column("company", "text"),
    Column("method", "text"),
    Column("loss_mean", "money"),
    *(Column(f"loss_p{percent:02}", "money", optional=percent in {25, 75}) for percent in PERCENTILES),
    Column("default_share", "share"),
    Column("currency", "text", optional=True),
    Column("equity", "money", optional=True),
    Column("through", "text", optional=True),
    Column("undisclosed", "count", optional=True),
    Column("missing", "list", optional=True),
    Column("events", "list", optional=True),
)
SUMMARY: Form = {
    **dict.fromkeys(("scenario", "title", "basis", "currency"), "text"),
    "horizon_from": "date",
    "horizon_to": "date",
    "draws": "count",
    "seed": "count",
    "ranges": Listed(Listed("number")),
    "failed": "list",
    "methods": Keyed(Keyed("money")),
    "latest_announced_on": "date",
}
# The last digits of a double are the solver's noise.
_PLACES = Decimal("0.000001")
_BATCH = 100


def drawn(
    warehouse: Warehouse,
    book: Book,
    scenario: Scenario,
    names: dict[str, str],
    *,
    draws: int,
    seed: int,
    step: Callable[[int], None],
) -> Result:
    """Run a scenario `draws` times in floating point; the same seed gives the same draws on every machine.

    Draw by draw, each range in the order of the scenario's fields takes the next number of a Mersenne twister. Percentiles
    interpolate between neighbouring draws. Raises ScenarioError if there is no range to draw from.
    """
    ranges = scenario.ranges()
    if not ranges:
        raise ScenarioError(
            f"{scenario.name}: nothing to draw from: no parameter is a range",
            advice='give one as [low, high], such as "recovery": ["0.2", "0.6"], or leave out the draws',
        )
    middle = scenario.settled(Range.middle)
    plain_book = replace(book, figures=dict(book.figures), notes=[])
    assume(book, middle, names)
    struck = strike(book, middle, names)
    net = Net(book, middle, float, companies_of(book, struck, names))
    typical = [spread(method, net, middle, struck, names) for method in middle.methods]
    found = _draw(net, plain_book, scenario, names, draws=draws, seed=seed, step=step)
    rows = [row for each, sample in zip(typical, found, strict=True) for row in _rows(each, net, struck, sample)]
    for row in rows:
        row["currency"] = scenario.currency
    summary = {
        "scenario": scenario.name,
        "title": scenario.title,
        "basis": scenario.basis,
        "currency": scenario.currency,
        "horizon_from": book.clocks.as_of,
        "horizon_to": book.end,
        "draws": draws,
        "seed": seed,
        "ranges": [[bounds.low, bounds.high] for bounds in ranges],
        "failed": sorted(struck.failed),
        "methods": {
            each.method: _percentiles(net.np.nansum(sample.losses[:, :-1], axis=1), net)
            for each, sample in zip(typical, found, strict=True)
        },
    }
    (citation,) = cite(warehouse, [book.clocks], [rows])
    summary["latest_announced_on"] = citation.latest_announced_on
    told = f"{draws} draws, seed {seed}: each of {len(ranges)} ranges is drawn evenly and apart from the others."
    notes = (told, *book.notes, *struck.notes, *unknowns(typical, net, struck), *citation.notes)
    return Result("stress", book.clocks, COLUMNS, rows, summary, notes, SUMMARY)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What one method found: a row for each draw, a column for each of the net's names; nan where it cannot be told."""

    losses: Array
    defaults: Array


def _draw(
    net: Net,
    book: Book,
    scenario: Scenario,
    names: dict[str, str],
    *,
    draws: int,
    seed: int,
    step: Callable[[int], None],
) -> list[_Drawn]:
    """Run every method on every draw; `book` is the ledger's own, before the scenario's assumptions."""
    assumes_ranges = any(isinstance(item.value, Range) for item in scenario.assumptions)
    rng = random.Random(seed)  # noqa: S311 - a simulation that must be repeatable, not a secret
    losses: list[list[list[float]]] = [[] for _ in scenario.methods]
    defaults: list[list[list[float]]] = [[] for _ in scenario.methods]
    for number in range(1, draws + 1):
        one = scenario.settled(lambda bounds: bounds.at(rng.random()))
        here = net
        if assumes_ranges:
            there = replace(book, figures=dict(book.figures), notes=[])
            assume(there, one, names)
            here = net.on(there)
        struck = strike(here.book, one, names)
        for place, method in enumerate(one.methods):
            found = spread(method, here, one, struck, names)
            losses[place].append([_float(loss) for loss in found.loss])
            defaults[place].append([_float(fell) for fell in found.defaulted])
        if number % _BATCH == 0 or number == draws:
            step((number - 1) % _BATCH + 1)
    array = net.np.array
    return [_Drawn(array(lost), array(fell)) for lost, fell in zip(losses, defaults, strict=True)]


def _float(value: Any) -> float:  # noqa: ANN401 - a loss, a flag or nothing
    return float("nan") if value is None else float(value)


def _percentiles(values: Array, net: Net) -> dict[str, Decimal | None]:
    """Return the mean and the percentiles of a column of draws; all None where some draw could not be told."""
    names = ("loss_mean", *(f"loss_p{percent:02}" for percent in PERCENTILES))
    if net.np.isnan(values).any():
        return dict.fromkeys(names)
    found = [values.mean(), *net.np.percentile(values, PERCENTILES)]
    return {name: _money(value) for name, value in zip(names, found, strict=True)}


def _money(value: float) -> Decimal | None:
    return rounded(Decimal(repr(float(value))).quantize(_PLACES))


def _rows(found: Spread, net: Net, struck: Struck, sample: _Drawn) -> Rows:
    """Return a row for each company that loses in some draw, or of which it cannot be told; the highest mean first."""
    trail = Trail(net, struck)
    rows: Rows = []
    for place, name in enumerate(net.names):
        hidden, column = trail.undisclosed(found, place), sample.losses[:, place]
        fell = sample.defaults[:, place]
        if not (name in struck.failed or (column > 0).any() or (fell > 0).any() or hidden):
            continue
        figures = _percentiles(column, net)
        if hidden and not (column > 0).any():
            figures = dict.fromkeys(figures)
        path, equity = trail.path(found, place), net.equity[place]
        rows.append(
            {
                "company": name,
                "method": found.method,
                **figures,
                "default_share": None if net.np.isnan(fell).any() else ratio(int(fell.sum()), len(fell)),
                "equity": None if equity is None else equity.value,
                "through": trail.words(path),
                "undisclosed": len(hidden),
                "missing": sorted(found.missing[place]),
                "positions": trail.positions(found, place),
            }
        )
    rows.sort(key=lambda row: (row["loss_mean"] is None, -(row["loss_mean"] or 0), row["company"] or ""))
    return rows
