"""What everyone can pay when everyone's cash depends on what the others pay: clearing within a horizon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Generic

from projections.measures.amounts import Amount, Array, Reply, as_array, as_table, as_vector, exact, reply_in
from projections.measures.errors import OutOfRangeError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Clearing", "eisenberg_noe", "executory_claim", "rogers_veraart"]

ROUNDING: Final = 1e-12
"""A shortfall below this share of the dues is the arithmetic's, not the company's."""


@dataclass(frozen=True, slots=True)
class Clearing(Generic[Amount]):
    """Who pays what. All tuples are in the order of the matrix's rows; amounts in its currency.

    `payments` and `dues` are totals, `recovery` their ratio (None where nothing is due), `received` comes from the
    others. `default` marks who pays less than is due, `default_round` when that shows (1 = on their own, later = by
    contagion, None = solvent), `came_through` the debtor that costs each company most (None without a loss on claims).
    `equity_before` is assets less dues at face value (negative: insolvent from the start), `equity_after` what
    shareholders keep, `loss` what they lose, `outside_loss` what each company's outside creditors lose.
    """

    payments: tuple[Amount, ...]
    dues: tuple[Amount, ...]
    recovery: tuple[Amount | None, ...]
    received: tuple[Amount, ...]
    default: tuple[bool, ...]
    default_round: tuple[int | None, ...]
    came_through: tuple[int | None, ...]
    equity_before: tuple[Amount, ...]
    equity_after: tuple[Amount, ...]
    loss: tuple[Amount, ...]
    outside_loss: tuple[Amount, ...]


def eisenberg_noe(
    liabilities: Sequence[Sequence[Amount]],
    external_assets: Sequence[Amount],
    external_liabilities: Sequence[Amount] | None = None,
) -> Clearing[Amount]:
    """Return the greatest clearing vector p = min(dues, e + P'p): limited liability, absolute priority, pro rata.

    `liabilities[i][j]` is what i owes j within the horizon, `external_assets` the cash and receipts from outside (>= 0),
    `external_liabilities` dues to outsiders of equal rank (left out = none). Exact fixed point by the fictitious
    default algorithm, at most one linear system for each company, in floating point; rounded to six decimals if the
    amounts are Decimal. numpy arrays are taken as they are. Source: Eisenberg & Noe (2001), Management Science 47.
    Raises ShapeError, OutOfRangeError (a negative amount), NotANumberError (None: undisclosed amounts cannot clear).
    """
    return _clear(liabilities, external_assets, external_liabilities, alpha=1.0, beta=1.0)


def rogers_veraart(
    liabilities: Sequence[Sequence[Amount]],
    external_assets: Sequence[Amount],
    external_liabilities: Sequence[Amount] | None = None,
    alpha: Amount | int = 1,
    beta: Amount | int = 1,
) -> Clearing[Amount]:
    """Return the greatest clearing vector when default destroys value.

    A company that cannot pay in full realises only `alpha` of its external assets and `beta` of what it receives
    (both in [0, 1]; 1 and 1 is `eisenberg_noe`). Arguments and errors as there. Greatest clearing vector algorithm.
    Source: Rogers & Veraart (2013), Management Science 59.
    """
    realised = float(exact(alpha, "alpha")), float(exact(beta, "beta"))
    if not all(0 <= share <= 1 for share in realised):
        raise OutOfRangeError(f"alpha and beta must lie between 0 and 1 (got {alpha} and {beta})")
    return _clear(liabilities, external_assets, external_liabilities, alpha=realised[0], beta=realised[1])


def executory_claim(
    *,
    unpaid_invoices: Amount | None,
    termination_charge: Amount | None,
    contract_price: Amount | None,
    relet_price: Amount | None,
    remaining: Amount | int | None,
    prepayments: Amount | None,
) -> Amount | None:
    """Return a supplier's claim when its customer fails with deliveries still to come.

    Unpaid invoices + termination charge + max(0, contract price - re-let price) x remaining units - prepayments held,
    at least 0: never the face of the contract, because capacity that is not delivered can be sold again. Prices for
    one unit of `remaining`. None if any part is undisclosed: say 0 where there is none.
    Source: the usual measure of damages (UCC 2-708; 11 U.S.C. 502(g)).

    Reference: the stress values all contracts at once, as arrays.
    """
    parts = (unpaid_invoices, termination_charge, contract_price, relet_price, prepayments)
    if remaining is None or any(part is None for part in parts):
        return None
    invoices, charge, price, relet, prepaid = (exact(part) for part in parts)
    damage = max(Decimal(0), price - relet) * exact(remaining, "remaining")
    reply: Reply[Amount] = reply_in(parts)
    return reply(max(Decimal(0), invoices + charge + damage - prepaid))


def _clear(
    liabilities: Sequence[Sequence[Amount]],
    external_assets: Sequence[Amount],
    external_liabilities: Sequence[Amount] | None,
    *,
    alpha: float,
    beta: float,
) -> Clearing[Amount]:
    import numpy as np

    table = as_table(liabilities, "liabilities")
    owed = as_array(table, "liabilities")
    size = len(owed)
    assets = as_vector(external_assets, size, "external assets")
    outside = np.zeros(size) if external_liabilities is None else as_vector(external_liabilities, size, "dues outside")
    dues = owed.sum(axis=1) + outside
    shares = np.divide(owed, dues[:, None], out=np.zeros_like(owed), where=dues[:, None] > 0)
    payments, fell_in = _greatest_fixed_point(shares, dues, assets, alpha=alpha, beta=beta)
    received = shares.T @ payments
    failed = fell_in > 0
    before = assets + owed.sum(axis=0) - dues
    after = np.where(failed, 0.0, np.maximum(0.0, assets + received - dues))
    missing = owed - shares * payments[:, None]
    reply: Reply[Amount] = reply_in(external_assets, external_liabilities, table)

    return Clearing(
        payments=reply.moneys(payments),
        dues=reply.moneys(dues),
        recovery=tuple(
            reply.ratio(paid / due) if due else None for paid, due in zip(payments.tolist(), dues.tolist(), strict=True)
        ),
        received=reply.moneys(received),
        default=tuple(failed.tolist()),
        default_round=tuple(number or None for number in fell_in.tolist()),
        came_through=_dearest_debtors(missing, dues),
        equity_before=reply.moneys(before),
        equity_after=reply.moneys(after),
        loss=reply.moneys(np.maximum(0.0, np.maximum(0.0, before) - after)),
        outside_loss=reply.moneys(np.where(failed, outside * (1 - payments / np.where(dues > 0, dues, 1.0)), 0.0)),
    )


def _greatest_fixed_point(
    shares: Array, dues: Array, assets: Array, *, alpha: float, beta: float
) -> tuple[Array, NDArray[np.int64]]:
    """Return the greatest clearing vector and the round in which each company failed (0 = it did not).

    Begin with everyone paying in full; whoever cannot, fails; work out what the failed can pay, given that the others
    pay in full; repeat until nobody else fails. A company that fails is taken out of the system: what would reach it
    goes straight on to its creditors, cut by `beta`, and so does `alpha` of its own assets, so each failure costs one
    elimination step and no round solves anything twice. Sums and products of numbers >= 0 throughout; the pivot stays
    above 0 because a set of companies that owe only one another cannot be short of money as a whole.
    """
    import numpy as np

    fell_in = np.zeros(len(dues), dtype=np.int64)
    payments = dues.copy()
    left, reach, base = np.arange(len(dues)), shares.copy(), np.zeros(len(dues))
    steps: list[tuple[int, float, NDArray[np.int64], Array]] = []
    for turn in range(1, len(dues) + 1):
        # einsum, not a matrix product: at this size the threads of a BLAS library cost more than they save
        received = base + np.einsum("i,ij->j", dues[left], reach)
        short = assets[left] + received < dues[left] * (1 - ROUNDING)
        if not short.any():
            break
        fell_in[left[short]] = turn
        passed_on = np.empty_like(reach)
        for k in np.flatnonzero(short):
            pivot = 1 - beta * reach[k, k]
            own = (alpha * assets[left[k]] + beta * base[k]) / pivot
            onward, arriving = reach[k].copy(), reach[:, k] * (beta / pivot)
            reach[k] = arriving[k] = 0.0
            steps.append((int(left[k]), float(own), left, arriving))
            base += own * onward
            reach += np.multiply.outer(arriving, onward, out=passed_on)
        solvent = ~short
        left, reach, base = left[solvent], reach[np.ix_(solvent, solvent)], base[solvent]
    for company, own, payers, arriving in reversed(steps):
        payments[company] = min(own + float(np.einsum("i,i->", arriving, payments[payers])), dues[company])
    return payments, fell_in


def _dearest_debtors(missing: Array, dues: Array) -> tuple[int | None, ...]:
    """Return, for each company, the debtor of whose payment it misses most; None if it misses nothing."""
    largest = missing.max(axis=0, initial=0.0)
    lost = largest > ROUNDING * (dues.max(initial=0.0) or 1.0)
    debtors = missing.argmax(axis=0) if len(dues) else []
    return tuple(int(debtor) if felt else None for debtor, felt in zip(debtors, lost, strict=True))
