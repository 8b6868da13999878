"""A small log of purchases and payments as the tables know one, and what makes two logs differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

from events.envelope import Batch, Feed, Recorded
from projections.kept import LogAt
from projections.warehouse import Warehouse
from tests.oracle.pieces import event, paid, purchase, usd
from tests.oracle.recording import recorded

__all__ = ["entries_of", "feed_of", "log_of", "rebuilt", "root_of"]


def entries_of(count: int, *, amount: str = "100") -> tuple[Recorded, ...]:
    """Record two companies, a purchase of an amount, a payment, and corrections of the purchase, up to `count` in all."""
    agreed = purchase(amount=usd(amount))
    mended = {**agreed, "amount": usd("70")}
    fix = {"corrects": agreed["key"], "replacement": mended, "reason": "misread"}
    raws = [
        event("company_registered", company="openai", name="OpenAI", layer="model"),
        event("company_registered", company="oracle", name="Oracle", layer="cloud"),
        agreed,
        paid("10"),
        event("event_corrected", **fix),
        paid("20"),
        event("status_changed", deal="d", leg="supply", status="completed"),
    ]
    return recorded(raws[:count])


def root_of(entries: tuple[Recorded, ...]) -> str:
    """Name the content of a log by a digest, as a tree's root does."""
    return sha256(b"\n".join(entry.leaf for entry in entries)).hexdigest()


def feed_of(entries: tuple[Recorded, ...], after: int = 0) -> Feed:
    """Hand a log out one leaf at a time."""
    return ([(entry.position, entry.leaf)] for entry in entries if entry.position > after)


def log_of(
    entries: tuple[Recorded, ...], *, feed: Callable[[int], Iterator[Batch]] | None = None, knows: bool = True
) -> LogAt:
    """Return a log at its end; `knows` says whether it can tell its earlier roots."""
    return LogAt(
        len(entries),
        root_of(entries),
        lambda size: root_of(entries[:size]) if knows else None,
        feed or (lambda after: iter(feed_of(entries, after))),
    )


def rebuilt(entries: tuple[Recorded, ...]) -> str:
    """Return the fingerprint of tables made from the whole log."""
    with Warehouse.in_memory(feed_of(entries), root=root_of(entries)) as warehouse:
        return warehouse.fingerprint()
