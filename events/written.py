"""Takes a typed quantity apart: what stands before its digits, the digits, what stands behind; and says what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from events.errors import BadValueError
from events.numerals import DIGITS_MAX, Style, is_ambiguous, meant, plain, read_digits, shifted
from events.other_spellings import in_ascii, other_qualifier, other_scale, rewritten

__all__ = ["AMBIGUOUS", "PLACES", "SCALES", "NotReadableError", "Written", "written"]

PLACES = 6
"""The decimals that an event can hold."""

SCALES = {
    "": 0, "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9,
    "t": 12, "tn": 12, "trillion": 12, "万": 4, "萬": 4, "亿": 8, "億": 8, "万亿": 12, "萬億": 12,
    "만": 4, "억": 8, "조": 12,
}  # fmt: skip
"""The power of ten of each scale, in lower case."""

AMBIGUOUS = "is ambiguous: one group of three digits may be thousands or decimals"

_EXAMPLES = {
    "an amount": "write it like 100B USD, up_to 1.5M EUR or undisclosed",
    "a whole number": "write it like 160000000, 160M or undisclosed",
    "a capacity": "write gigawatts like 4.5, 4.5 GW or 500 MW",
    "a share": "write a fraction such as 0.25, or 25%",
    "a number": "write digits such as 0.25",
}
_SAYS_NOTHING = frozenset({"", "-", "--", "–", "—", "?", "n/a", "na", "n.a.", "none", "null", "nil", "unknown", "tbd"})
_FRACTIONS = "½¼¾"
# Digits of any script, and what could belong to one number with them: marks, blanks before another digit, an exponent.
_SHAPE = re.compile(
    rf"(?P<before>(?:[^\d.,{_FRACTIONS}]|(?<=[^\W\d_])\.)*)"  # a point behind a letter ends an abbreviation
    rf"(?P<digits>0[xX][0-9a-fA-F]+|[\d.,{_FRACTIONS}]"
    rf"(?:[\d.,{_FRACTIONS}'\u2019\u02bc_]|\s+(?=\d)|[eE](?=[+-]?\d)|(?<=[eE])[+-])*)"
    r"(?P<after>.*)\Z",
    re.DOTALL,
)


class NotReadableError(BadValueError):
    """A text is no quantity, or could be more than one: `what` is wrong with `got`, the text as typed."""

    def __init__(self, what: str, got: str, advice: str) -> None:
        super().__init__(f"{what} (got {got!r})", advice=advice)
        self.what = what
        self.got = got


@dataclass(frozen=True, slots=True)
class Written:
    """A text taken apart; `kind` is what it is to be, such as `an amount`."""

    text: str
    kind: str
    before: str
    digits: str
    after: str

    def refuse(self, what: str = "", advice: str = "") -> NoReturn:
        """Raise NotReadableError: by itself that it is not of the kind, with an example of the kind."""
        raise NotReadableError(what or f"is not {self.kind}", self.text, advice or _EXAMPLES[self.kind])

    def is_negative(self) -> bool:
        """Say whether nothing but a minus stands before the digits; refuse anything else than that or nothing."""
        if self.before in {"+", "\u2212"}:
            sign = "-" if self.before == "\u2212" else ""
            said = [self.digits] if read_digits(self.digits, "ratio") is not None else meant(self.digits, "whole")
            ways = " or ".join(f"{sign}{option}{self.after}" for option in said)
            self.refuse(advice=ways and f"write {ways}")
        if self.before not in {"", "-"}:
            self.refuse(advice=self._unqualified())
        if self.before and not self.text.strip().startswith(f"-{self.digits[:1]}"):  # a dash apart may be a bullet
            self.refuse(advice=f"write -{self.digits}{self.after}")
        return self.before == "-"

    def refuse_scale(self, style: Style, *, unit: str = "", instead: str = "") -> NoReturn:
        """Refuse what stands behind the digits: say the number in a scale that is read where it has one of another country.

        `unit` follows the number in the advice, `instead` is the advice where it is no scale at all.
        """
        scale, powers = other_scale(self.after, self.text)
        said = [f"{self.before}{option}{unit}" for option in rewritten(self.digits, powers, style)]
        if len(powers) > 1:
            self.refuse(
                f"is not {self.kind}: {scale} is of several sizes", f"write {' or '.join(said)}" if said else ""
            )
        self.refuse(advice=f"write {' or '.join(said)}" if said else instead)

    def _unqualified(self) -> str:
        """Say what to write where a qualifier stands before a number that has none; empty where it is none."""
        sign = self.before if self.before in {"~", "≈", "≥", ">=", "≤", "<="} else ""
        word, _, rest = other_qualifier(self.before)
        if (not sign and not word) or rest:
            return ""
        return f"write {self.digits}{self.after}: only money is written with a qualifier, a metric has a field for it"

    def value(self, style: Style, *, places: int = PLACES, power: int = 0, unit: str = "") -> Decimal:
        """Return the number that the digits say, times a power of ten and without its sign.

        `unit` follows the number in what the advice says to write. Raises NotReadableError, with what was probably meant.
        """
        found = read_digits(self.digits, style)
        if found is None:
            sign = "-" if self.before == "-" else ""
            said = " or ".join(f"{sign}{option}{unit}" for option in meant(self.digits, style))
            self.refuse(AMBIGUOUS if is_ambiguous(self.digits, style) else "", said and f"write {said}")
        number = shifted(found, power)
        whole, _, fraction = plain(number).partition(".")
        if len(whole) > DIGITS_MAX:
            self.refuse(f"has more than {DIGITS_MAX} digits before the point", "leave out the digits that are too many")
        if len(fraction) > places:
            self.refuse(f"has more than {places} decimals", f"round it to {places} decimals")
        return number


def written(text: str, kind: str) -> Written:
    """Return a text taken apart at its digits. Raises NotReadableError where it has none."""
    usual = in_ascii(text)
    if usual != text and (plainly := _SHAPE.match(usual.strip())):
        digits = plainly["digits"]
        said = (digits,) if read_digits(digits, "whole") is not None else meant(digits, "whole") or (digits,)
        ways = " or ".join(f"{plainly['before']}{option}{plainly['after']}" for option in said)
        raise NotReadableError(f"is not {kind}", text, f"write {ways}")
    found = _SHAPE.match(text.strip())
    if text.strip().casefold() in _SAYS_NOTHING:
        leave = kind in {"an amount", "a whole number", "a capacity"}
        advice = "write undisclosed, or leave it out; it is never taken as 0" if leave else _EXAMPLES[kind]
        raise NotReadableError(f"is not {kind}", text, advice)
    if not found:
        raise NotReadableError(f"is not {kind}", text, _EXAMPLES[kind])
    return Written(text, kind, found["before"].strip(), found["digits"], found["after"].strip())
