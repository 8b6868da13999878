"""How losses on long claims travel from a company in trouble to those that count on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Generic

from projections.measures.amounts import (
    Amount,
    Array,
    Reply,
    as_array,
    as_table,
    as_vector,
    exact,
    not_negative,
    reply_in,
    same_length,
)
from projections.measures.errors import OutOfRangeError

__all__ = ["DebtRank", "Furfine", "debtrank", "differential_debtrank", "furfine"]

SETTLED: Final = 1e-13
"""Rounds end when no company's relative loss grows by more than this."""

ROUNDS_MAX: Final = 100_000

ROUNDING: Final = 1e-12
"""In floating point, a loss this close to the equity has used it up."""


@dataclass(frozen=True, slots=True)
class DebtRank(Generic[Amount]):
    """Relative losses of equity, in the order of the matrix's rows.

    `h` runs from 0 (untouched) to 1 (equity gone), the initial shock included; `loss` is (h - h0) x equity in money,
    what contagion adds. `value` is DebtRank, sum of w (h - h0) / sum of w; None without weights. `hit_in` is the round
    in which each company first lost (0 = shocked, None = never). `converged` is False if rounds ran out.
    """

    value: Amount | None
    h: tuple[Amount, ...]
    loss: tuple[Amount, ...]
    hit_in: tuple[int | None, ...]
    rounds: int
    converged: bool


@dataclass(frozen=True, slots=True)
class Furfine(Generic[Amount]):
    """A cascade of defaults.

    `defaults` are row numbers in the order of failing, those failed from the start first; `loss` is each company's
    loss on claims on failed ones; `default_round` counts from 0 (given); `came_through` is the failed debtor that
    cost each company most (None without a loss).
    """

    defaults: tuple[int, ...]
    loss: tuple[Amount, ...]
    default_round: tuple[int | None, ...]
    came_through: tuple[int | None, ...]


def debtrank(
    assets: Sequence[Sequence[Amount]],
    equity: Sequence[Amount],
    shock: Sequence[Amount],
    weights: Sequence[Amount] | None = None,
) -> DebtRank[Amount]:
    """Return DebtRank as first defined: each company passes on its loss once, the round after it is first hit.

    `assets[i][j]` is i's claim on j, `equity` each company's capital, `shock` the initial relative loss h0 of each
    (0 … 1; 1 = failed), `weights` its economic importance (any scale). Impact of j on i: min(1, claim / equity); any
    loss wipes out a company whose equity is not above 0. Floating point, rounded to twelve decimals for Decimal.
    Source: Battiston et al. (2012), Scientific Reports 2:541.
    Raises ShapeError, NotANumberError (None: missing equity is not computable), OutOfRangeError.
    """
    import numpy as np

    claims, capital, h0, importance = _inputs(assets, equity, shock, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        impact = np.where(claims > 0, np.minimum(1.0, claims / np.maximum(capital, 0.0)[:, None]), 0.0)
    h, done = h0.copy(), np.zeros(len(h0), dtype=bool)
    hit_in = np.where(h0 > 0, 0, -1)
    rounds = 0
    while (passing := (h > 0) & ~done).any():
        rounds += 1
        h = np.minimum(1.0, h + np.einsum("ij,j->i", impact, np.where(passing, h, 0.0)))
        done |= passing
        hit_in[(h > 0) & (hit_in < 0)] = rounds
    return _ranked(h, h0, capital, importance, hit_in, rounds, reply_in(equity, shock, weights, assets))


def differential_debtrank(
    assets: Sequence[Sequence[Amount]],
    equity: Sequence[Amount],
    shock: Sequence[Amount],
    weights: Sequence[Amount] | None = None,
    *,
    rounds_max: int = ROUNDS_MAX,
) -> DebtRank[Amount]:
    """Return DebtRank with repeated rounds: every further loss is passed on, h' = min(1, h + claims/equity (h - h-)).

    Arguments, units and errors as for `debtrank`; `rounds_max` bounds the work where losses fade very slowly (then
    `converged` is False and h a lower bound). Where nobody is wiped out, h = (I - claims/equity)^-1 h0.
    Source: Bardoscia, Battiston, Caccioli & Caldarelli (2015), PLoS ONE 10(6).
    """
    import numpy as np

    claims, capital, h0, importance = _inputs(assets, equity, shock, weights)
    solvent = capital > 0
    h, fresh = h0.copy(), h0.copy()
    hit_in = np.where(h0 > 0, 0, -1)
    rounds = 0
    while fresh.max(initial=0.0) > SETTLED and rounds < rounds_max:
        rounds += 1
        lost = np.einsum("ij,j->i", claims, fresh)
        rise = np.where(solvent, lost / np.where(solvent, capital, 1.0), (lost > 0).astype(float))
        grown = np.minimum(1.0, h + rise)
        h, fresh = grown, grown - h
        hit_in[(h > 0) & (hit_in < 0)] = rounds
    converged = bool(fresh.max(initial=0.0) <= SETTLED)
    reply: Reply[Amount] = reply_in(equity, shock, weights, assets)
    return _ranked(h, h0, capital, importance, hit_in, rounds, reply, converged=converged)


def furfine(
    assets: Sequence[Sequence[Amount]],
    equity: Sequence[Amount],
    failed: Collection[int],
    loss_given_default: Amount,
) -> Furfine[Amount]:
    """Return the cascade in which a company fails as soon as its losses on failed ones reach its equity.

    `assets[i][j]` is i's claim on j; `failed` the row numbers that fail first; `loss_given_default` the lost fraction
    of every claim on a failed company (0 … 1), fixed. A company without a loss never fails, whatever its equity.
    Exact in Decimal; a numpy array for `assets` is worked in floating point, which thousands of draws need.
    Source: Furfine (2003), Journal of Money, Credit and Banking 35.
    Raises ShapeError, NotANumberError (None), OutOfRangeError (also for a row number that does not exist).
    """
    size = len(assets)
    if hasattr(assets, "dtype"):
        return _furfine_of_array(assets, equity, failed, loss_given_default)
    claims = [[not_negative(claim, "claim") for claim in row] for row in assets]
    for row in claims:
        same_length(size, len(row), "a row of assets")
    same_length(size, len(equity), "equity")
    capital = [exact(own, "equity") for own in equity]
    lgd = not_negative(loss_given_default, "loss given default")
    if lgd > 1 or not all(0 <= first < size for first in failed):
        raise OutOfRangeError(f"loss given default must lie between 0 and 1, and failed rows between 0 and {size - 1}")
    loss = [Decimal(0)] * size
    fell_in: dict[int, int] = dict.fromkeys(sorted(set(failed)), 0)
    fresh = list(fell_in)
    turn = 0
    while fresh:
        turn += 1
        for i in range(size):
            loss[i] += lgd * sum((claims[i][j] for j in fresh if j != i), Decimal(0))
        fresh = [i for i in range(size) if i not in fell_in and loss[i] > 0 and loss[i] >= capital[i]]
        fell_in.update(dict.fromkeys(fresh, turn))
    dearest = [max((j for j in fell_in if j != i), key=row.__getitem__, default=None) for i, row in enumerate(claims)]
    reply: Reply[Amount] = reply_in(equity, loss_given_default, assets)
    return Furfine(
        defaults=tuple(fell_in),
        loss=tuple(reply(amount) for amount in loss),
        default_round=tuple(fell_in.get(i) for i in range(size)),
        came_through=tuple(debtor if amount > 0 else None for debtor, amount in zip(dearest, loss, strict=True)),
    )


def _furfine_of_array(
    assets: Sequence[Sequence[Amount]], equity: Sequence[Amount], failed: Collection[int], loss_given_default: Amount
) -> Furfine[Amount]:
    """Return the same cascade for arrays of floats; a loss within rounding of the equity reaches it."""
    import numpy as np

    claims = as_array(as_table(assets, "assets"), "assets").copy()
    np.fill_diagonal(claims, 0.0)
    size = len(claims)
    capital = as_vector(equity, size, "equity", may_be_negative=True)
    lgd = float(not_negative(loss_given_default, "loss given default"))
    if lgd > 1 or not all(0 <= first < size for first in failed):
        raise OutOfRangeError(f"loss given default must lie between 0 and 1, and failed rows between 0 and {size - 1}")
    fell_in = np.full(size, -1)
    order = sorted(set(failed))
    fell_in[order] = 0
    loss, fresh, turn = np.zeros(size), np.array(order, dtype=int), 0
    while fresh.size:
        turn += 1
        loss += lgd * claims[:, fresh].sum(axis=1)
        fresh = np.flatnonzero((fell_in < 0) & (loss > 0) & (loss >= capital - ROUNDING * abs(capital)))
        fell_in[fresh] = turn
        order += fresh.tolist()
    felt = np.where((fell_in >= 0)[None, :], claims, 0.0)
    dearest = felt.argmax(axis=1) if size else []
    reply: Reply[Amount] = reply_in(assets)
    return Furfine(
        defaults=tuple(order),
        loss=tuple(reply.money(amount) for amount in loss.tolist()),
        default_round=tuple(None if turn < 0 else turn for turn in fell_in.tolist()),
        came_through=tuple(int(j) if amount > 0 else None for j, amount in zip(dearest, loss.tolist(), strict=True)),
    )


def _inputs(
    assets: Sequence[Sequence[Amount]],
    equity: Sequence[Amount],
    shock: Sequence[Amount],
    weights: Sequence[Amount] | None,
) -> tuple[Array, Array, Array, Array | None]:
    claims = as_array(as_table(assets, "assets"), "assets")
    size = len(claims)
    capital = as_vector(equity, size, "equity", may_be_negative=True)
    h0 = as_vector(shock, size, "shock")
    if (h0 > 1).any():
        raise OutOfRangeError(f"a shock is a relative loss between 0 and 1 (got {h0.max()})")
    return claims, capital, h0, None if weights is None else as_vector(weights, size, "weights")


def _ranked(
    h: Array,
    h0: Array,
    capital: Array,
    importance: Array | None,
    hit_in: Array,
    rounds: int,
    reply: Reply[Amount],
    *,
    converged: bool = True,
) -> DebtRank[Amount]:
    total = 0.0 if importance is None else float(importance.sum())
    added = h - h0
    return DebtRank(
        value=reply.ratio(float(importance @ added) / total) if importance is not None and total else None,
        h=tuple(reply.ratio(value) for value in h.tolist()),
        loss=reply.moneys(added * capital.clip(0.0)),
        hit_in=tuple(None if number < 0 else int(number) for number in hit_in.tolist()),
        rounds=rounds,
        converged=converged,
    )
