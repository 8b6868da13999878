"""The ways in which losses spread over a net, each giving the same answer form: who loses what, since when, through whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from projections.queries.fields import number
from projections.queries.stress.net import Net
from projections.queries.stress.scenario import Scenario
from projections.queries.stress.strike import Struck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Spread", "spread"]

# A relative loss this close to 1 is a loss of everything: the rest is the arithmetic's.
WHOLE = 1 - 1e-9
_CLEARING = ("eisenberg-noe", "rogers-veraart")


@dataclass
class Spread:
    """What one method finds; lists are in the order of the net's names, amounts in its kind of number.

    `loss` is None where it cannot be computed; `defaulted` None where it cannot be told; `turn` is the round in which a
    company fails or first loses (0: from the start); `through` the place of the debtor that cost most; `missing` what cannot be told for want of what.
    `hit` says whose creditors lose, `matrix` what each creditor loses on each debtor, `[creditor][debtor]`.
    """

    method: str
    loss: list[Any]
    defaulted: list[bool | None]
    turn: list[int | None]
    through: list[int | None]
    hit: list[bool]
    matrix: Array
    missing: list[set[str]] = field(default_factory=list)

    @property
    def uses_cash(self) -> bool:
        """Say whether the method clears dues from cash, rather than marking claims down against equity."""
        return self.method in _CLEARING


def spread(method: str, net: Net, scenario: Scenario, struck: Struck, names: dict[str, str]) -> Spread:
    """Run one of the scenario's methods."""
    if method == "clearing":
        return _clear(net, scenario, struck, names)
    if method == "furfine":
        return _furfine(net, scenario, struck)
    return _debtrank(method, net, scenario, struck)


def clearing_name(scenario: Scenario) -> str:
    """Name the clearing method that the scenario's alpha and beta make it."""
    whole = number(scenario.parameters.alpha) == number(scenario.parameters.beta) == 1
    return _CLEARING[0] if whole else _CLEARING[1]


def _clear(net: Net, scenario: Scenario, struck: Struck, names: dict[str, str]) -> Spread:
    """Clear the dues of the horizon; a company that fails from the start pays its recovery and nothing else.

    A company that owes something and whose means are unknown is taken to pay in full, so that what others lose is a
    lower bound. Losses are those of owners against everything being paid and nothing being struck.
    """
    from projections.measures import eisenberg_noe, rogers_veraart

    np, terms = net.np, scenario.parameters
    owed = net.dues_matrix(struck)
    dues = owed.sum(axis=1)
    own, unknown = net.means(scenario, names)
    unknown &= np.array([bool(due) for due in dues])
    lost = net.zeros()
    for company, amount in struck.means_lost.items():
        lost[net.place[company]] += net.kind(amount)
    after_shock = np.maximum(own - lost, net.kind(0))
    rest = owed.copy()
    recovered = net.zeros()
    for company, recovery in struck.failed.items():
        place = net.place[company]
        recovered += owed[place] * net.kind(recovery)
        rest[place] = net.kind(0)
    able = np.where(unknown, dues, after_shock + net.financing(struck) + recovered)
    if clearing_name(scenario) == _CLEARING[0]:
        cleared = eisenberg_noe(net.hand_over(rest), net.hand_over(able))
    else:
        alpha, beta = (net.kind(number(share)) for share in (terms.alpha, terms.beta))
        cleared = rogers_veraart(net.hand_over(rest), net.hand_over(able), None, alpha, beta)
    paid = [1 if share is None else share for share in cleared.recovery]
    received = net.vector_of(cleared.received) + recovered
    failed = np.array(cleared.default, dtype=bool)
    for company, recovery in struck.failed.items():
        paid[net.place[company]] = net.kind(recovery)
        failed[net.place[company]] = True
    before = np.maximum(own + owed.sum(axis=0) - dues, net.kind(0))
    after = np.where(failed, net.kind(0), np.maximum(after_shock + received - dues, net.kind(0)))
    loss = np.maximum(before - after, net.kind(0)).tolist()
    matrix = (owed * (net.full(1) - net.vector_of(paid))[:, None]).T
    hit = [bool(short) for short in (np.array(paid) < WHOLE)]
    turn: list[int | None] = [None if turn is None else int(turn) for turn in cleared.default_round]
    for company in struck.failed:
        turn[net.place[company]] = 0
    found = Spread(
        clearing_name(scenario), loss, [bool(flag) for flag in failed], turn, _dearest(net, matrix), hit, matrix,
        [set() for _ in net.names],
    )  # fmt: skip
    _date_losses(found)
    for place, name in enumerate(net.names):
        known_to_fail = name in struck.failed
        if unknown[place] or (known_to_fail and net.book.figure(name, "cash") is None):
            found.loss[place] = None
            found.missing[place].add("cash")
            if not known_to_fail:
                found.defaulted[place] = None
    return found


def _debtrank(method: str, net: Net, scenario: Scenario, struck: Struck) -> Spread:
    """Mark claims down as their debtors lose equity; a debtor whose equity is unknown passes nothing on."""
    from projections.measures import debtrank, differential_debtrank

    matrix, unvalued = net.losses_at_failure(scenario, struck)
    direct, equity, unknown = _capital(net, struck)
    passed = matrix.copy()
    passed[:, unknown] = net.kind(0)
    capital = net.np.where(unknown, matrix.sum(axis=1) + direct + net.kind(1), equity)
    shock = [_relative(direct[i], capital[i], net) for i in range(len(net.names))]
    for company in struck.failed:
        place = net.place[company]
        shock[place] = net.kind(1)
        passed[:, place] = matrix[:, place]
    answer = (debtrank if method == "debtrank-2012" else differential_debtrank)(
        net.hand_over(passed), net.hand_over(capital), shock
    )
    reached = net.vector_of(answer.h)
    loss: list[Any] = []
    for place in range(len(net.names)):
        own = net.kind(max(capital[place], net.kind(0)))
        first = direct[place] if unknown[place] else shock[place] * own
        loss.append(first + answer.loss[place])
    found = Spread(
        method,
        loss,
        [None if unknown[i] else bool(reached[i] >= net.kind(WHOLE)) for i in range(len(loss))],
        list(answer.hit_in),
        _dearest(net, passed * reached[None, :]),
        [
            bool(h > 0) and not (unknown[i] and name not in struck.failed)
            for i, (h, name) in enumerate(zip(reached, net.names, strict=True))
        ],
        passed * reached[None, :],
        [set() for _ in net.names],
    )
    return _with_gaps(found, net, struck, unknown, unvalued)


def _furfine(net: Net, scenario: Scenario, struck: Struck) -> Spread:
    """Let companies fail whose losses on failed ones reach their equity; one whose equity is unknown passes nothing on."""
    from projections.measures import furfine

    matrix, unvalued = net.losses_at_failure(scenario, struck)
    direct, equity, unknown = _capital(net, struck)
    capital = net.np.where(unknown, matrix.sum(axis=1) + net.kind(1), equity - direct)
    at_once = [i for i in range(len(net.names)) if not unknown[i] and direct[i] > 0 and direct[i] >= equity[i]]
    seeds = sorted({*at_once, *(net.place[company] for company in struck.failed)})
    answer = furfine(net.hand_over(matrix), net.hand_over(capital), seeds, net.kind(1))
    fell = [turn is not None for turn in answer.default_round]
    flags = net.vector_of([int(flag) for flag in fell])
    found = Spread(
        "furfine",
        [direct[i] + loss for i, loss in enumerate(answer.loss)],
        [None if unknown[i] else fell[i] for i in range(len(fell))],
        list(answer.default_round),
        list(answer.came_through),
        fell,
        matrix * flags[None, :],
        [set() for _ in net.names],
    )
    _date_losses(found)
    return _with_gaps(found, net, struck, unknown, unvalued)


def _date_losses(found: Spread) -> None:
    """Put the losses of companies that do not fail into the round after their dearest debtor's failure."""
    for place, debtor in enumerate(found.through):
        before = None if debtor is None else found.turn[debtor]
        if found.turn[place] is None and before is not None:
            found.turn[place] = before + 1


def _with_gaps(found: Spread, net: Net, struck: Struck, unknown: Array, unvalued: Array) -> Spread:
    """Put in what failed companies lose by failing, and what cannot be told where equity or a price is unknown."""
    for place, name in enumerate(net.names):
        if name in struck.failed:
            known = net.equity[place]
            found.defaulted[place], found.turn[place] = True, 0
            found.loss[place] = None if known is None else net.kind(max(known.value, Decimal(0)))
        if unknown[place] and name is not None and (found.loss[place] is None or found.loss[place] > 0):
            found.missing[place].add("equity")
    for place in net.np.flatnonzero(unvalued):
        claim = net.claims[place]
        if found.hit[net.place[claim.debtor]]:
            found.missing[net.place[claim.creditor]].add("relet_price")
    return found


def _capital(net: Net, struck: Struck) -> tuple[Array, Array, Array]:
    """Return what each company loses at once, its equity, and whose equity is unknown (those not named included)."""
    direct = net.zeros()
    for company, amount in struck.direct().items():
        direct[net.place[company]] += net.kind(amount)
    return direct, net.equities, net.equity_unknown


def _relative(direct: Any, equity: Any, net: Net) -> Any:  # noqa: ANN401 - Decimal or float by the net's kind
    if direct <= 0:
        return net.kind(0)
    return net.kind(1) if equity <= direct else direct / equity


def _dearest(net: Net, matrix: Array) -> list[int | None]:
    """Return, for each creditor, the debtor on whom it loses most; None if it loses nothing."""
    most = matrix.argmax(axis=1)
    return [int(most[i]) if matrix[i, most[i]] > 0 else None for i in range(len(net.names))]
