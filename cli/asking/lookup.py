"""Finding in the ledger what a person named: a key, a leg, a deal, or a company by any of its names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from events.errors import not_found

if TYPE_CHECKING:
    from events.errors import NotFoundError
    from ledger.reader import LedgerReader
    from ledger.store.entries import Entry

__all__ = ["Found", "company_slug", "find", "recorded_deal"]


class Found(NamedTuple):
    """What a name turned out to be (`key`, `leg`, `deal` or `company`), and the entries that belong to it."""

    kind: str
    name: str
    entries: list[Entry]


def company_slug(reader: LedgerReader, name: str) -> str:
    """Return a company's slug by any of its names. Raises NotFoundError with the nearest one."""
    slug = reader.company(name)
    if slug is None:
        known = [known for company in reader.companies() for known in company.names]
        raise not_found("no company goes by", name, known, otherwise="list them with: deals companies")
    return slug


def recorded_deal(reader: LedgerReader, deal: str) -> str:
    """Return a deal as it is where some recorded event is about it. Raises NotFoundError with the nearest one."""
    if next(reader.entries(deal=deal), None) is None:
        raise not_found(
            "no deal is called", deal, reader.deals(), otherwise="list them with: deals legs --include-ended"
        )
    return deal


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
    raise _nothing(reader, name, entries)


def _concerns(entry: Entry, leg: str) -> bool:
    """Say whether an entry of a deal is about one of its legs; a status without a leg is about each of them."""
    return entry.leg == leg or (entry.leg is None and entry.type == "status_changed")


def _nothing(reader: LedgerReader, name: str, of_deal: list[Entry]) -> NotFoundError:
    """Say that nothing has a name; the advice is a leg of the same deal, else a company, deal or key that looks alike."""
    what = "nothing in the ledger is called"
    if of_deal:
        legs = sorted({f"{entry.deal}/{entry.leg}" for entry in of_deal if entry.leg})
        return not_found(what, name, legs, otherwise=f"legs of that deal: {', '.join(legs)}")
    known = {known for company in reader.companies() for known in company.names}
    known.update(reader.deals(), reader.keys(name[:3]))
    return not_found(what, name, known, otherwise="list what there is with: deals log, deals companies")
