"""The figures of circularity of one graph, company by company and of the whole, with None for what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from projections.queries.asked import rounded
from projections.queries.loops.flows import Edges

__all__ = ["Circularity", "circularity"]

Figures = dict[str, Decimal | bool | None]
_NOBODY = ""
_GAIN = ("loop_gain", "loop_gain_multiplier", "loop_gain_low", "loop_gain_pro_rata", "loop_gain_high")


@dataclass(frozen=True, slots=True)
class Circularity:
    """The measures of one graph: figures by company, and those of the whole."""

    by_company: dict[str, Figures]
    whole: Figures


def circularity(edges: Edges) -> Circularity:
    """Measure a graph whose edges are (payer, payee, amount), None for an amount that is not known.

    A sum is None where nothing of it is disclosed though something flows. A round trip is None where no disclosed money
    comes in, or where every way round leads over an undisclosed amount; with some such way beside it, it is a floor.
    """
    from projections.measures import loop_gain
    from projections.measures.roundtrips import market_circularity

    if not edges:
        return Circularity({}, {"total_flow": Decimal(0), "circulation": Decimal(0), "circulation_share": None})
    # Among amounts that are all unknown nothing says that figures are Decimal.
    exact = [*edges, (_NOBODY, _NOBODY, Decimal(0))]
    market = market_circularity(exact)
    trips, most = market.round_trips, market.circulation
    # Asked of nobody, the gain of everybody comes without a round trip that is known already.
    gains = loop_gain(exact, origin=_NOBODY).by_node
    hidden = [(payer, payee) for payer, payee, amount in edges if amount is None]
    pays, receives = {payer for payer, _ in hidden}, {payee for _, payee in hidden}
    by_company: dict[str, Figures] = {}
    for name, trip in trips.items():
        known = trip.receipts > 0 and not (trip.amount == 0 and trip.undisclosed)
        figures: Figures = {
            "outlay": trip.outlay if trip.outlay or name not in pays else None,
            "receipts": trip.receipts if trip.receipts or name not in receives else None,
            "round_trip": trip.amount if known else None,
            "round_trip_is_floor": trip.undisclosed > 0 if known else None,
            "round_trip_share_of_outlay": rounded(trip.of_outlay) if known else None,
            "round_trip_share_of_receipts": rounded(trip.of_receipts) if known else None,
            **dict.fromkeys(_GAIN),
        }
        if known and trip.outlay:
            gain = gains[name]
            figures |= {
                "loop_gain": rounded(gain),
                "loop_gain_multiplier": rounded(1 / (1 - gain)) if gain < 1 else None,
                "loop_gain_low": Decimal(0),
                "loop_gain_pro_rata": rounded(gain * trip.outlay),
                "loop_gain_high": trip.amount,
            }
        by_company[name] = figures
    unknown = most.circulating == 0 and any(trip.undisclosed for trip in trips.values())
    return Circularity(
        by_company,
        {
            "total_flow": most.total if most.total or not hidden else None,
            "circulation": None if unknown else most.circulating,
            "circulation_share": None if unknown else rounded(most.share),
        },
    )
