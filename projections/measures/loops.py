"""Which companies pay one another in a ring, the rings that could carry most money first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Final, Generic, TypeAlias, overload

from projections.measures.amounts import Amount, not_negative
from projections.measures.errors import OutOfRangeError
from projections.measures.flows import Edges, Flows, add_up

__all__ = ["Loop", "Loops", "simple_loops"]

SHORTEST: Final = 2

Bits: TypeAlias = int
"""A set of companies as the bits of one integer, so that a step along all legs is a few machine instructions."""


@dataclass(frozen=True, slots=True)
class Loop(Generic[Amount]):
    """Companies that pay one another in a ring: each pays the next, the last pays the first.

    `bottleneck` is the smallest leg, the most that can go round; None if a leg is undisclosed. `at_most` is the
    smallest *disclosed* leg (equal to the bottleneck if it is known), None if no leg is disclosed. `amounts` are the
    legs in the order of `nodes`, None where undisclosed.
    """

    nodes: tuple[str, ...]
    bottleneck: Amount | None
    at_most: Amount | None
    amounts: tuple[Amount | None, ...]


@dataclass(frozen=True, slots=True)
class Loops(Sequence[Loop[Amount]], Generic[Amount]):
    """A list of loops; `truncated` says that there are more than were asked for."""

    loops: tuple[Loop[Amount], ...]
    truncated: bool

    def __len__(self) -> int:
        return len(self.loops)

    @overload
    def __getitem__(self, index: int) -> Loop[Amount]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Loop[Amount]]: ...

    def __getitem__(self, index: int | slice) -> Loop[Amount] | Sequence[Loop[Amount]]:
        return self.loops[index]


def simple_loops(
    edges: Edges[Amount],
    length_max: int = 6,
    amount_min: Amount | None = None,
    *,
    limit: int | None = 10_000,
) -> Loops[Amount]:
    """Return the rings of 2 to `length_max` different companies, at most `limit` of them (None = all).

    A ring of which some disclosed leg is below `amount_min` (or is 0) is left out; an undisclosed leg is never below
    it. Where a pair of companies has disclosed and undisclosed legs, the disclosed sum stands for the pair.
    Order: by `at_most`, largest first, rings without any disclosed leg before all others, so a truncated list
    holds the largest. Each ring begins at its first company in alphabetical order. Dense graphs have more rings than
    can be listed: the work is proportional to the rings returned plus the legs tried.
    Raises OutOfRangeError for a negative `amount_min`, a `limit` below 1 or a `length_max` below 2.
    """
    if length_max < SHORTEST or (limit is not None and limit < 1):
        raise OutOfRangeError(f"rings have at least {SHORTEST} companies, lists at least 1 entry")
    least = not_negative(Decimal(0) if amount_min is None else amount_min, "amount_min")
    flows = add_up(edges)
    found = _rings(flows, length_max, least)
    loops = tuple(_loop(flows, ring) for ring in islice(found, limit))
    return Loops(loops, truncated=next(found, None) is not None)


def _loop(flows: Flows[Amount], ring: tuple[str, ...]) -> Loop[Amount]:
    first = ring.index(min(ring))
    nodes = ring[first:] + ring[:first]
    legs = [flows.amounts.get(pair) for pair in zip(nodes, nodes[1:] + nodes[:1], strict=True)]
    known = [leg for leg in legs if leg is not None]
    reply = flows.reply
    return Loop(
        nodes=nodes,
        bottleneck=reply(min(known)) if len(known) == len(legs) else None,
        at_most=reply.or_none(min(known, default=None)),
        amounts=tuple(reply.or_none(leg) for leg in legs),
    )


def _rings(flows: Flows[Amount], length_max: int, least: Decimal) -> Iterator[tuple[str, ...]]:
    """Yield every ring once, by admitting legs from the largest to the smallest.

    The leg admitted last closes exactly the rings of which it is the smallest, so no ring is found twice and rings
    come in the order of their smallest leg. Undisclosed legs carry no known limit and are admitted first.
    """
    largest_first = sorted(flows.amounts.items(), key=lambda item: -item[1])
    legs = sorted(flows.undisclosed - flows.amounts.keys())
    legs += [pair for pair, amount in largest_first if amount >= least]
    names = list(dict.fromkeys(company for pair in legs for company in pair))
    number = {company: index for index, company in enumerate(names)}
    onward: list[Bits] = [0] * len(names)
    backward: list[Bits] = [0] * len(names)
    for payer, payee in legs:
        tail, head = number[payer], number[payee]
        within = _within(backward, tail, length_max - 1)
        for path in _paths(onward, within, head, tail):
            yield tuple(names[index] for index in path)
        onward[tail] |= 1 << head
        backward[head] |= 1 << tail


def _within(backward: list[Bits], goal: int, steps: int) -> list[Bits]:
    """Return, for k = 0 … steps, the companies from which money reaches `goal` in at most k legs."""
    reached = fresh = 1 << goal
    levels = [reached]
    for _ in range(steps):
        before = 0
        for index in _members(fresh):
            before |= backward[index]
        fresh = before & ~reached
        reached |= fresh
        levels.append(reached)
    return levels


def _paths(onward: list[Bits], within: list[Bits], start: int, goal: int) -> Iterator[list[int]]:
    """Yield every path without repetition from `start` to `goal`, as short as `within` has levels."""
    left = len(within) - 1
    if not within[left] >> start & 1:
        return
    path, used = [start], 1 << start
    choices = [_members(onward[start] & within[left - 1])]
    while choices:
        index = next(choices[-1], None)
        if index is None:
            choices.pop()
            used ^= 1 << path.pop()
        elif index == goal:
            yield [*path, goal]
        else:
            path.append(index)
            used |= 1 << index
            choices.append(_members(onward[index] & within[left - len(path)] & ~used))


def _members(bits: Bits) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
