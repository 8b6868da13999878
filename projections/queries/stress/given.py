"""The case of warrants for orders: what an issuer has given by the k-th tranche, and what orders it then loses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projections.queries.asked import Rows, rests_on
from projections.queries.fields import number
from projections.queries.stress.book import Book
from projections.queries.stress.scenario import Scenario

__all__ = ["Given", "give_and_lose"]

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Given:
    """Shares that vested before the customer failed: exact where low and high agree, else bounds.

    `bought_gw` is what the vested tranches required to be bought, `lost_gw` what of the order then does not come (None:
    not disclosed). Prices a share in the scenario's currency.
    """

    issuer: str
    holder: str
    leg_ref: str
    tranches: tuple[str, ...]
    shares_low: int
    shares_high: int
    price: Decimal | None
    exercise_price: Decimal | None
    bought_gw: Decimal | None
    lost_gw: Decimal | None
    positions: tuple[int, ...]

    def cost(self, shares: int) -> Decimal | None:
        """Return what so many shares cost the issuer's owners: (price − exercise price) x shares, at least 0."""
        if self.price is None or self.exercise_price is None:
            return ZERO if shares == 0 else None
        return max(ZERO, self.price - self.exercise_price) * shares


def give_and_lose(
    book: Book, scenario: Scenario, *, issuer: str, customer: str, count: int
) -> tuple[list[Given], list[tuple[Decimal | None, tuple[str, ...]]]]:
    """Return the warrants with their first `count` tranches vested, and the orders lost on each purchase of the deals.

    Orders are lost pro rata by the gigawatts not yet bought where the terms tell both, else by what has not been paid.
    """
    given: list[Given] = []
    lost: list[tuple[Decimal | None, tuple[str, ...]]] = []
    for warrant in book.legs:
        if warrant["type"] != "warrant_granted" or (warrant["first_party"], warrant["second_party"]) != (
            issuer,
            customer,
        ):
            continue
        vested = list(warrant["tranches"] or ())[:count]
        orders = [
            row for row in book.legs
            if row["type"] == "purchase_committed" and row["deal"] == warrant["deal"]
            and (row["first_party"], row["second_party"]) == (customer, issuer)
        ]  # fmt: skip
        bought = _bought(vested, orders)
        ordered = _sum_known(row["capacity_gw"] for row in orders)
        price, places = _price(book, scenario, issuer)
        low, high = _shares(warrant, len(vested))
        given.append(
            Given(
                issuer,
                customer,
                warrant["leg_ref"],
                tuple(t["tranche"] for t in vested),
                low,
                high,
                price,
                warrant["exercise_price"],
                bought,
                None if ordered is None else max(ZERO, ordered - bought),
                places,
            )
        )
        lost += [(_lost(row, bought), (row["leg_ref"], warrant["leg_ref"])) for row in orders]
    return given, lost


def _shares(warrant: dict[str, Any], count: int) -> tuple[int, int]:
    """Bound the shares of the first tranches: undisclosed ones may hold nothing, or all that the others leave."""
    sizes = [tranche["shares"] for tranche in warrant["tranches"] or ()]
    if count and count == len(sizes) and warrant["shares"] is not None:
        return warrant["shares"], warrant["shares"]
    low = sum(size for size in sizes[:count] if size is not None)
    if None not in sizes[:count]:
        return low, low
    if warrant["shares"] is None:
        return low, low
    return low, warrant["shares"] - sum(size for size in sizes[count:] if size is not None)


def _bought(vested: list[dict[str, Any]], orders: Rows) -> Decimal:
    """Return the gigawatts that the vested tranches require, or what was delivered if that is more."""
    required = [
        Decimal(condition["threshold"])
        for tranche in vested
        for condition in tranche["conditions"] or ()
        if condition["kind"] == "capacity" and condition["threshold"] is not None
    ]
    delivered = sum((row["delivered_gw"] for row in orders), ZERO)
    return max([delivered, *required])


def _lost(order: dict[str, Any], bought: Decimal) -> Decimal | None:
    headline, capacity = order["headline"], order["capacity_gw"]
    if headline is None:
        return None
    if capacity:
        lost: Decimal = headline * max(ZERO, capacity - bought) / capacity
        return lost
    unpaid: Decimal = max(ZERO, headline - order["performed"])
    return unpaid


def _price(book: Book, scenario: Scenario, issuer: str) -> tuple[Decimal | None, tuple[int, ...]]:
    """Return the scenario's share price, else the latest in effect on or before the as-of day."""
    if scenario.parameters.share_price is not None:
        return number(scenario.parameters.share_price), ()
    seen = [
        row for row in book.prices
        if row["company"] == issuer and row["currency"] == scenario.currency and row["day"] <= book.clocks.as_of
    ]  # fmt: skip
    if not seen:
        return None, ()
    latest = max(seen, key=lambda row: (row["day"], row["slot"]))
    return latest["price"], tuple(sorted(rests_on([latest])))


def _sum_known(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, ZERO) if known else None
