"""The formulas of the product as pure functions, to be checked apart from the ledger.

`from projections.measures import round_trip` loads the one module that holds it: importing this package costs
about a millisecond, and numpy, scipy and networkx are loaded only by the functions that need them. The functions are
explained, with their sources and examples that run, in docs/measures-functions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projections.measures.basis import UpTo, Weighed, unexplained, up_to, weigh
    from projections.measures.circularity import Circulation, RoundTrip, circulation, round_trip
    from projections.measures.clearing import Clearing, eisenberg_noe, executory_claim, rogers_veraart
    from projections.measures.commitments import (
        GW_PER_LARGE_REACTOR,
        funding_gap,
        implied_growth,
        multiple,
        reactor_equivalents,
        required_revenue,
        yearly_shortfalls,
    )
    from projections.measures.concentration import (
        HerfindahlBounds,
        concentration_band,
        effective_names,
        herfindahl,
        herfindahl_bounds,
        top_share,
    )
    from projections.measures.contagion import DebtRank, Furfine, debtrank, differential_debtrank, furfine
    from projections.measures.contingent import ContingentShares, contingently_issuable
    from projections.measures.demand import growth_line, indexed
    from projections.measures.dilution import (
        EarningsPerShare,
        Ownership,
        contra_revenue,
        earnings_per_share,
        ownership,
        treasury_stock_shares,
    )
    from projections.measures.errors import (
        MeasureError,
        NaiveInstantError,
        NotANumberError,
        OutOfRangeError,
        ShapeError,
    )
    from projections.measures.exposure import (
        CREDIT_CONVERSION,
        CapacityInterval,
        LargeExposure,
        NetExposure,
        capacity_interval,
        credit_equivalent,
        large_exposure,
        net_exposure,
    )
    from projections.measures.helmholtz import Hodge, hodge_split
    from projections.measures.leverage import (
        ShadowLeverage,
        imputed_debt,
        loi_backed_share,
        revenue_to_service,
        shadow_leverage,
        vendor_financing_ratio,
    )
    from projections.measures.lookthrough import look_through
    from projections.measures.loops import Loop, Loops, simple_loops
    from projections.measures.reaction import MarketModel, abnormal_value, market_model, session_of
    from projections.measures.schedule import remaining_on_schedule
    from projections.measures.tracing import LoopGain, finn_cycling_index, loop_gain
    from projections.measures.warrants import hurdle_warrant_value

__all__ = [
    "CREDIT_CONVERSION",
    "GW_PER_LARGE_REACTOR",
    "CapacityInterval",
    "Circulation",
    "Clearing",
    "ContingentShares",
    "DebtRank",
    "EarningsPerShare",
    "Furfine",
    "HerfindahlBounds",
    "Hodge",
    "LargeExposure",
    "Loop",
    "LoopGain",
    "Loops",
    "MarketModel",
    "MeasureError",
    "NaiveInstantError",
    "NetExposure",
    "NotANumberError",
    "OutOfRangeError",
    "Ownership",
    "RoundTrip",
    "ShadowLeverage",
    "ShapeError",
    "UpTo",
    "Weighed",
    "abnormal_value",
    "capacity_interval",
    "circulation",
    "concentration_band",
    "contingently_issuable",
    "contra_revenue",
    "credit_equivalent",
    "debtrank",
    "differential_debtrank",
    "earnings_per_share",
    "effective_names",
    "eisenberg_noe",
    "executory_claim",
    "finn_cycling_index",
    "funding_gap",
    "furfine",
    "growth_line",
    "herfindahl",
    "herfindahl_bounds",
    "hodge_split",
    "hurdle_warrant_value",
    "implied_growth",
    "imputed_debt",
    "indexed",
    "large_exposure",
    "loi_backed_share",
    "look_through",
    "loop_gain",
    "market_model",
    "multiple",
    "net_exposure",
    "ownership",
    "reactor_equivalents",
    "remaining_on_schedule",
    "required_revenue",
    "revenue_to_service",
    "rogers_veraart",
    "round_trip",
    "session_of",
    "shadow_leverage",
    "simple_loops",
    "top_share",
    "treasury_stock_shares",
    "unexplained",
    "up_to",
    "vendor_financing_ratio",
    "weigh",
    "yearly_shortfalls",
]

_HOMES = {
    "basis": ("UpTo", "Weighed", "unexplained", "up_to", "weigh"),
    "circularity": ("Circulation", "RoundTrip", "circulation", "round_trip"),
    "clearing": ("Clearing", "eisenberg_noe", "executory_claim", "rogers_veraart"),
    "commitments": (
        "GW_PER_LARGE_REACTOR",
        "funding_gap",
        "implied_growth",
        "multiple",
        "reactor_equivalents",
        "required_revenue",
        "yearly_shortfalls",
    ),
    "concentration": (
        "HerfindahlBounds",
        "concentration_band",
        "effective_names",
        "herfindahl",
        "herfindahl_bounds",
        "top_share",
    ),
    "contagion": ("DebtRank", "Furfine", "debtrank", "differential_debtrank", "furfine"),
    "contingent": ("ContingentShares", "contingently_issuable"),
    "demand": ("growth_line", "indexed"),
    "dilution": (
        "EarningsPerShare",
        "Ownership",
        "contra_revenue",
        "earnings_per_share",
        "ownership",
        "treasury_stock_shares",
    ),
    "errors": ("MeasureError", "NaiveInstantError", "NotANumberError", "OutOfRangeError", "ShapeError"),
    "exposure": (
        "CREDIT_CONVERSION",
        "CapacityInterval",
        "LargeExposure",
        "NetExposure",
        "capacity_interval",
        "credit_equivalent",
        "large_exposure",
        "net_exposure",
    ),
    "helmholtz": ("Hodge", "hodge_split"),
    "leverage": (
        "ShadowLeverage",
        "imputed_debt",
        "loi_backed_share",
        "revenue_to_service",
        "shadow_leverage",
        "vendor_financing_ratio",
    ),
    "lookthrough": ("look_through",),
    "loops": ("Loop", "Loops", "simple_loops"),
    "reaction": ("MarketModel", "abnormal_value", "market_model", "session_of"),
    "schedule": ("remaining_on_schedule",),
    "tracing": ("LoopGain", "finn_cycling_index", "loop_gain"),
    "warrants": ("hurdle_warrant_value",),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Load the module that defines a public name, when the name is first asked for."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
