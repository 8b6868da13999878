"""The rows of a stress: one for each company and method, with the path of the loss and the events behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

from projections.queries.asked import Rows, ratio, rounded
from projections.queries.stress.book import Book
from projections.queries.stress.methods import Spread
from projections.queries.stress.net import Net
from projections.queries.stress.strike import Lost, Struck

__all__ = ["Trail", "rows_of_losses", "rows_of_spread", "rows_undisclosed", "unknowns"]

_NOBODY = "lenders not named"


class Trail:
    """Which legs join two companies in a net, and which log positions stand behind them."""

    def __init__(self, net: Net, struck: Struck) -> None:
        self._net = net
        self._legs: dict[tuple[str | None, str], set[str]] = defaultdict(set)
        for promise in net.book.promises:
            self._legs[promise.creditor, promise.debtor].add(promise.leg_ref)
        self._earners = struck.earners
        self._direct: dict[str | None, set[str]] = defaultdict(set)
        for loss in struck.losses:
            if loss.what == "direct":
                self._direct[loss.company].update(loss.legs)
        self._undisclosed: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
        for promise in net.book.promises:
            if promise.undisclosed:
                self._undisclosed[promise.creditor].append((promise.debtor, promise.leg_ref))

    def path(self, found: Spread, place: int) -> list[int]:
        """Follow a loss from a company back to where it began; the company itself comes last."""
        walked = [place]
        while (before := found.through[walked[-1]]) is not None and before not in walked:
            walked.append(before)
        return walked[::-1]

    def words(self, path: list[int]) -> str | None:
        """Write a path; None where a loss came through nobody."""
        return " → ".join(self._net.names[spot] or _NOBODY for spot in path) if len(path) > 1 else None

    def undisclosed(self, found: Spread, place: int) -> list[tuple[str, str]]:
        """List the claims without an amount on debtors that are hit, as (debtor, leg)."""
        name = self._net.names[place]
        return [(debtor, ref) for debtor, ref in self._undisclosed[name] if found.hit[self._net.place[debtor]]]

    def positions(self, found: Spread, place: int) -> list[int]:
        """Collect the log positions of the legs a company loses on, of the path, and of its figures."""
        net, name = self._net, self._net.names[place]
        legs = self._direct[name] | {ref for _, ref in self.undisclosed(found, place)}
        for debtor, other in enumerate(net.names):
            if other is not None and found.matrix[place, debtor] > 0:
                legs |= self._legs[name, other]
            if found.defaulted[place] and name is not None:
                legs |= self._legs[other, name]
        walked = self.path(found, place)
        for debtor, creditor in pairwise(walked):
            source = net.names[debtor]
            if source is not None:
                legs |= self._legs[net.names[creditor], source]
        wanted = ("equity", "cash") if found.uses_cash else ("equity",)
        figures = [net.book.figure(name, metric) for metric in wanted]
        places = {spot for figure in figures if figure for spot in figure.positions}
        places |= self._earners.get(name or "", set())
        return positions_of(net.book, legs, places, (net.names[spot] for spot in walked))


def positions_of(book: Book, legs: Iterable[str], places: Iterable[int], companies: Iterable[str | None]) -> list[int]:
    """Collect log positions; where nothing else stands behind a row, the registration of its company does."""
    found = {*places, *(spot for ref in legs for spot in book.positions.get(ref, ()))}
    if not found:
        found = {book.registered[name] for name in companies if name in book.registered}
    return sorted(found)


def rows_of_spread(found: Spread, net: Net, struck: Struck) -> Rows:
    """Return a row for each company that loses something, fails, or of which it cannot be told; greatest loss first.

    Companies of which no more is known than that they have a claim without an amount are left to `rows_undisclosed`.
    """
    trail = Trail(net, struck)
    rows = []
    for place, name in enumerate(net.names):
        hidden = trail.undisclosed(found, place)
        missing = sorted({*found.missing[place], *struck.missing.get(name or "", ())})
        loss = found.loss[place]
        is_hit = found.matrix[place].sum() > 0 or "relet_price" in missing
        struck_by = missing and (is_hit or name in struck.missing)
        if name in struck.failed or loss or found.defaulted[place] or struck_by:
            rows.append(_row(found, net, place, trail, hidden=len(hidden), missing=missing))
    rows.sort(key=lambda row: (row["loss"] is None, -(row["loss"] or 0), row["company"] or ""))
    return rows


def rows_undisclosed(spreads: Iterable[Spread], net: Net, struck: Struck) -> Rows:
    """Return a row for each company whose loss has a part without an amount: claims on companies hit, or losses at once."""
    trail, found = Trail(net, struck), list(spreads)
    hidden: dict[str | None, set[tuple[str, str]]] = defaultdict(set)
    for loss in struck.losses:
        if loss.what == "direct" and loss.amount is None:
            hidden[loss.company].update((loss.through or _NOBODY, ref) for ref in loss.legs[:1])
    for place, name in enumerate(net.names):
        for each in found:
            hidden[name].update(trail.undisclosed(each, place))
    return [
        _plain_row(
            name,
            "undisclosed",
            None,
            net.book,
            through=", ".join(sorted({other for other, _ in hidden[name]})),
            undisclosed=len(hidden[name]),
            positions=positions_of(net.book, [ref for _, ref in hidden[name]], (), (name,)),
        )
        for name in sorted(hidden, key=lambda name: name or "")
        if hidden[name]
    ]


def _row(found: Spread, net: Net, place: int, trail: Trail, *, hidden: int, missing: list[str]) -> dict[str, Any]:
    loss, equity = found.loss[place], net.equity[place]
    # Where nothing but undisclosed claims is hit, the loss is not 0: it is not known.
    known = None if loss is None or (not loss and (hidden or "relet_price" in missing)) else rounded(Decimal(loss))
    own = None if equity is None else equity.value
    path = trail.path(found, place)
    return {
        "company": net.names[place],
        "method": found.method,
        "loss": known,
        "equity": own,
        "loss_over_equity": ratio(known, own),
        "defaulted": found.defaulted[place],
        "round": found.turn[place],
        "through": trail.words(path),
        "undisclosed": hidden,
        "missing": missing,
        "positions": trail.positions(found, place),
    }


def rows_of_losses(book: Book, struck: Struck) -> Rows:
    """Return the rows of what never comes: orders, funding, and the cost of shares given away."""
    rows = []
    added: dict[tuple[str, str | None], list[Lost]] = defaultdict(list)
    for loss in struck.losses:
        if loss.what != "direct":
            added[loss.what, loss.company].append(loss)
    for (what, company), losses in added.items():
        known = [loss.amount for loss in losses if loss.amount is not None]
        legs = [ref for loss in losses for ref in loss.legs]
        rows.append(
            _plain_row(
                company,
                what,
                sum(known, Decimal(0)) if known else None,
                book,
                through=", ".join(sorted({loss.through for loss in losses if loss.through})) or None,
                undisclosed=len(losses) - len(known),
                positions=positions_of(book, legs, (), (company,)),
            )
        )
    for given in struck.given:
        exact = given.shares_low == given.shares_high
        cost = given.cost(given.shares_low) if exact else None
        rows.append(
            _plain_row(
                given.issuer,
                "shares",
                cost,
                book,
                through=given.holder,
                undisclosed=int(not exact),
                missing=["share_price"] if given.price is None and given.shares_high else [],
                positions=positions_of(book, [given.leg_ref], given.positions, (given.issuer,)),
            )
        )
    rows.sort(key=lambda row: (row["method"], row["loss"] is None, -(row["loss"] or 0), row["company"] or ""))
    return rows


def _plain_row(
    company: str | None,
    method: str,
    loss: Decimal | None,
    book: Book,
    *,
    through: str | None,
    undisclosed: int,
    positions: list[int],
    missing: list[str] | None = None,
) -> dict[str, Any]:
    equity = book.figure(company, "equity")
    return {
        "company": company,
        "method": method,
        "loss": loss,
        "equity": None if equity is None else equity.value,
        "loss_over_equity": ratio(loss, None if equity is None else equity.value),
        "defaulted": None,
        "round": None,
        "through": through,
        "undisclosed": undisclosed,
        "missing": missing or [],
        "positions": positions,
    }


_NEEDS = {
    "equity": "its loss over equity, whether it fails and what it would pass on are not told, and it passes nothing on",
    "cash": "its own loss is not told, and it is taken to pay in full, so that the losses of others are lower bounds",
    "relet_price": "what its contracts would fetch from another customer; a claim is never taken at its face",
}


def unknowns(found: Iterable[Spread], net: Net, struck: Struck) -> tuple[str, ...]:
    """Say what cannot be computed, and what is missing for it: one sentence for each kind of gap."""
    wanting: dict[str, dict[str | None, None]] = defaultdict(dict)
    hidden = 0
    for each in found:
        trail = Trail(net, struck)
        hidden = max(hidden, sum(len(trail.undisclosed(each, place)) for place in range(len(net.names))))
        for place, gaps in enumerate(each.missing):
            for gap in sorted(gaps):
                wanting[gap][net.names[place]] = None
    for company, gaps in struck.missing.items():
        for gap in sorted(gaps):
            wanting[gap][company] = None
    notes = [
        f"Not computable: needs {gap} of {', '.join(sorted(name or _NOBODY for name in companies))}"
        + (f" ({_NEEDS[gap]})." if gap in _NEEDS else ".")
        for gap, companies in sorted(wanting.items())
    ]
    if hidden:
        notes.append(f"{hidden} claims on companies that are hit have no disclosed amount: counted, never taken as 0.")
    return tuple(notes)
