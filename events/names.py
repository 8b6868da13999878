"""How names of companies are compared: in any script, whatever the case, width, spacing or invisible characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

__all__ = ["directory", "folded", "unseen"]

# The characters that show nothing (Unicode's Default_Ignorable_Code_Point, and annotation marks that nobody draws).
_UNSEEN_RANGES = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x061C, 0x061C),  # Arabic letter mark
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian variation selectors
    (0x200B, 0x200F),  # zero-width space and joiners, direction marks
    (0x202A, 0x202E),  # direction embeddings and overrides
    (0x2060, 0x206F),  # word joiner, invisible operators, direction isolates
    (0x3164, 0x3164),  # Hangul filler
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFA0, 0xFFA0),  # Hangul filler
    (0xFFF0, 0xFFFB),  # unassigned specials, annotation marks
    (0x1BCA0, 0x1BCA3),  # shorthand controls
    (0x1D173, 0x1D17A),  # musical controls
    (0xE0000, 0xE0FFF),  # tags and further variation selectors
)
_UNSEEN = frozenset(point for first, last in _UNSEEN_RANGES for point in range(first, last + 1))
# One sign with several shapes: whoever types it takes the one on the keyboard.
_SHAPES = {
    "'": "\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032",
    '"': "\u201c\u201d\u201e\u201f\u2033",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63",
    "/": "\u2044\u2215",
    " ": "\u2800",  # a Braille cell without dots
}
_AS_TYPED: dict[int, str | None] = {
    **dict.fromkeys(_UNSEEN),
    **{ord(shape): sign for sign, shapes in _SHAPES.items() for shape in shapes},
}


def folded(name: str) -> str:
    """Return the form in which two spellings of one name are equal (`NVDA`, `nvda` and the wide letters of Asian type are one).

    Case, width and spacing do not count, nor do characters that show nothing; typographic quotes and dashes are those of
    the keyboard. What is left of a name that shows nothing is empty. Ledgers store this form in an index: a change of
    the rule leaves plain ASCII as it is, so that readers need to fold again only what is stored beyond it.
    """
    if name.isascii():
        return " ".join(name.lower().split())
    # Folding can undo normal form and the other way round, so each is applied until neither changes anything.
    once = unicodedata.normalize("NFKC", name.translate(_AS_TYPED))
    twice = unicodedata.normalize("NFKC", once.casefold()).translate(_AS_TYPED)
    return " ".join(unicodedata.normalize("NFKC", twice).split())


def unseen(name: str) -> list[str]:
    """Return the characters of a name that show nothing, each once, in order."""
    return list(dict.fromkeys(char for char in name if ord(char) in _UNSEEN))


def directory(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return the slug for every name that companies go by, folded, from (slug, names) in the order of registration.

    A slug is always its own company's; of two companies with one name (which older ledgers may hold) the first has it.
    """
    found: dict[str, str] = {}
    listed = [(slug, list(names)) for slug, names in named]
    for slug, _ in listed:
        found[folded(slug)] = slug
    for slug, names in listed:
        for name in names:
            found.setdefault(folded(name), slug)
    found.pop("", None)  # a name that shows nothing names nobody
    return found
