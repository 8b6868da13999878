"""Exposures passed on to the names behind the names, by the shares on which each depends on others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from projections.queries.asked import rounded

__all__ = ["Passed", "closed_names", "pass_through", "reached"]

Shares = Mapping[str, Mapping[str, Decimal]]
# A name beyond which nothing is told, or of which some share is not, lets money out of the circle.
_LEAK = Decimal("1e-12")
# Exact elimination is cubic; beyond so many names floating point does, to twelve digits.
_EXACT_MAX = 120

Passed = dict[str, Decimal]


def reached(shares: Shares, sources: Iterable[str]) -> list[str]:
    """List the names that stand behind the sources, those included."""
    seen = set(sources)
    waiting = list(seen)
    while waiting:
        for customer in shares.get(waiting.pop(), ()):
            if customer not in seen:
                seen.add(customer)
                waiting.append(customer)
    return sorted(seen)


def closed_names(shares: Shares, names: Iterable[str]) -> list[str]:
    """List the names that depend wholly on one another: among them money circles for ever, and no sum exists."""
    before: dict[str, list[str]] = {}
    leaking = []
    listed = list(names)
    for name in listed:
        given = shares.get(name, {})
        if 1 - sum(given.values(), Decimal(0)) > _LEAK:
            leaking.append(name)
        for customer in given:
            before.setdefault(customer, []).append(name)
    open_names = set(leaking)
    while leaking:
        for name in before.get(leaking.pop(), ()):
            if name not in open_names:
                open_names.add(name)
                leaking.append(name)
    return sorted(set(listed) - open_names)


def pass_through(rows: Iterable[Mapping[str, Decimal]], shares: Shares, names: list[str]) -> list[Passed]:
    """Pass each row of exposures by name through to all that stands behind: X(I−D)⁻¹, to twelve digits.

    No name of `names` may be one of `closed_names`. Source: Leontief, as `look_through`.
    """
    index = {name: number for number, name in enumerate(names)}
    direct = [[row.get(name, Decimal(0)) for name in names] for row in rows]
    matrix = [[shares.get(name, {}).get(other, Decimal(0)) for other in names] for name in names]
    if len(names) > _EXACT_MAX:
        passed = _in_floating_point(direct, matrix)
    else:
        from projections.measures import look_through

        passed = look_through(direct, matrix) or direct
    return [{name: rounded(row[index[name]]) or Decimal(0) for name in names} for row in passed]


def _in_floating_point(direct: list[list[Decimal]], matrix: list[list[Decimal]]) -> list[list[Decimal]]:
    import numpy as np

    dependency = np.array([[float(share) for share in row] for row in matrix])
    exposures = np.array([[float(amount) for amount in row] for row in direct])
    solved = np.linalg.solve(np.eye(len(matrix)) - dependency.T, exposures.T).T
    return [[Decimal(repr(float(amount))) for amount in row] for row in solved]
