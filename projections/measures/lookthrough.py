"""Whom an exposure really depends on, customers' customers included."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, cast, overload

from projections.measures.amounts import Amount, Reply, exact, not_negative, reply_in, same_length

__all__ = ["look_through"]

SINGULAR: Final = Decimal("1e-20")
"""Below this share leaking out, money circles for ever and the series has no sum."""


@overload
def look_through(direct: Sequence[Amount], dependency: Sequence[Sequence[Amount]]) -> list[Amount] | None: ...


@overload
def look_through(
    direct: Sequence[Sequence[Amount]], dependency: Sequence[Sequence[Amount]]
) -> list[list[Amount]] | None: ...


def look_through(
    direct: Sequence[Amount] | Sequence[Sequence[Amount]], dependency: Sequence[Sequence[Amount]]
) -> list[Amount] | list[list[Amount]] | None:
    """Return X(I-D)^-1 = X + XD + XDD + ...: direct exposure and all that stands behind it.

    `direct` is one row of exposures to n names (money), or a list of such rows; `dependency[i][j]` is the share of i's
    revenue (or RPO, or backlog: say which) that comes from j. The answer has the shape of `direct` and holds it:
    with no dependency it *is* `direct`. It is dependency, not a claim: never add it to direct exposure.
    None when the series has no sum (names that depend wholly on one another).
    Exact in Decimal; cubic in the number of names that depend on one another (200 of them: about a second). Source: Leontief (1936), Miller & Blair, Input-Output Analysis, ch. 2.
    Raises ShapeError, OutOfRangeError (a negative share).
    """
    shares = [[not_negative(share, "dependency") for share in row] for row in dependency]
    for row in shares:
        same_length(len(shares), len(row), "a row of dependency")
    many = bool(direct) and isinstance(direct[0], Sequence)
    # the overloads tell a row from a list of rows; a type checker cannot follow the test above
    rows = cast("Sequence[Sequence[Amount]]", direct if many else [direct])
    reply: Reply[Amount] = reply_in(rows, dependency)
    exposures = [[exact(number, "direct exposure") for number in row] for row in rows]
    for exposure in exposures:
        same_length(len(shares), len(exposure), "direct exposure")
    if not _reduce(exposures, shares):
        return None
    answer = [[reply(number) for number in exposure] for exposure in exposures]
    return answer if many else answer[0]


def _reduce(exposures: list[list[Decimal]], shares: list[list[Decimal]]) -> bool:
    """Turn X into X(I-D)^-1 in place; False if the series has no sum.

    Names are taken out one by one: what reached the name goes straight on to those behind it. Only sums and products
    of numbers >= 0 occur, so nothing cancels, and the pivot 1 - D_kk falls to 0 exactly when the series diverges.
    """
    size = len(shares)
    behind = [{j: share for j, share in enumerate(row) if share} for row in shares]
    ahead: list[set[int]] = [set() for _ in range(size)]
    for i, row in enumerate(behind):
        for j in row:
            ahead[j].add(i)
    left = set(range(size))
    steps: list[tuple[int, Decimal, dict[int, Decimal]]] = []
    while left:
        k = min(left, key=lambda name: (len(behind[name]) * len(ahead[name]), name))
        left.discard(k)
        pivot = 1 - behind[k].pop(k, Decimal(0))
        if pivot < SINGULAR:
            return False
        ahead[k].discard(k)
        arriving = {i: behind[i].pop(k) for i in ahead[k]}
        onward = {j: share / pivot for j, share in behind[k].items()}
        for j, share in onward.items():
            ahead[j].discard(k)
            for i, through in arriving.items():
                behind[i][j] = behind[i].get(j, Decimal(0)) + through * share
                ahead[j].add(i)
            for exposure in exposures:
                exposure[j] += exposure[k] * share
        steps.append((k, pivot, arriving))
    for k, pivot, arriving in reversed(steps):
        for exposure in exposures:
            total = sum((exposure[i] * through for i, through in arriving.items()), exposure[k])
            exposure[k] = total / pivot
    return True
