"""What people type beside a number that is not read here, and what to type instead: scales and qualifiers of other countries.

One table for each, so that a hint is the same at every door. A scale that can mean one thing only is worked out.
"""

from __future__ import annotations

import re
from decimal import Decimal

from events.numerals import Style, is_ambiguous, meant, plain, read_digits, shifted

__all__ = ["in_ascii", "leaves_out", "other_qualifier", "other_scale", "rewritten"]

# Each with the powers of ten that it can be.
_SCALES: dict[str, tuple[int, ...]] = {
    "tsd": (3,), "tausend": (3,), "mil": (3, 6),
    "mm": (6,), "mio": (6,), "mios": (6,), "mln": (6,), "mill": (6,), "millions": (6,), "millionen": (6,), "millones": (6,),
    "g": (9,), "mrd": (9,), "mrds": (9,), "mia": (9,), "mld": (9,), "md": (9,), "mds": (9,), "bln": (9,), "bil": (9,),
    "billions": (9,), "milliard": (9,), "milliards": (9,), "milliarde": (9,), "milliarden": (9,), "miliardi": (9,),
    "bio": (12,), "billionen": (12,), "trillions": (12,),
    "lakh": (5,), "lakhs": (5,), "lac": (5,), "cr": (7,), "crore": (7,), "crores": (7,),
    "lakh cr": (12,), "lakh crore": (12,), "lakh crores": (12,),
    "千": (3,), "百万": (6,), "百萬": (6,), "千万": (7,), "千萬": (7,), "천": (3,), "백만": (6,), "천만": (7,), "십억": (9,),
    "兆": (12, 6),
}  # fmt: skip
_SCALES_LONGEST_FIRST = sorted(_SCALES, key=len, reverse=True)
# With money of these countries 兆 is a trillion; alone it is a million to the measures of mainland China.
_OF_TRILLIONS = re.compile(r"円|圓|元|幣|币|원|¥|₩|yen|jpy|twd|krw|nt\$", re.IGNORECASE)
_LETTERS = {12: "T", 9: "B", 6: "M", 3: "K", 0: ""}

_QUALIFIERS = {
    "about": ("approx", "approximately", "appr", "ca", "circa", "around", "roughly", "some", "nearly", "almost",
              "close to", "rund", "etwa", "environ", "约", "約", "약"),
    "at_least": (">", "over", "above", "more than", "greater than", "no less than", "not less than", "min", "minimum",
                 "mindestens", "über"),
    "up_to": ("<", "under", "below", "less than", "at most", "no more than", "not more than", "max", "maximum",
              "as much as", "bis zu"),
}  # fmt: skip
_QUALIFIER = re.compile(
    rf"(?P<word>{'|'.join(re.escape(word) for word in sorted((w for ws in _QUALIFIERS.values() for w in ws), key=len, reverse=True))})"
    r"(?![^\W\d_])\.?\s*(?P<rest>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
# Of these the number itself is not meant.
_BEYOND = frozenset({">", "<", "over", "above", "under", "below", "more than", "greater than", "less than", "über"})
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
del _FULL_WIDTH[0xFF04]  # the sign of the dollar, which is read


def in_ascii(text: str) -> str:
    """Return a text with the full-width letters, digits and marks of Asian type as the plain ones."""
    return text.translate(_FULL_WIDTH)


def other_scale(rest: str, text: str) -> tuple[str, tuple[int, ...]]:
    """Return with which scale of another country a text goes on behind its digits, and the powers of ten that it can be.

    `text` is the whole of it, whose currency may settle which; a scale that is none of these is empty.
    """
    found = re.sub(r"\s+", " ", rest)
    for name in _SCALES_LONGEST_FIRST:
        behind = found[len(name) : len(name) + 1]
        if found.casefold().startswith(name) and not (name.isascii() and behind.isascii() and behind.isalpha()):
            powers = (12,) if name == "兆" and _OF_TRILLIONS.search(text) else _SCALES[name]
            return found[: len(name)], powers
    return "", ()


def rewritten(digits: str, powers: tuple[int, ...], style: Style) -> tuple[str, ...]:
    """Return a number of another scale in the scales that are read, one text for each thing that it can mean."""
    said = meant(digits, style) if read_digits(digits, style) is None else (digits.replace(",", ""),)
    return tuple(_scaled(Decimal(option), power) for option in said for power in powers)


def _scaled(number: Decimal, power: int) -> str:
    """Write a number times a power of ten in the greatest scale that leaves a number of one meaning, from 1 up."""
    value = shifted(number, power)
    for scale, letter in _LETTERS.items():
        said = plain(shifted(value, -scale))
        if value >= Decimal(10) ** scale and not is_ambiguous(said, "whole"):
            return f"{said}{letter}"
    return plain(value)


def other_qualifier(before: str) -> tuple[str, str, str]:
    """Return the word that qualifies a number and is not read, the qualifier that it means, and what stands behind it.

    All are empty where there is none.
    """
    found = _QUALIFIER.match(before)
    if not found:
        return "", "", ""
    word = found["word"].casefold()
    return found["word"], next(name for name, words in _QUALIFIERS.items() if word in words), found["rest"]


def leaves_out(word: str) -> bool:
    """Say whether a qualifier leaves the number itself out, as `more than` does."""
    return word.casefold() in _BEYOND
