"""Short ways to write a small market of made-up companies, and to ask the read side about it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from projections.clocks import Clocks
from projections.queries.stress.scenario import parse_scenario
from projections.queries.stress.stress import stress
from projections.result import Result
from projections.warehouse import Warehouse
from tests.oracle.recording import recorded
from tests.projections.comparison import warehouse_of

__all__ = [
    "DAY",
    "Raw",
    "by_company",
    "company",
    "drawn",
    "guarantee",
    "investment",
    "loan",
    "market",
    "metric",
    "money",
    "on",
    "paid",
    "purchase",
    "run",
    "vector",
]

Raw = dict[str, Any]
DAY = "2025-01-01"
VECTORS = Path(__file__).parents[1] / "vectors" / "finance.jsonl"


def vector(name: str) -> Raw:
    """Return a worked case of finance."""
    cases = (json.loads(line) for line in VECTORS.read_text("utf-8").splitlines())
    return next(case for case in cases if case["id"] == name)


def money(value: object, currency: str = "USD", qualifier: str = "exactly") -> Raw:
    return {"value": str(value), "currency": currency, "qualifier": qualifier}


def company(slug: str, **more: object) -> Raw:
    body: Raw = {"type": "company_registered", "key": f"company/{slug}", "announced_on": "2024-01-01"}
    return body | {"company": slug, "name": slug, "layer": "cloud"} | more


def metric(slug: str, name: str, value: object, *, on: str | None = "2024-12-31", **more: object) -> Raw:
    body: Raw = {"type": "metric_reported", "key": f"metric/{slug}/{name}/{on}", "announced_on": DAY, "company": slug}
    return body | {"metric": name, "value": str(value), "unit": "USD", "basis": "gaap", "on": on} | more


def _leg(key: str, kind: str, more: Mapping[str, object]) -> Raw:
    return {"type": kind, "key": key, "announced_on": DAY, "deal": key, "leg": "leg", "status": "definitive"} | dict(
        more
    )


def purchase(key: str, buyer: str, supplier: str, amount: object, **more: object) -> Raw:
    """Agree a purchase; `due` gives shares of calendar years, as in {"2025": "0.5"}."""
    due = more.pop("due", None)
    if isinstance(due, dict):
        more["schedule"] = [
            {"from": f"{year}-01-01", "to": f"{int(year) + 1}-01-01", "share": share} for year, share in due.items()
        ]
    body = {"buyer": buyer, "supplier": supplier, "subject": "compute"}
    return _leg(key, "purchase_committed", body | {"amount": None if amount is None else money(amount)} | more)


def loan(key: str, borrower: str, lender: str | None, amount: object, **more: object) -> Raw:
    lenders = [] if lender is None else [{"company": lender, "amount": money(amount)}]
    body = {"borrower": borrower, "lenders": lenders, "amount": money(amount)}
    return _leg(key, "loan_arranged", body | more)


def investment(key: str, investor: str, investee: str, amount: object, **more: object) -> Raw:
    return _leg(
        key, "investment_committed", {"investor": investor, "investee": investee, "amount": money(amount)} | more
    )


def guarantee(key: str, guarantor: str, obligor: str, amount: object, **more: object) -> Raw:
    return _leg(key, "guarantee_given", {"guarantor": guarantor, "obligor": obligor, "amount": money(amount)} | more)


def drawn(key: str, amount: object) -> Raw:
    """Fund the investment, or draw the loan, of a deal."""
    body: Raw = {"type": "tranche_funded", "key": f"{key}/drawn", "announced_on": DAY, "deal": key, "leg": "leg"}
    return body | {"amount": money(amount)}


def paid(key: str, payer: str, payee: str, amount: object) -> Raw:
    body: Raw = {"type": "payment_made", "key": f"{key}/paid", "announced_on": DAY, "deal": key, "leg": "leg"}
    return body | {"payer": payer, "payee": payee, "amount": money(amount)}


def market(*raws: Raw, names: Iterable[str] = (), what_if: Sequence[Raw] = ()) -> Warehouse:
    """Record companies and events in the order given; `what_if` events are laid over them."""
    return warehouse_of(recorded([*(company(name) for name in names), *raws]), what_if)


def on(day: str = DAY) -> Clocks:
    return Clocks.on(dt.date.fromisoformat(day))


def run(warehouse: Warehouse, document: Raw, *, day: str = DAY, **more: Any) -> Result:  # noqa: ANN401 - options of stress
    """Ask a scenario; claims are worth their face unless the document says what capacity is let for."""
    terms = {"relet_price": "0"} | document.get("parameters", {})
    return stress(warehouse, on(day), parse_scenario({**document, "parameters": terms}), **more)


def by_company(result: Result, method: str, *columns: str) -> dict[str | None, Any]:
    """Map each company to its columns (one: bare) in the rows of a method."""
    rows = [row for row in result.rows if row["method"] == method]
    names = [row["company"] for row in rows]
    assert len(set(names)) == len(names), "a company came twice"
    return {
        row["company"]: row[columns[0]] if len(columns) == 1 else tuple(row[name] for name in columns) for row in rows
    }
