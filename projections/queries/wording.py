"""The few turns of phrase that notes share: counted nouns, short lists of names, exact amounts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

__all__ = ["amount_text", "are", "counted", "listed"]

_NAMED_MAX = 8


def counted(number: int, noun: str) -> str:
    """Count a noun: `1 leg`, `2 legs`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def are(number: int, noun: str) -> str:
    """Count a noun as a subject: `1 leg is`, `2 legs are`."""
    return f"{counted(number, noun)} {'is' if number == 1 else 'are'}"


def listed(names: Iterable[str]) -> str:
    """List names once each, the first eight of them, and how many more there are."""
    once = list(dict.fromkeys(names))
    rest = f" and {len(once) - _NAMED_MAX} more" if len(once) > _NAMED_MAX else ""
    return ", ".join(once[:_NAMED_MAX]) + rest


def amount_text(value: Decimal | None) -> str:
    """Write an amount exactly, its thousands apart."""
    if value is None:
        return "undisclosed"
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
