"""On whom a company's money depends: customers' shares as one matrix, on one stated basis."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from events.errors import BadValueError
from projections.queries.asked import Rows, rests_on
from projections.queries.wording import are

__all__ = ["BASES", "Dependency", "from_commitments", "from_customer_shares"]

BASES = ("revenue", "rpo", "backlog", "any")
_BALANCES = ("rpo", "backlog")
_FRACTION = "fraction"
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Dependency:
    """Shares by supplier and customer, each with the log positions it rests on, and what was left out, as notes.

    `shares[supplier][customer]` is the part of the supplier's revenue, RPO, backlog or commitments that comes from the
    customer; a supplier's shares are of one period (`told` says which) and add up to at most 1.
    """

    shares: dict[str, dict[str, Decimal]]
    positions: dict[tuple[str, str], frozenset[int]]
    told: dict[str, str]
    notes: tuple[str, ...]


def from_customer_shares(metrics: Rows, as_of: dt.date, basis: str) -> Dependency:
    """Read the `customer_share` metrics in effect on a basis; `metrics` hold RPO and backlog reports too.

    A share of a period is one of revenue; a share of a day is one of the balance that the company told for that day,
    RPO or backlog. Of each company the newest period or day counts, with all shares told of it; `any` takes the newest
    whatever it is of. Raises BadValueError for an unknown basis.
    """
    if basis not in BASES:
        raise BadValueError(f"basis {basis!r} is not one of {', '.join(BASES)}")
    balances = {(row["company"], row["metric"], row["period_from"]) for row in metrics if row["metric"] in _BALANCES}
    notes: list[str] = []
    by_supplier: defaultdict[str, Rows] = defaultdict(list)
    for row in metrics:
        told_share = row["metric"] == "customer_share" and row["counterparty"] is not None and row["unit"] == _FRACTION
        if not told_share or row["basis"] == "guidance":
            continue
        of = _is_of(row, balances)
        if row["period_from"] <= as_of and (basis in of or (basis == "any" and of)):
            by_supplier[row["company"]].append({**row, "of": of})
        elif not of:
            notes.append(f"{row['key']} is left out: {row['company']} told neither an RPO nor a backlog for that day.")
    shares: dict[str, dict[str, Decimal]] = {}
    positions: dict[tuple[str, str], frozenset[int]] = {}
    told: dict[str, str] = {}
    for supplier, rows in sorted(by_supplier.items()):
        newest = max((row["ends_on"], row["period_from"]) for row in rows)
        chosen = _latest_of_each([row for row in rows if (row["ends_on"], row["period_from"]) == newest])
        if sum((row["value"] for row in chosen), Decimal(0)) > _ONE:
            notes.append(f"The customer shares of {supplier} add up to more than 1 and are left out.")
            continue
        shares[supplier] = {row["counterparty"]: row["value"] for row in chosen}
        told[supplier] = _of_what(chosen[0])
        for row in chosen:
            positions[supplier, row["counterparty"]] = frozenset(rests_on([row]))
    return Dependency(shares, positions, told, tuple(dict.fromkeys(notes)))


def from_commitments(rows: Rows, currency: str | None) -> Dependency:
    """Take each buyer's part of the headline commitments that its supplier has, in one currency.

    `rows` are live purchases with `buyer`, `supplier`, `currency`, `headline`, `positions`. Amounts that are undisclosed
    or in another currency are left out: a supplier's parts are those of what is told.
    """
    bought: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    positions: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    hidden = 0
    for row in rows:
        if row["headline"] is None or row["currency"] != currency:
            hidden += 1
        elif row["headline"] > 0 and row["buyer"] != row["supplier"]:
            bought[row["supplier"]][row["buyer"]] += row["headline"]
            positions[row["supplier"], row["buyer"]] |= set(row["positions"])
    shares: dict[str, dict[str, Decimal]] = {}
    for supplier, amounts in sorted(bought.items()):
        whole = sum(amounts.values(), Decimal(0))
        shares[supplier] = {buyer: amount / whole for buyer, amount in sorted(amounts.items())}
    notes = []
    if hidden:
        notes.append(
            f"{are(hidden, 'purchase')} undisclosed or not in {currency}; shares of commitments are shares of what is told."
        )
    return Dependency(
        shares,
        {pair: frozenset(held) for pair, held in positions.items()},
        dict.fromkeys(shares, f"headline commitments in {currency}"),
        tuple(notes),
    )


def _is_of(row: Mapping[str, Any], balances: Iterable[tuple[str, str, dt.date]]) -> frozenset[str]:
    if row["period_to"] is not None:
        return frozenset({"revenue"})
    return frozenset(name for name in _BALANCES if (row["company"], name, row["period_from"]) in balances)


def _latest_of_each(rows: Rows) -> Rows:
    """Keep the latest report of each customer: two bases of one share are one share."""
    best: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["okey"]):
        best[row["counterparty"]] = row
    return [best[name] for name in sorted(best)]


def _of_what(row: Mapping[str, Any]) -> str:
    if row["period_to"] is not None:
        return f"revenue from {row['period_from']} to {row['period_to']}"
    return f"{' or '.join(sorted(row['of']))} on {row['period_from']}"
