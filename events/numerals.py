"""How the digits of a number may be written: 0 to 9, one point, commas between groups of three, and nothing to be guessed."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext
from typing import Literal

__all__ = ["DIGITS_MAX", "Style", "is_ambiguous", "meant", "plain", "read_digits", "shifted"]

Style = Literal["whole", "count", "ratio"]
"""What the number is of: a `whole` (money, and whatever has a scale), a `count`, or a `ratio` (shares, rates, gigawatts).

A lone group of three digits, `1.080` or `1,080`, is 1080 to one half of the world and 1.08 to the other, so it is not read,
whichever its mark. A ratio is never a thousand or more: three digits after its point are decimals, and after a comma too.
"""

DIGITS_MAX = 30

_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?\Z")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?\Z")
_LONE = re.compile(r"(?P<whole>[1-9][0-9]{0,2})(?P<mark>[.,])(?P<group>[0-9]{3})\Z")
# What else parts groups of three, here and there: blanks of any width, apostrophes, underscores.
_MARKS = "[\\s_'\u2019\u02bc\u066c]"  # a blank here is any that Unicode knows
_MARKED = re.compile(rf"[0-9]{{1,3}}(?:{_MARKS}[0-9]{{3}})+(?P<rest>[.,][0-9]+)?\Z")
_EXPONENT = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)[eE](?P<power>[+-]?[0-9]{1,2})\Z")
_HEXADECIMAL = re.compile(r"0[xX](?P<digits>[0-9a-fA-F]{1,16})\Z")
_INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?\Z")
_CONTINENTAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+\Z")
_ALL_POINTS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}\Z")


def plain(number: Decimal) -> str:
    """Return a number in its one form: no exponent, no zeros that say nothing, no plus sign."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def shifted(number: Decimal, power: int) -> Decimal:
    """Return a number times a power of ten, with every digit kept."""
    with localcontext(prec=4 * DIGITS_MAX):
        return number.scaleb(power)


def is_ambiguous(digits: str, style: Style) -> bool:
    """Say whether digits with one lone group of three are read differently in different countries."""
    return style != "ratio" and _LONE.match(digits) is not None


def read_digits(digits: str, style: Style) -> Decimal | None:
    """Return the number that digits without a sign say, None where they are not written in the one way."""
    lone = _LONE.match(digits)
    if lone and (style != "ratio" or lone["mark"] == ","):
        return None
    return Decimal(digits.replace(",", "")) if _PLAIN.match(digits) or _GROUPED.match(digits) else None


def meant(digits: str, style: Style) -> tuple[str, ...]:
    """Return what digits that cannot be read were probably meant as, each in a form that can; empty where nobody knows."""
    lone = _LONE.match(digits)
    if lone:
        whole, group = lone["whole"], lone["group"]
        if style == "count":  # of which there are no parts
            return (whole + group,)
        # Where three digits all count, a fourth one says that they come after the point.
        fraction = group.rstrip("0") if style == "ratio" or group.endswith("0") else f"{group}0"
        decimals = f"{whole}.{fraction}" if fraction else whole
        return (decimals,) if style == "ratio" else (whole + group, decimals)
    found = {_normal(text) for text in _guesses(digits)} - {None}
    return tuple(sorted(text for text in found if text is not None and read_digits(text, style) is not None))


def _normal(text: str) -> str | None:
    return plain(Decimal(text)) if _PLAIN.match(text) and len(text) <= 2 * DIGITS_MAX else None


def _guesses(digits: str) -> list[str]:
    """Return readings of digits, first of those that are written in another script."""
    latin = _in_latin(digits)
    if latin != digits:
        return [latin.replace(",", "")] if _PLAIN.match(latin) or _GROUPED.match(latin) else []
    if found := _EXPONENT.match(digits):
        return [format(shifted(Decimal(found["number"]), int(found["power"])), "f")]
    if found := _HEXADECIMAL.match(digits):
        return [str(int(found["digits"], 16))]
    if found := _MARKED.match(digits):
        rest = found["rest"] or ""
        return [re.sub(_MARKS, "", digits.removesuffix(rest)) + rest.replace(",", ".")]
    if digits.startswith("."):
        return [f"0{digits}"]
    return [digits[:-1]] if digits.endswith((".", ",")) else _parted(digits)


def _parted(digits: str) -> list[str]:
    """Return readings of digits with commas or points in places where they part no groups of three."""
    if _CONTINENTAL.match(digits):
        return [digits.replace(".", "").replace(",", ".")]
    if _ALL_POINTS.match(digits):
        return [digits.replace(".", "")]
    if _INDIAN.match(digits):
        return [digits.replace(",", "")]
    head, comma, tail = digits.partition(",")
    if comma and "," not in tail and "." not in digits:  # 1,5 and 0,500; 1200,000 may be either
        longer = [head + tail] if len(tail) == 3 and not head.startswith("0") else []  # noqa: PLR2004 - a group
        return [f"{head}.{tail}", *longer]
    return [digits.replace(",", "")] if comma and "." in head else []


def _in_latin(digits: str) -> str:
    """Return digits of any script as 0 to 9, a lone sign for a fraction such as ½ written out, anything else as it is."""
    if len(digits) == 1 and unicodedata.category(digits) == "No":
        return plain(Decimal(str(unicodedata.numeric(digits))))
    return "".join(str(unicodedata.decimal(char, char)) for char in digits)
