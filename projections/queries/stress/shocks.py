"""The shocks that a scenario may name, one type each, and how each is read from a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from events.statuses import UNSIGNED
from projections.queries.fields import Fields, Quantity

__all__ = [
    "SHOCKS",
    "CompanyFails",
    "CustomerFailsAfterTranches",
    "FinancierWithdraws",
    "GpuHourPrice",
    "LettersLapse",
    "RevenueDelayed",
    "RevenueScaled",
    "Shock",
    "VendorEquityStops",
    "read_shocks",
]

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class CompanyFails:
    """A company fails; its creditors get `recovery` of what it owes them, its owners nothing."""

    company: str
    recovery: Quantity = Decimal(0)


@dataclass(frozen=True, slots=True)
class RevenueScaled:
    """A company's revenue comes in at `factor` times what was counted on."""

    company: str
    factor: Quantity


@dataclass(frozen=True, slots=True)
class RevenueDelayed:
    """A company's revenue comes `years` late: what was earned that long ago is earned again."""

    company: str
    years: int = 1


@dataclass(frozen=True, slots=True)
class LettersLapse:
    """Legs with one of these statuses never sign; loans that rely on them get `recovery` of what is outstanding."""

    statuses: tuple[str, ...] = ("letter_of_intent", "term_sheet")
    company: str | None = None
    recovery: Quantity = Decimal(0)


@dataclass(frozen=True, slots=True)
class VendorEquityStops:
    """Suppliers put no further equity into their own customers; `vendor` keeps it to one of them."""

    vendor: str | None = None


@dataclass(frozen=True, slots=True)
class GpuHourPrice:
    """The price of a GPU-hour changes by a fraction: -0.5 halves it."""

    change: Quantity


@dataclass(frozen=True, slots=True)
class FinancierWithdraws:
    """A lender or investor pays out nothing more of what it has promised."""

    company: str


@dataclass(frozen=True, slots=True)
class CustomerFailsAfterTranches:
    """A customer that was given warrants fails once the first `tranches` have vested: shares given, orders lost."""

    issuer: str
    customer: str
    tranches: int
    recovery: Quantity = Decimal(0)


Shock: TypeAlias = (
    CompanyFails
    | RevenueScaled
    | RevenueDelayed
    | LettersLapse
    | VendorEquityStops
    | GpuHourPrice
    | FinancierWithdraws
    | CustomerFailsAfterTranches
)


def _recovery(fields: Fields) -> Quantity:
    return fields.given("recovery", Decimal(0), most=_ONE)


def _optional(fields: Fields, name: str) -> str | None:
    return fields.text(name) if fields.has(name) else None


def _letters(fields: Fields) -> Shock:
    usual = LettersLapse().statuses
    statuses = fields.choices("statuses", UNSIGNED, default=usual)
    return LettersLapse(statuses, _optional(fields, "company"), _recovery(fields))


def _tranches(fields: Fields) -> Shock:
    count = fields.whole("tranches", least=0)
    if not fields.has("tranches"):
        fields.complain("tranches", "needed")
    return CustomerFailsAfterTranches(fields.text("issuer"), fields.text("customer"), count or 0, _recovery(fields))


SHOCKS: dict[str, Callable[[Fields], Shock]] = {
    "company_fails": lambda fields: CompanyFails(fields.text("company"), _recovery(fields)),
    "revenue_scaled": lambda fields: RevenueScaled(fields.text("company"), fields.required("factor")),
    "revenue_delayed": lambda fields: RevenueDelayed(fields.text("company"), fields.whole("years", least=1) or 1),
    "letters_lapse": _letters,
    "vendor_equity_stops": lambda fields: VendorEquityStops(_optional(fields, "vendor")),
    "gpu_hour_price": lambda fields: GpuHourPrice(fields.required("change", least=-_ONE)),
    "financier_withdraws": lambda fields: FinancierWithdraws(fields.text("company")),
    "customer_fails_after_tranches": _tranches,
}


def read_shocks(fields: Fields) -> tuple[Shock, ...]:
    """Read the list `shocks`, each entry by its `kind`; an empty list asks what happens if nothing goes wrong."""
    shocks = []
    for entry in fields.each("shocks"):
        kind = entry.choice("kind", tuple(SHOCKS))
        if kind in SHOCKS:
            shocks.append(SHOCKS[kind](entry))
        else:
            entry.forgive()
    return tuple(shocks)
