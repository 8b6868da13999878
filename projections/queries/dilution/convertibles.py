"""Shares that an issuer's convertible notes can be turned into: the if-converted method, for every one that is not repaid."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from projections.clocks import Clocks
from projections.kinds import Form, Listed
from projections.queries.asked import by_point
from projections.result import Row
from projections.warehouse import Warehouse

__all__ = ["CONVERSION", "conversion_over"]

_NOTE: Form = {
    "leg": "text",
    "status": "text",
    "currency": "text",
    "outstanding": "money",
    "conversion_price": "price",
    "shares": "shares",
}
CONVERSION: Form = {"convertibles": Listed(_NOTE), "convertible_shares": "shares"}
# Of the legs kept as `legs_at`: the live convertibles of an issuer, and the positions of the events behind them.
_SELECT = """
SELECT l.pt, l.deal || '/' || l.leg AS leg, l.status, l.currency, l.price_currency, l.headline, l.repaid,
    l.conversion_price, l.conversion_shares, k.positions
FROM legs_at AS l INNER JOIN evidence_at AS k USING (pt, deal, leg)
WHERE l.instrument = 'convertible' AND l.first_party = $1 AND NOT l.ended
ORDER BY l.pt, leg
"""


def conversion_over(warehouse: Warehouse, clocks: Sequence[Clocks], issuer: str) -> list[tuple[Row, frozenset[int]]]:
    """Return, at each point, what an issuer's convertibles come to in shares, and the log positions that it rests on.

    Reads `legs_at` and `evidence_at`. `convertible_shares` is None where a note does not say how many. Source of the method:
    ASC 260-10-45-40, IAS 33.49; interest is not added back here, since nothing is divided by these shares but ownership.
    """
    answers = []
    for rows in by_point(warehouse.query(_SELECT, [issuer]), len(clocks)):
        notes = [_note(row) for row in rows]
        counts = [note["shares"] for note in notes]
        told = None if None in counts else sum(count for count in counts if count is not None)
        positions = frozenset(position for row in rows for position in row["positions"])
        answers.append(({"convertibles": notes, "convertible_shares": told}, positions))
    return answers


def _note(row: Row) -> Row:
    left = None if row["headline"] is None else max(row["headline"] - row["repaid"], Decimal(0))
    return {
        "leg": row["leg"],
        "status": row["status"],
        "currency": row["currency"],
        "outstanding": left,
        "conversion_price": row["conversion_price"],
        "shares": _shares(row, left),
    }


def _shares(row: Row, left: Decimal | None) -> int | None:
    """Return the shares of what is left of a note: as told for all of it, else by the price; whole shares only."""
    if row["conversion_shares"] is not None and not row["repaid"]:
        told: int = row["conversion_shares"]
        return told
    if left is None:
        return None
    if row["conversion_shares"] is not None:
        return int((row["conversion_shares"] * left / row["headline"]).to_integral_value(ROUND_DOWN)) if left else 0
    price = row["conversion_price"]
    if not price or row["price_currency"] != row["currency"]:
        return None
    return int((left / price).to_integral_value(ROUND_DOWN))
