"""Finding in the ledger what a person named: a key, a leg, a deal, or a company by any of its names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from events.errors import NotFoundError, suggestion

if TYPE_CHECKING:
    from ledger.reader import LedgerReader
    from ledger.store.entries import Entry

__all__ = ["Found", "company_slug", "find"]


class Found(NamedTuple):
    """What a name turned out to be (`key`, `leg`, `deal` or `company`), and the entries that belong to it."""

    kind: str
    name: str
    entries: list[Entry]


def company_slug(reader: LedgerReader, name: str) -> str:
    """Give a company's slug by any of its names. Raises NotFoundError with the nearest one."""
    slug = reader.company(name)
    if slug is None:
        known = [known for company in reader.companies() for known in company.names]
        raise NotFoundError(
            f"no company goes by {name!r}", advice=suggestion(name, known) or "list them with: deals companies"
        )
    return slug


def find(reader: LedgerReader, name: str) -> Found:
    """Find what a name means. Raises NotFoundError with the nearest thing that is there."""
    if reader.find(name) is not None:
        return Found("key", name, reader.chain(name))
    deal, _, leg = name.partition("/")
    entries = list(reader.entries(deal=deal))
    if entries and not leg:
        return Found("deal", deal, entries)
    if any(entry.leg == leg for entry in entries):
        return Found("leg", name, [entry for entry in entries if _concerns(entry, leg)])
    slug = reader.company(name)
    if slug is not None:
        return Found("company", slug, list(reader.entries(company=slug)))
    raise NotFoundError(f"nothing in the ledger is called {name!r}", advice=_nearest(reader, name, entries))


def _concerns(entry: Entry, leg: str) -> bool:
    """Say whether an entry of a deal is about one of its legs; a status without a leg is about each of them."""
    return entry.leg == leg or (entry.leg is None and entry.type == "status_changed")


def _nearest(reader: LedgerReader, name: str, of_deal: list[Entry]) -> str:
    """Suggest a leg of the same deal, else a company, deal or key that looks alike."""
    if of_deal:
        legs = sorted({f"{entry.deal}/{entry.leg}" for entry in of_deal if entry.leg})
        return suggestion(name, legs) or f"legs of that deal: {', '.join(legs)}"
    known = {known for company in reader.companies() for known in company.names}
    known.update(entry.deal for entry in reader.entries() if entry.deal)
    known.update(reader.keys(name[:3]))
    return suggestion(name, known) or "list what there is with: deals log, deals companies"
