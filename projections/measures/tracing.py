"""What comes back if every company passes on the money it has pro rata: loop gain and Finn's cycling index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

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
)
from projections.measures.circularity import round_trip_of
from projections.measures.errors import OutOfRangeError
from projections.measures.flows import Edges, add_up

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LoopGain", "finn_cycling_index", "loop_gain"]


@dataclass(frozen=True, slots=True)
class LoopGain(Generic[Amount]):
    """The share of a company's payments that returns to it, with the interval that honest tracing allows.

    `gain` is the pro-rata share, `multiplier` 1 / (1 - gain) (None where all returns). In money, of what `origin` pays
    out: `low` if nothing is earmarked for the way back (0), `pro_rata`, `high` if all of it is (the round trip).
    `by_node` has the gain of every company.
    """

    origin: str
    gain: Amount
    multiplier: Amount | None
    low: Amount
    pro_rata: Amount
    high: Amount
    by_node: Mapping[str, Amount]


def loop_gain(
    edges: Edges[Amount], outside: Mapping[str, Amount] | None = None, *, origin: str | None = None
) -> LoopGain[Amount]:
    """Return the pro-rata loop gain of one company: by default the payer of the first edge, as in "investor first".

    `outside` is the money each company takes in from outside the graph. A company's pool is what comes in, from
    inside and outside, or what it pays out if that is more (the rest must have come from outside); each dollar in the
    pool is equally likely to go anywhere the pool goes. Legs of undisclosed amount carry nothing. A statistical
    measure: worked in floating point, rounded to twelve decimals (money to six) if the amounts are Decimal.
    Source: Finn (1976), n_ii = 1 / (1 - gain).
    Raises OutOfRangeError without edges, or for an origin that is in none of them.
    """
    listed = list(edges)
    companies = list(dict.fromkeys(company for payer, payee, _ in listed for company in (payer, payee)))
    start = companies[0] if origin is None and companies else origin
    if start is None or start not in companies:
        raise OutOfRangeError("loop gain needs at least one edge" if origin is None else f"{origin} is in no edge")
    import numpy as np

    flows = add_up(listed)
    inflow = outside or {}
    index = {company: number for number, company in enumerate(companies)}
    matrix = [[0.0] * len(companies) for _ in companies]
    for (payer, payee), amount in flows.amounts.items():
        matrix[index[payer]][index[payee]] = float(amount)
    external = [
        float(not_negative(inflow.get(company, 0), f"money from outside into {company}")) for company in companies
    ]
    gains, _ = _gains(np.array(matrix), as_vector(external, len(companies), "outside"))
    gain = float(gains[index[start]])
    trip = round_trip_of(flows, start)
    reply: Reply[Amount] = reply_in([amount for _, _, amount in listed], inflow)
    return LoopGain(
        origin=start,
        gain=reply.ratio(gain),
        multiplier=reply.ratio(1 / (1 - gain)) if gain < 1 else None,
        low=reply.money(0.0),
        pro_rata=reply.money(gain * float(flows.paid_by(start))),
        high=reply(exact(trip.amount)),
        by_node={company: reply.ratio(gains[index[company]]) for company in companies},
    )


def finn_cycling_index(flows: Sequence[Sequence[Amount]], inflow: Iterable[Amount]) -> Amount | None:
    """Return the share of all throughflow that has been through the same company before.

    `flows[i][j]` is what i pays j, `inflow[i]` what i takes in from outside; throughflow T_i is all that comes in (or
    goes out, if that is more). FCI = sum over i of (n_ii - 1)/n_ii T_i / sum T, with N = (I-G)^-1 and G_ij = F_ij/T_i.
    Between 0 and 1; None if nothing flows. A statistical measure, worked in floating point.
    Source: Finn (1976), J. Theor. Biol. 56; Allesina & Ulanowicz (2004), Comput. Biol. Chem. 28.
    Raises ShapeError, OutOfRangeError (a negative flow).

    Apart: the product prints round trips, circulation and loop gain.
    """
    rows, external = [list(row) for row in flows], list(inflow)
    gains, throughflow = _gains(as_array(as_table(rows, "flows"), "flows"), as_vector(external, len(rows), "inflow"))
    total = float(throughflow.sum())
    if total == 0:
        return None
    reply: Reply[Amount] = reply_in(external, rows)
    return reply.ratio(float(gains @ throughflow) / total)


def _gains(flows: Array, inflow: Array) -> tuple[Array, Array]:
    """Return each company's probability of seeing a dollar again, 1 - 1/n_ii, and its throughflow."""
    import numpy as np

    throughflow = np.maximum(flows.sum(axis=0) + inflow, flows.sum(axis=1))
    onward = np.divide(flows, throughflow[:, None], out=np.zeros_like(flows), where=throughflow[:, None] > 0)
    closed = _never_leaks(flows, throughflow)
    gains = closed.astype(float)
    leaky = ~closed
    if leaky.any():
        visits = np.linalg.inv(np.eye(int(leaky.sum())) - onward[np.ix_(leaky, leaky)])
        gains[leaky] = np.clip(1 - 1 / np.diagonal(visits), 0, 1)
    return gains, throughflow


def _never_leaks(flows: Array, throughflow: Array) -> NDArray[np.bool_]:
    """Return the companies from which no money ever leaves the graph: what they pay out comes back for certain.

    They are those from which no leaking company (one that pays out less than passes through it) can be reached.
    """
    passed_on = flows.sum(axis=1)
    leaks = passed_on < throughflow * (1 - 1e-12)
    ends = (throughflow == 0) | leaks
    pays = flows > 0
    while True:
        wider = ends | (pays & ends[None, :]).any(axis=1)
        if (wider == ends).all():
            closed: NDArray[np.bool_] = ~ends
            return closed
        ends = wider
