"""How company names are compared: in any script, whatever the case, width or spacing."""

from __future__ import annotations

import unicodedata

__all__ = ["folded"]


def folded(name: str) -> str:
    """Give the form in which two spellings of one name are equal (`NVDA`, `nvda` and the wide letters of Asian type are one)."""
    if name.isascii():
        return " ".join(name.lower().split())
    # Folding can undo normal form and the other way round, so each is applied until neither changes anything.
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(once.split())
