"""Values as a person reads them: exact amounts in one unit a column, undisclosed as `?`, ratios with an x."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from cli.printing.width import NO_BREAK
from projections.result import plain

__all__ = ["ABSENT", "NUMERIC", "UNDISCLOSED", "amount", "cell", "column_cells", "in_words", "named", "number"]

UNDISCLOSED = "?"
NOT_MEANINGFUL = "n/m"
ABSENT = "-"
# Kinds whose cells stand flush right, digits under digits.
NUMERIC = frozenset({"money", "number", "integer", "ratio", "share"})

_EXACT = Context(prec=60)
_DECIMALS_SHOWN = 3
_EXACT_DECIMALS = 6
_FIVE_DIGITS = 10_000
_CENT, _TEN_THOUSANDTH = Decimal("0.01"), Decimal("0.0001")
# Summary figures by name, where a column does not say what they are.
_SHARES = frozenset(
    {
        *("pre_issue", "post_issue", "top_share", "share", "compute_share", "implied_growth"),
        *("circulation_share", "loi_backed_share", "loi_backed_share_executed"),
    }
)
_RATIOS = ("multiple", "burden")


@dataclass(frozen=True, slots=True)
class Scale:
    """A unit for amounts: its letter and how many ones it stands for."""

    letter: str
    ones: Decimal

    def write(self, value: Decimal) -> str:
        """Write an amount exactly in this unit; nothing is rounded."""
        return number(_EXACT.divide(value, self.ones)) + (f" {self.letter}" if self.letter and value else "")


_ONES = Scale("", Decimal(1))
_SCALES = (Scale("B", Decimal(10) ** 9), Scale("M", Decimal(10) ** 6))


def number(value: Decimal | int) -> str:
    """Write a number in full, with commas between thousands and no idle zeros."""
    text = format(value, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def scale_of(values: Iterable[Decimal | int | None]) -> Scale:
    """Choose the largest unit in which every amount is exact within three decimals; else amounts stay in full."""
    known = [Decimal(value) for value in values if value is not None]
    for scale in _SCALES:
        large = any(abs(value) >= scale.ones for value in known)
        if large and all(_decimals(_EXACT.divide(value, scale.ones)) <= _DECIMALS_SHOWN for value in known):
            return scale
    return _ONES


def _decimals(value: Decimal) -> int:
    exponent = value.normalize(_EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def amount(value: Decimal | int | None) -> str:
    """Write one amount by itself, exactly: `300 B`, `22.25 B`, `1,234,567`; `?` where it is undisclosed."""
    return UNDISCLOSED if value is None else scale_of([value]).write(Decimal(value))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT if abs(value) >= 1 else _TEN_THOUSANDTH, ROUND_HALF_EVEN, _EXACT)


def _share(value: Decimal) -> str:
    return f"{(value * 100).quantize(_CENT, ROUND_HALF_EVEN, _EXACT)} %"


_ABSENT_BY_KIND = {"text": ABSENT, "date": ABSENT, "list": ABSENT, "ratio": NOT_MEANINGFUL, "share": NOT_MEANINGFUL}


def cell(value: Any, kind: str, scale: Scale = _ONES) -> str:  # noqa: ANN401 - any value of a row
    """Write one value of a column of some kind."""
    if value is None:
        return _ABSENT_BY_KIND.get(kind, UNDISCLOSED)
    if kind == "money" and isinstance(value, Decimal | int):
        return scale.write(Decimal(value))
    if kind == "ratio":
        return f"{number(_rounded(Decimal(value)))}x"
    return _share(Decimal(value)) if kind == "share" else in_words(value)


def in_words(value: Any) -> str:  # noqa: ANN401 - any value of a row or summary
    """Write a value by what it is: yes or no, a number, a day, a list with commas, or the text itself."""
    if value is None:
        return UNDISCLOSED
    if isinstance(value, Decimal | int):
        return _number_in_words(value)
    if isinstance(value, dict):
        return " · ".join(f"{name.replace('_', ' ')} {named(name, inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(in_words, value)) or ABSENT
    return str(plain(value))


def _number_in_words(value: Decimal | int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return number(value if _decimals(value) <= _EXACT_DECIMALS else _rounded(value))
    # Four digits may be a year.
    return number(value) if abs(value) >= _FIVE_DIGITS else str(value)


def named(name: str, value: Any) -> str:  # noqa: ANN401 - any value of a summary
    """Write a summary's figure, whose name tells what it is; n/m where it could not be computed."""
    if value is None:
        return NOT_MEANINGFUL
    if name in _SHARES:
        return cell(value, "share").replace(" ", NO_BREAK)
    if name.startswith(_RATIOS) or name.endswith(_RATIOS):
        return cell(value, "ratio") if isinstance(value, Decimal | int) else in_words(value)
    if isinstance(value, Decimal):
        return amount(value).replace(" ", NO_BREAK) if _decimals(value) <= _EXACT_DECIMALS else number(_rounded(value))
    return in_words(value)


def column_cells(values: Sequence[Any], kind: str) -> list[str]:
    """Write a column; amounts share one unit and, like all numbers, align at the decimal point."""
    scale = scale_of(values) if kind == "money" else _ONES
    texts = [cell(value, kind, scale) for value in values]
    return _point_under_point(texts) if kind in NUMERIC else texts


def _point_under_point(texts: list[str]) -> list[str]:
    """Pad on the right what has fewer digits after the point than others, the unit's letter included."""
    tails = [_tail(text) for text in texts]
    widest = max(tails, default=0)
    return [text + " " * (widest - tail) for text, tail in zip(texts, tails, strict=True)]


def _tail(text: str) -> int:
    """Count what stands from the decimal point on, or behind the last digit of a whole number."""
    if "." in text:
        return len(text) - text.index(".")
    return len(text) - len(text.rstrip(" BMx%"))
