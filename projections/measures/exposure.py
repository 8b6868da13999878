"""Who would lose how much if another failed: gross, net, credit-equivalent and capacity counted once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Generic

from projections.measures.amounts import Amount, Reply, exact, not_negative, reply_in
from projections.measures.errors import OutOfRangeError

__all__ = [
    "CREDIT_CONVERSION",
    "CapacityInterval",
    "LargeExposure",
    "NetExposure",
    "capacity_interval",
    "credit_equivalent",
    "large_exposure",
    "net_exposure",
]

CREDIT_CONVERSION: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        "loan_drawn": Decimal(1),
        "guarantee_of_debt": Decimal(1),
        "performance_bond": Decimal("0.5"),
        "committed_undrawn": Decimal("0.4"),
        "unconditionally_cancellable": Decimal("0.1"),
        "letter_of_intent": Decimal(0),
    }
)
"""Share of an item that counts as drawn credit: Basel Framework CRE20, in force since 2023."""

LARGE: Final = Decimal("0.10")
LIMIT: Final = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class LargeExposure(Generic[Amount]):
    """An exposure as a share of the base; all None where the base is missing or not above 0."""

    ratio: Amount | None
    large: bool | None
    breach: bool | None


@dataclass(frozen=True, slots=True)
class NetExposure(Generic[Amount]):
    """What is at stake before and after set-off and collateral."""

    gross: Amount
    net: Amount


@dataclass(frozen=True, slots=True)
class CapacityInterval(Generic[Amount]):
    """Gigawatts between the largest layer (all lots shared) and the sum of lots (none shared).

    `naive` adds every leg; `by_layer` holds each layer's lots; `undisclosed` counts lots of unknown size, which
    no sum includes. The bounds are None if no lot has a known size.
    """

    lower: Amount | None
    upper: Amount | None
    naive: Amount | None
    by_layer: Mapping[str, Amount]
    undisclosed: int


def large_exposure(exposure: Amount | None, base: Amount | None) -> LargeExposure[Amount]:
    """Return exposure / base, whether it is large (>= 10 %) and whether it breaches the limit (> 25 %, strictly).

    Both in the same currency; `base` is the capital base (Tier 1 for banks). Source: Basel LEX10 and LEX20.
    """
    if exposure is None or base is None or exact(base, "base") <= 0:
        return LargeExposure(None, None, None)
    ratio = not_negative(exposure, "exposure") / exact(base, "base")
    reply: Reply[Amount] = reply_in(exposure, base)
    return LargeExposure(reply(ratio), ratio >= LARGE, ratio > LIMIT)


def credit_equivalent(
    items: Iterable[tuple[str, Amount | None, Amount] | tuple[str, Amount | None]],
) -> Amount | None:
    """Return the exposure at default: drawn amounts plus conversion factor times the undrawn.

    `items` are (kind, amount, factor), or (kind, amount) with the factor of `CREDIT_CONVERSION`. None if any amount
    that counts is undisclosed. Source: Basel Framework CRE20.
    Raises OutOfRangeError for a kind without a factor, or a factor outside [0, 1].

    Reference: the product computes it in SQL, leg by leg, with the same factors.
    """
    listed = [(item[0], item[1], item[2] if len(item) > 2 else None) for item in items]  # noqa: PLR2004 - a pair or a triple
    reply: Reply[Amount] = reply_in([numbers for _, *numbers in listed])
    total = Decimal(0)
    for kind, amount, given in listed:
        if given is None and kind not in CREDIT_CONVERSION:
            known = ", ".join(CREDIT_CONVERSION)
            raise OutOfRangeError(f"no conversion factor for {kind!r}: give one, or use one of {known}")
        factor = CREDIT_CONVERSION[kind] if given is None else exact(given, f"factor of {kind}")
        if not 0 <= factor <= 1:
            raise OutOfRangeError(f"factor of {kind} must lie between 0 and 1 (got {factor})")
        if amount is None and factor:
            return None
        total += factor * not_negative(amount or Decimal(0), f"amount of {kind}")
    return reply(total)


def net_exposure(
    *, equity: Amount, claims: Amount, payables: Amount, collateral: Amount, set_off: bool
) -> NetExposure[Amount]:
    """Return gross = equity + claims and net = equity + max(0, claims - payables) - collateral, at least 0.

    Payables reduce claims only where set-off is enforceable (ASC 210-20, IAS 32.42); equity never nets against them.

    Reference: the product computes it in SQL, leg by leg, without set-off.
    """
    reply: Reply[Amount] = reply_in(equity, claims, payables, collateral)
    owned, owed = not_negative(equity, "equity"), not_negative(claims, "claims")
    owing = not_negative(payables, "payables") if set_off else Decimal(0)
    net = owned + max(Decimal(0), owed - owing) - not_negative(collateral, "collateral")
    return NetExposure(gross=reply(owned + owed), net=reply(max(Decimal(0), net)))


def capacity_interval(legs: Iterable[tuple[str, str | None, Amount | None]]) -> CapacityInterval[Amount]:
    """Return the gigawatts that legs of several supplier layers may add up to, each physical lot counted once.

    `legs` are (layer, lot, capacity_gw); a lot counts once, at its largest leg; None as a lot is a lot of its own.
    The same gigawatt may appear in the chip layer and in the host layer, so the truth lies in
    [largest layer, sum of lots]; the interval closes only as far as legs share lots.

    Reference: SQL puts each lot into one layer, that of its largest leg, so that the product's lower bound may
    lie below this one where a lot spans layers; the upper bound is the same.
    """
    listed = list(legs)
    reply: Reply[Amount] = reply_in([capacity for _, _, capacity in listed])
    lots: dict[object, Decimal | None] = {}
    in_layer: dict[str, dict[object, Decimal]] = {}
    for number, (layer, lot, capacity) in enumerate(listed):
        name: object = number if lot is None else lot
        if capacity is None:
            lots.setdefault(name, None)
            continue
        size = not_negative(capacity, f"capacity in layer {layer}")
        lots[name] = max(lots.get(name) or Decimal(0), size)
        of_layer = in_layer.setdefault(layer, {})
        of_layer[name] = max(of_layer.get(name, Decimal(0)), size)
    known = [size for size in lots.values() if size is not None]
    by_layer = {layer: sum(sizes.values(), Decimal(0)) for layer, sizes in in_layer.items()}
    naive = sum((exact(capacity) for _, _, capacity in listed if capacity is not None), Decimal(0))
    return CapacityInterval(
        lower=reply.or_none(max(by_layer.values(), default=None)),
        upper=reply.or_none(sum(known, Decimal(0)) if known else None),
        naive=reply.or_none(naive if known else None),
        by_layer={layer: reply(total) for layer, total in by_layer.items()},
        undisclosed=len(lots) - len(known),
    )
