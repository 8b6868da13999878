"""Short ways to write the events of a money-flow graph; amounts are billions of dollars, every leg is a deal of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.warehouse import Warehouse
from tests.oracle.recording import recorded
from tests.projections.case_parts import Raw, company, usd
from tests.projections.comparison import warehouse_of

__all__ = [
    "DAY",
    "LATER",
    "amount",
    "billions",
    "buys",
    "changed",
    "figures",
    "funded",
    "guarantees",
    "invests",
    "lends",
    "metric",
    "opened",
    "paid",
    "row_of",
    "triangle",
]

DAY = "2025-10-14"
LATER = Clocks.on(dt.date(2026, 6, 1))


def amount(figure: str | Raw | None) -> Raw | None:
    """Write an amount in billions of dollars; a mapping is an amount already, None undisclosed."""
    return usd(figure) if isinstance(figure, str) else figure


def _leg(kind: str, deal: str, figure: str | Raw | None, fields: Raw) -> Raw:
    body: Raw = {"type": kind, "key": f"{deal}/l/{DAY}", "announced_on": DAY, "deal": deal, "leg": "l"}
    return body | {"status": "definitive", "amount": amount(figure)} | fields


def buys(buyer: str, supplier: str, figure: str | Raw | None, deal: str | None = None, **fields: Any) -> Raw:  # noqa: ANN401 - fields of an event
    parties = {"buyer": buyer, "supplier": supplier, "subject": "compute"}
    return _leg("purchase_committed", deal or f"{buyer}-{supplier}-buys", figure, parties | fields)


def invests(investor: str, investee: str, figure: str | Raw | None, deal: str | None = None, **fields: Any) -> Raw:  # noqa: ANN401 - as above
    parties = {"investor": investor, "investee": investee, "security": "common"}
    return _leg("investment_committed", deal or f"{investor}-{investee}-invests", figure, parties | fields)


def lends(lenders: Iterable[tuple[str, str | None]], borrower: str, figure: str | None, **fields: Any) -> Raw:  # noqa: ANN401 - as above
    listed = [{"company": name} | ({"amount": amount(part)} if part else {}) for name, part in lenders]
    deal = fields.pop("deal", f"{borrower}-borrows")
    return _leg("loan_arranged", deal, figure, {"borrower": borrower, "lenders": listed, "relies_on": []} | fields)


def guarantees(guarantor: str, obligor: str, figure: str | None, **fields: Any) -> Raw:  # noqa: ANN401 - as above
    deal = fields.pop("deal", f"{guarantor}-{obligor}-guarantees")
    return _leg("guarantee_given", deal, figure, {"guarantor": guarantor, "obligor": obligor} | fields)


def paid(deal: str, figure: str | None, day: str = DAY, **fields: Any) -> Raw:  # noqa: ANN401 - as above
    payer, payee, _ = deal.split("-")
    body: Raw = {"type": "payment_made", "payer": payer, "payee": payee, **_happened(deal, "paid", day)}
    return body | ({} if figure is None else {"amount": amount(figure)}) | fields


def funded(deal: str, figure: str | None, day: str = DAY, **fields: Any) -> Raw:  # noqa: ANN401 - as above
    body: Raw = {"type": "tranche_funded", **_happened(deal, "funded", day)}
    return body | ({} if figure is None else {"amount": amount(figure)}) | fields


def _happened(deal: str, what: str, day: str) -> Raw:
    return {"key": f"{deal}/{what}/{day}", "announced_on": day, "deal": deal, "leg": "l"}


def changed(deal: str, status: str, day: str, **fields: Any) -> Raw:  # noqa: ANN401 - as above
    body: Raw = {"type": "status_changed", "key": f"{deal}/{status}/{day}", "announced_on": day, "deal": deal}
    return body | {"leg": "l", "status": status, "reason": "as told"} | fields


def metric(name: str, of: str, value: str, **fields: Any) -> Raw:  # noqa: ANN401 - as above
    period: Raw = {} if "on" in fields or "period_from" in fields else {"on": DAY}
    body: Raw = {"type": "metric_reported", "announced_on": DAY, "company": of, "metric": name, "value": value}
    body |= {"key": f"metric/{of}/{name}/{value}/{len(fields)}{fields.get('counterparty', '')}", "unit": "USD"}
    return body | {"basis": "gaap"} | period | fields


ROLES = (
    *("buyer", "supplier", "investor", "investee", "borrower", "guarantor", "obligor", "beneficiary"),
    *("company", "counterparty", "placeholder"),
)
LAYERS = {"nvidia": "chips", "oracle": "cloud", "openai": "model", "amd": "chips", "coreweave": "cloud"}


@contextmanager
def opened(*events: Raw, hypothetical: Iterable[Raw] = ()) -> Iterator[Warehouse]:
    """Open the projection of some events, with every company that they name registered first."""
    named = {event[role] for event in (*events, *hypothetical) for role in ROLES if event.get(role)}
    named |= {lender["company"] for event in events for lender in event.get("lenders", ())}
    named -= {event["company"] for event in events if event["type"] == "company_registered"}
    registered = [company(name, LAYERS.get(name, "other")) for name in sorted(named)]
    with warehouse_of(recorded([*registered, *events]), list(hypothetical)) as warehouse:
        yield warehouse


def row_of(rows: Iterable[Raw], name: str, key: str = "company") -> Raw:
    """Return the one row of a company."""
    (found,) = (row for row in rows if row[key] == name)
    return found


def billions(value: Decimal | None) -> Decimal | None:
    """Read an amount in billions."""
    return None if value is None else value.scaleb(-9).normalize() + 0


def figures(row: Raw, *names: str) -> dict[str, Decimal | None]:
    """Read some amounts of a row in billions."""
    return {name: billions(row[name]) for name in names}


def triangle(equity: str = "100", **fields: Any) -> tuple[Raw, Raw, Raw]:  # noqa: ANN401 - fields of the investment
    """Write the seed: Nvidia invests in OpenAI, which buys from Oracle, which buys from Nvidia."""
    return (
        invests("nvidia", "openai", equity, **fields),
        buys("openai", "oracle", "300"),
        buys("oracle", "nvidia", "40"),
    )
