"""What warrants cost: shares in basic and diluted earnings, economic cost, fair value of a price hurdle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projections.kinds import Form, Listed
from projections.queries.asked import Rows, rounded
from projections.queries.conditions import Happened, tranche_holds

__all__ = ["VALUATION", "Prices", "valuation"]

_CONTINGENT: Form = {"leg": "text", "low": "shares", "high": "shares", "met": "list", "undecided": "list"}
_HURDLE: Form = {
    "leg": "text",
    "tranche": "text",
    "shares": "shares",
    "hurdle": "price",
    "years": "years",
    "value_per_share": "price",
    "value": "money",
}
VALUATION: Form = {
    "price": "price",
    "average_price": "price",
    "basic_shares": "shares",
    "penny_warrants_in_basic": "shares",
    "contingently_issuable": Listed(_CONTINGENT),
    "treasury_stock_shares": "shares",
    "economic_cost_vested": "money",
    "economic_cost_max": "money",
    "hurdle_fair_value": Listed(_HURDLE),
}
"""What `valuation` gives."""

# A price of a cent or less is a formality: such warrants count as shares once nothing stands in their way.
PENNY = Decimal("0.01")
_QUARTER_DAYS = 92
_DAYS_A_YEAR = Decimal("365.25")


@dataclass(frozen=True, slots=True)
class Prices:
    """The issuer's share prices in effect (rows with `day`, `price`, `currency`), and the user's own where given."""

    rows: Rows
    as_of: dt.date
    given_average: Decimal | None = None
    given_end: Decimal | None = None

    def end(self) -> Decimal | None:
        """Return the latest price on or before the as-of day."""
        if self.given_end is not None:
            return self.given_end
        latest = max(self.rows, key=lambda row: (row["day"], row["slot"]), default=None)
        return None if latest is None else latest["price"]

    def average(self) -> tuple[Decimal | None, int]:
        """Return the average of the prices seen in the quarter before the as-of day, and how many there were."""
        if self.given_average is not None:
            return self.given_average, 0
        since = self.as_of - dt.timedelta(days=_QUARTER_DAYS)
        seen = [row["price"] for row in self.rows if row["day"] > since]
        return (rounded(sum(seen, Decimal(0)) / len(seen)) if seen else None), len(seen)


def valuation(
    rows: Rows,
    *,
    happened: Happened,
    prices: Prices,
    outstanding: int | None,
    income: dict[str, Any] | None,
    volatility: Decimal | None,
    rate: Decimal | None,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Value an issuer's warrants; every figure that lacks an input is None, and a note says which.

    Shares are counts, prices in the issuer's share currency, `income` the latest net income in effect. Sources: ASC
    260-10-45 and IAS 33 for basic, treasury-stock and contingently issuable shares; ASC 718 for the hurdle fair value.
    """
    notes: list[str] = []
    end, (average, seen) = prices.end(), prices.average()
    penny = _penny_shares(rows, happened)
    loss = None if income is None else income["value"] < 0
    summary: dict[str, Any] = {
        "price": end,
        "average_price": average,
        "basic_shares": None if outstanding is None else outstanding + penny,
        "penny_warrants_in_basic": penny,
        "contingently_issuable": _contingent(rows, happened, end),
        "treasury_stock_shares": _treasury(rows, average, loss=loss),
        "economic_cost_vested": _cost([row["shares_vested"] for row in rows], end),
        "economic_cost_max": _cost([row["shares_max"] for row in rows], end),
        "hurdle_fair_value": None,
    }
    if rows and end is None:
        notes.append("Economic cost is not computable: needs a share price at these clocks (or --end-price).")
    if rows and average is None:
        notes.append("Treasury-stock shares are not computable: need a period average price (or --average-price).")
    elif rows and seen:
        notes.append(f"Average price: mean of the {seen} prices in effect of the last {_QUARTER_DAYS} days; "
                     "--average-price replaces it.")  # fmt: skip
    if loss:
        notes.append(f"Treasury-stock shares are 0 in a loss period ({income['key'] if income else ''}).")
    hurdles = list(_hurdles(rows, prices.as_of))
    if hurdles and (volatility is None or rate is None or end is None):
        notes.append("Hurdle fair value is not computable: needs --volatility and --rate (and a share price).")
    elif hurdles and volatility is not None and rate is not None and end is not None:
        summary["hurdle_fair_value"] = [_fair_value(hurdle, end, volatility, rate) for hurdle in hurdles]
    return summary, tuple(notes)


def _penny_shares(rows: Rows, happened: Happened) -> int:
    """Count shares of penny warrants whose conditions are all met (of known size), less what was exercised."""
    total = 0
    for row in rows:
        if row["exercise_price"] is not None and row["exercise_price"] <= PENNY:
            met = sum(
                tranche["shares"] or 0
                for tranche in row["tranches"] or ()
                if tranche_holds(row, tranche, happened) or tranche["tranche"] in row["vested_by_tranche"]
            )
            total += max(met - row["shares_exercised"], 0)
    return total


def _contingent(rows: Rows, happened: Happened, end: Decimal | None) -> list[dict[str, Any]]:
    from projections.measures import contingently_issuable

    bounds = []
    for row in rows:
        if not row["tranches"]:
            continue
        tranches = [
            {**tranche, "conditions": [_judged(row["deal"], c, happened) for c in tranche["conditions"] or ()]}
            for tranche in row["tranches"]
        ]
        shares = contingently_issuable(
            tranches,
            happened.delivered_gw(row["deal"], None),
            end,
            purchases=happened.purchased(row["deal"], None, None),
            as_of=happened.as_of,
            shares_max=row["shares_max"],
        )
        names = [tranche["tranche"] for tranche in row["tranches"]]
        bounds.append(
            {
                "leg": f"{row['deal']}/{row['leg']}",
                "low": shares.low,
                "high": shares.high,
                "met": [names[number] for number in shares.met],
                "undecided": [names[number] for number in shares.undecided],
            }
        )
    return bounds


def _judged(deal: str, condition: dict[str, Any], happened: Happened) -> dict[str, Any]:
    """Settle what the formula cannot see: a signed agreement, and counts on a leg of another deal."""
    if condition["kind"] == "definitive_agreement" or condition["leg"]:
        day = "1970-01-01" if happened.holds(deal, condition) else "9999-12-31"
        return {"kind": "date", "threshold": day}
    return condition


def _treasury(rows: Rows, average: Decimal | None, *, loss: bool | None) -> Decimal | None:
    from projections.measures import treasury_stock_shares

    if loss:
        return Decimal(0)
    if average is None:
        return None
    vested = [(row["shares_vested"], row["exercise_price"]) for row in rows]
    if any(count is None or price is None for count, price in vested):
        return None
    parts = [treasury_stock_shares(Decimal(count), price, average) for count, price in vested]
    return rounded(sum((part for part in parts if part is not None), Decimal(0)))


def _cost(counts: list[int | None], price: Decimal | None) -> Decimal | None:
    """Multiply shares by a price; None where any count or the price is unknown."""
    if price is None or None in counts:
        return None
    return sum((Decimal(count) for count in counts if count is not None), Decimal(0)) * price


def _hurdles(rows: Rows, as_of: dt.date) -> Iterator[dict[str, Any]]:
    """List the tranches of penny warrants that vest at a stated share price before a stated expiry."""
    for row in rows:
        if row["expires_on"] is None or row["exercise_price"] is None or row["exercise_price"] > PENNY:
            continue
        for tranche in row["tranches"] or ():
            levels = [
                Decimal(c["threshold"])
                for c in tranche["conditions"] or ()
                if c["kind"] == "share_price" and c["threshold"] is not None
            ]
            if levels:
                yield {
                    "leg": f"{row['deal']}/{row['leg']}",
                    "tranche": tranche["tranche"],
                    "shares": tranche["shares"],
                    "hurdle": max(levels),
                    "years": Decimal((row["expires_on"] - as_of).days) / _DAYS_A_YEAR,
                }


def _fair_value(hurdle: dict[str, Any], spot: Decimal, volatility: Decimal, rate: Decimal) -> dict[str, Any]:
    from projections.measures import hurdle_warrant_value

    value = hurdle_warrant_value(spot, hurdle["hurdle"], rate, volatility, hurdle["years"])
    each = rounded(Decimal(str(value)))
    shares = hurdle["shares"]
    return {
        **hurdle,
        "years": rounded(hurdle["years"]),
        "value_per_share": each,
        "value": None if shares is None or each is None else rounded(each * shares),
    }
