"""What happens to whom if something goes wrong: a scenario run over the ledger's claims, dues and promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.kinds import Form, Keyed, Listed
from projections.queries.asked import cite, resolve
from projections.queries.stress.book import Book, assume, open_book
from projections.queries.stress.methods import Spread, spread
from projections.queries.stress.net import Net, companies_of
from projections.queries.stress.rows import rows_of_losses, rows_of_spread, rows_undisclosed, unknowns
from projections.queries.stress.scenario import ASSUMED, Scenario, ScenarioError
from projections.queries.stress.shocks import CustomerFailsAfterTranches
from projections.queries.stress.strike import Struck, strike
from projections.result import Column, Result, plain
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SUMMARY", "stress"]

COLUMNS = (
    Column("company", "text"),
    Column("method", "text"),
    Column("loss", "money"),
    Column("currency", "text", optional=True),
    Column("equity", "money"),
    Column("loss_over_equity", "multiple"),
    Column("defaulted", "flag"),
    Column("round", "count"),
    Column("through", "text"),
    Column("undisclosed", "count", optional=True),
    Column("missing", "list", optional=True),
    Column("events", "list", optional=True),
)
_ADDED: Form = {"amount": "money", "undisclosed": "count"}
_TOTALS: Form = {
    "loss": "money",
    "loss_of_lenders_not_named": "money",
    "companies_with_a_loss": "count",
    "not_computable": "count",
    "new_defaults": "list",
}
_GIVEN: Form = {
    "issuer": "text",
    "holder": "text",
    "leg": "text",
    "tranches": "list",
    "shares_low": "shares",
    "shares_high": "shares",
    "share_price": "price",
    "cost_low": "money",
    "cost_high": "money",
    "capacity_gw_bought": "gw",
    "capacity_gw_lost": "gw",
}
SUMMARY: Form = {
    **dict.fromkeys(("scenario", "title", "basis", "currency"), "text"),
    "horizon_from": "date",
    "horizon_to": "date",
    "failed": "list",
    "methods": Keyed(_TOTALS),
    "loss_without_shocks": "money",
    "dues": {"within_horizon": "money", "undated": "money", "undisclosed": "count"},
    "orders_lost": _ADDED,
    "funding_lost": _ADDED,
    "shares_given": Listed(_GIVEN),
    "latest_announced_on": "date",
}


def stress(
    warehouse: Warehouse,
    clocks: Clocks,
    scenario: Scenario,
    *,
    draws: int | None = None,
    seed: int | None = None,
    step: Callable[[int], None] | None = None,
) -> Result:
    """Say who loses what in a scenario, by each of its methods; amounts in the scenario's currency.

    `draws` (else the scenario's own) settles its ranges that many times with `seed` and gives percentiles instead;
    without draws each range counts by its middle. `step` is told after each batch of draws how many it was. Raises
    NotFoundError for a company that the ledger does not know, ScenarioError for draws without a range, and for a figure
    that is given to one company twice, by two of its names.
    """
    count = draws if draws is not None else scenario.draws
    names = {name: resolve(warehouse, clocks, name) for name in _named(scenario)}
    _given_once("compute_share", list(scenario.parameters.compute_share), names)
    for metric in ASSUMED:
        _given_once(metric, [item.company for item in scenario.assumptions if item.metric == metric], names)
    middle = scenario.settled(lambda bounds: bounds.middle())
    book = open_book(warehouse, clocks, middle)
    if count is not None:
        from projections.queries.stress.draws import drawn

        return drawn(
            warehouse, book, scenario, names,
            draws=count, seed=scenario.seed if seed is None else seed, step=step or (lambda _done: None),
        )  # fmt: skip
    assume(book, middle, names)
    struck = strike(book, middle, names)
    net = Net(book, middle, Decimal, companies_of(book, struck, names))
    found = [spread(method, net, middle, struck, names) for method in middle.methods]
    rows = [row for each in found for row in rows_of_spread(each, net, struck)]
    rows += rows_undisclosed(found, net, struck) + rows_of_losses(book, struck)
    for row in rows:
        row["currency"] = middle.currency
    summary = _summary(book, middle, struck, found, net, names)
    (citation,) = cite(warehouse, [clocks], [rows])
    summary["latest_announced_on"] = citation.latest_announced_on
    notes = (*_ranges(scenario), *book.notes, *struck.notes, *unknowns(found, net, struck), *_terms(middle, summary))
    return Result("stress", clocks, COLUMNS, rows, summary, (*notes, *citation.notes), SUMMARY)


def _named(scenario: Scenario) -> list[str]:
    """List the companies that a scenario names, each once."""
    named = [assumption.company for assumption in scenario.assumptions]
    named += scenario.parameters.compute_share
    for shock in scenario.shocks:
        parties = ("issuer", "customer") if isinstance(shock, CustomerFailsAfterTranches) else ("company", "vendor")
        named += [name for party in parties if (name := getattr(shock, party, None)) is not None]
    return list(dict.fromkeys(named))


def _given_once(what: str, given: list[str], names: dict[str, str]) -> None:
    """Refuse two figures where the names are those of one company, so that none is dropped without a word."""
    first: dict[str, str] = {}
    for name in given:
        if names[name] in first:
            said = f"{what}: {first[names[name]]!r} and {name!r} are one company, {names[name]}"
            raise ScenarioError(said, advice="give one figure for it")
        first[names[name]] = name


def _summary(
    book: Book, scenario: Scenario, struck: Struck, found: list[Spread], net: Net, names: dict[str, str]
) -> dict[str, Any]:
    dues = [promise for promise in book.promises if promise.kind in {"purchase", "loan", "funding"}]
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "basis": scenario.basis,
        "currency": scenario.currency,
        "horizon_from": book.clocks.as_of,
        "horizon_to": book.end,
        "failed": sorted(struck.failed),
        "methods": {each.method: _totals(each, net, struck) for each in found},
        "loss_without_shocks": _unshocked(scenario, net, names),
        "dues": {
            "within_horizon": sum((promise.due for promise in dues), Decimal(0)),
            "undated": sum((promise.undated for promise in dues), Decimal(0)),
            "undisclosed": sum(promise.undisclosed for promise in dues),
        },
        "orders_lost": _added(struck, "orders"),
        "funding_lost": _added(struck, "funding"),
        "shares_given": [
            {
                "issuer": given.issuer,
                "holder": given.holder,
                "leg": given.leg_ref,
                "tranches": list(given.tranches),
                "shares_low": given.shares_low,
                "shares_high": given.shares_high,
                "share_price": given.price,
                "cost_low": given.cost(given.shares_low),
                "cost_high": given.cost(given.shares_high),
                "capacity_gw_bought": given.bought_gw,
                "capacity_gw_lost": given.lost_gw,
            }
            for given in struck.given
        ],
    }


def _totals(found: Spread, net: Net, struck: Struck) -> dict[str, Any]:
    """Add up a method's losses: of the companies named, and of lenders who are not."""
    known = [loss for loss in found.loss[:-1] if loss is not None]
    return {
        "loss": sum(known, Decimal(0)),
        "loss_of_lenders_not_named": found.loss[-1],
        "companies_with_a_loss": sum(loss > 0 for loss in known),
        "not_computable": sum(loss is None for loss in found.loss[:-1]),
        "new_defaults": [
            name for name, fell in zip(net.names, found.defaulted, strict=True) if fell and name not in struck.failed
        ],
    }


def _unshocked(scenario: Scenario, net: Net, names: dict[str, str]) -> Decimal | None:
    """Return what clearing the same dues without any shock would cost: what the scenario is not to blame for."""
    if "clearing" not in scenario.methods:
        return None
    calm = spread("clearing", net, replace(scenario, shocks=()), Struck(), names)
    return sum((loss for loss in calm.loss[:-1] if loss is not None), Decimal(0))


def _added(struck: Struck, what: str) -> dict[str, Any] | None:
    """Add up orders or funding lost; legs without an amount are counted."""
    mine = [loss for loss in struck.losses if loss.what == what]
    if not mine:
        return None
    known = [loss.amount for loss in mine if loss.amount is not None]
    return {"amount": sum(known, Decimal(0)) if known else None, "undisclosed": len(mine) - len(known)}


def _ranges(scenario: Scenario) -> tuple[str, ...]:
    count = len(scenario.ranges())
    if not count:
        return ()
    return (f"{count} range(s) of the scenario count by their middle; draws give percentiles.",)


def _terms(scenario: Scenario, summary: dict[str, Any]) -> tuple[str, ...]:
    """Say on what terms losses were reckoned, and what was left out of them."""
    terms, notes = scenario.parameters, []
    dues = summary["dues"]
    notes.append(
        f"Horizon {summary['horizon_from']} to {summary['horizon_to']}, {scenario.basis} amounts; of debts of companies "
        f"that fail later {terms.loss_given_default} is lost; {terms.drawdown} of undrawn loans is drawn before a failure."
    )
    free = ", ".join(sorted(terms.compute_share))
    if "clearing" in scenario.methods:
        notes.append(
            "Dues are paid from cash"
            + (f", and from the share of revenue that the scenario sets free for {free}" if free else "")
            + (", and from committed financing not yet drawn" if scenario.count_financing else "")
            + "; no other income is counted."
        )
    if dues["undated"]:
        notes.append(
            f"Undated amounts of {plain(dues['undated'])} {scenario.currency} are in no horizon; `undated_years` in the "
            "scenario spreads purchases over that many years."
        )
    elif scenario.undated_years:
        notes.append(
            f"Undated purchases are spread evenly over {scenario.undated_years} years because the scenario says so."
        )
    return tuple(notes)
