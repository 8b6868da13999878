"""Stress scenarios as data: what is supposed to go wrong, at which terms, and what is assumed where the ledger is silent.

A scenario is a mapping (from JSON, from YAML by the command line, or from Python), described in docs/scenarios.md.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from events.errors import not_found
from events.statuses import BINDING, UNSIGNED
from projections.queries.asked import USUAL_CURRENCY
from projections.queries.fields import Fields, Quantity, Range, ScenarioError
from projections.queries.stress.shocks import Shock, read_shocks

__all__ = [
    "ASSUMED",
    "METHODS",
    "Assumption",
    "Parameters",
    "Scenario",
    "ScenarioError",
    "parse_scenario",
    "read_json",
    "shipped",
    "shipped_scenario",
]

METHODS = ("clearing", "debtrank-2012", "debtrank-differential", "furfine")
ASSUMED = ("equity", "cash", "revenue")
DRAWS_MAX = 1_000_000
SEED_MAX = 2**63 - 1
YEARS_MAX = 100
# On headline amounts a leg counts from some rung below signing, or from signing itself.
_COUNTED_FROM = (*UNSIGNED, BINDING[0])


@dataclass(frozen=True, slots=True)
class Parameters:
    """The terms on which losses are reckoned; fractions unless said otherwise, each a number or a range.

    `alpha` and `beta` are what a company that defaults realises of its own means and of its receipts;
    `loss_given_default` what is lost of debts of companies that fail later; `relet_price` what capacity fetches when it
    is let again, over the contract price; `termination_charge` over what is left of the contract; `drawdown` the part of
    undrawn loans drawn before a failure (Basel III, CRE20: 40 %); `compute_share` by company the part of its revenue
    that may go to its dues; `share_price` in the scenario's currency, where the ledger has none.
    """

    alpha: Quantity = Decimal(1)
    beta: Quantity = Decimal(1)
    loss_given_default: Quantity = Decimal(1)
    relet_price: Quantity | None = None
    termination_charge: Quantity = Decimal(0)
    drawdown: Quantity = Decimal("0.4")
    share_price: Quantity | None = None
    compute_share: Mapping[str, Quantity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assumption:
    """A figure of a company that the ledger lacks, with the reason for it; `overrides` puts it before the ledger's own."""

    company: str
    metric: str
    value: Quantity
    reason: str
    overrides: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is supposed to happen and how it is measured.

    `horizon` is in whole years (int) or days (timedelta); `undated_years` spreads undated purchases evenly, on request
    only; `basis` says whether binding or headline amounts are owed; `count_financing` whether committed financing not
    yet drawn may be used to pay.
    """

    name: str
    title: str
    shocks: tuple[Shock, ...]
    about: str = ""
    basis: str = "binding"
    least_status: str = "rumoured"
    currency: str = USUAL_CURRENCY
    horizon: int | dt.timedelta = 1
    undated_years: int | None = None
    count_financing: bool = False
    methods: tuple[str, ...] = METHODS
    parameters: Parameters = field(default_factory=Parameters)
    assumptions: tuple[Assumption, ...] = ()
    draws: int | None = None
    seed: int = 0

    def horizon_end(self, start: dt.date) -> dt.date:
        """Return the last day of the horizon that begins after `start`."""
        if isinstance(self.horizon, dt.timedelta):
            return start + self.horizon
        from projections.measures.schedule import anniversary

        return anniversary(start, self.horizon)

    def horizon_years(self) -> Decimal:
        """Return the horizon's length in years, a year of days being 365."""
        days = self.horizon.days if isinstance(self.horizon, dt.timedelta) else self.horizon * 365
        return Decimal(days) / 365

    def ranges(self) -> list[Range]:
        """List the ranges that a draw has to settle, in the order in which `settled` asks for them."""
        found: list[Range] = []

        def keep(bounds: Range) -> Decimal:
            found.append(bounds)
            return bounds.middle()

        self.settled(keep)
        return found

    def settled(self, pick: Callable[[Range], Decimal]) -> Scenario:
        """Return the scenario with a number in place of each range."""
        settled: Scenario = _settled(self, pick)
        return settled


def _settled(value: Any, pick: Callable[[Range], Decimal]) -> Any:  # noqa: ANN401 - walks fields of every type
    if isinstance(value, Range):
        return pick(value)
    if isinstance(value, tuple):
        return tuple(_settled(item, pick) for item in value)
    if isinstance(value, Mapping):
        return {name: _settled(item, pick) for name, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [entry.name for entry in dataclasses.fields(value)]
        return type(value)(**{name: _settled(getattr(value, name), pick) for name in names})
    return value


def parse_scenario(document: Any, *, name: str = "scenario") -> Scenario:  # noqa: ANN401 - whatever a file held
    """Read a scenario from a mapping. Raises ScenarioError with every field that is wrong, not just the first."""
    fields = Fields(document, where="")
    scenario = Scenario(
        name=fields.text("scenario", default=name),
        title=fields.text("title", default=name),
        about=fields.text("about", default=""),
        basis=fields.choice("basis", ("binding", "headline"), default="binding"),
        least_status=fields.choice("least_status", _COUNTED_FROM, default=_COUNTED_FROM[0]),
        currency=fields.text("currency", default=USUAL_CURRENCY),
        horizon=_horizon(fields),
        undated_years=fields.whole("undated_years", least=1, most=YEARS_MAX),
        count_financing=fields.flag("count_financing"),
        methods=fields.choices("methods", METHODS, default=METHODS),
        parameters=_parameters(fields.within("parameters")),
        assumptions=tuple(_assumption(each) for each in fields.each("assumptions")),
        shocks=read_shocks(fields),
        draws=fields.whole("draws", least=1, most=DRAWS_MAX),
        seed=fields.whole("seed", least=0, most=SEED_MAX) or 0,
    )
    fields.finish()
    return scenario


def _horizon(fields: Fields) -> int | dt.timedelta:
    days = fields.whole("horizon_days", least=1, most=36_500)
    years = fields.whole("horizon_years", least=1, most=YEARS_MAX)
    if days is not None and years is not None:
        fields.complain("horizon_days", "give the horizon in days or in years, not in both")
    return dt.timedelta(days=days) if days is not None else years or 1


def _parameters(fields: Fields) -> Parameters:
    usual = Parameters()
    one = Decimal(1)
    return Parameters(
        alpha=fields.given("alpha", usual.alpha, most=one),
        beta=fields.given("beta", usual.beta, most=one),
        loss_given_default=fields.given("loss_given_default", usual.loss_given_default, most=one),
        relet_price=fields.number("relet_price"),
        termination_charge=fields.given("termination_charge", usual.termination_charge),
        drawdown=fields.given("drawdown", usual.drawdown, most=one),
        share_price=fields.number("share_price", kind="price"),
        compute_share=fields.numbers("compute_share", most=one),
    )


def _assumption(fields: Fields) -> Assumption:
    return Assumption(
        company=fields.text("company"),
        metric=fields.choice("metric", ASSUMED),
        value=fields.required("value", least=None, kind="figure"),
        reason=fields.text("reason"),
        overrides=fields.flag("overrides"),
    )


def read_json(text: str | bytes, *, name: str = "scenario") -> Scenario:
    """Read a scenario from JSON, numbers exactly as they are written. Raises ScenarioError."""
    import json

    try:
        document = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise ScenarioError(f"{name}: not JSON: {error}", advice="see docs/scenarios.md for the form") from None
    return parse_scenario(document, name=name)


def _files() -> Iterator[tuple[str, Any]]:
    from importlib import resources

    folder = resources.files("projections") / "scenarios"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".json"):
            yield entry.name.removesuffix(".json"), entry


def shipped() -> dict[str, str]:
    """Map the name of each scenario that comes with the product to its title."""
    return {name: read_json(entry.read_bytes(), name=name).title for name, entry in _files()}


def shipped_scenario(name: str) -> Scenario:
    """Return a scenario that comes with the product. Raises NotFoundError with the nearest name."""
    known = dict(_files())
    if name not in known:
        otherwise = f"scenarios: {', '.join(known)}; or give a file (docs/scenarios.md)"
        raise not_found("no scenario is called", name, known, otherwise=otherwise)
    return read_json(known[name].read_bytes(), name=name)
