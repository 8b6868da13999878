"""What rows that could not be read seem to say, so that other rows are not blamed for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from events.names import folded
from ledger.intake.located import Rejected
from ledger.record.refusals import RefusedError

__all__ = ["Claims", "claims_of"]


@dataclass(frozen=True)
class Claims:
    """The keys, legs (`deal/leg`) and company names (in compared form) that bad rows of an input would give."""

    keys: frozenset[str] = frozenset()
    legs: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()

    def excuse(self, refusal: RefusedError) -> bool:
        """Say whether a refusal only follows from a row that is bad itself."""
        kind, name = refusal.lacks or ("", "")
        if kind == "company":
            return folded(name) in self.companies
        if kind == "deal":
            return any(leg.startswith(f"{name}/") for leg in self.legs)
        return name in (self.legs if kind == "leg" else self.keys)


def claims_of(rejected: Iterable[Rejected]) -> Claims:
    """Collect what rejected rows claim, as far as they are rows at all."""
    raws = [row.raw for row in rejected if row.raw]
    return Claims(
        keys=frozenset(key for raw in raws if isinstance(key := raw.get("key"), str)),
        legs=frozenset(f"{raw.get('deal')}/{raw.get('leg')}" for raw in raws if "leg" in raw),
        companies=frozenset(
            folded(name) for raw in raws if raw.get("type") == "company_registered" for name in _names(raw)
        ),
    )


def _names(raw: dict[str, object]) -> Iterator[str]:
    aliases = raw.get("aliases")
    given = [raw.get("company"), raw.get("name"), raw.get("ticker"), *(aliases if isinstance(aliases, list) else [])]
    return (name for name in given if isinstance(name, str))
