"""Values as a person reads them, each by its kind: exact amounts in one unit a column, undisclosed as `?`, multiples with an x."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from cli.printing.width import NO_BREAK
from events.currencies import CURRENCIES
from projections.kinds import NUMERIC, InOrder, Kind, Listed, Shape, inner
from projections.result import Column, Row, plain

__all__ = [
    "ABSENT",
    "UNDISCLOSED",
    "alone",
    "amount",
    "cell",
    "column_cells",
    "figure",
    "in_words",
    "number",
]

UNDISCLOSED = "?"
NOT_MEANINGFUL = "n/m"
ABSENT = "-"

_EXACT = Context(prec=60)
_DECIMALS_SHOWN = 3
_EXACT_DECIMALS = 6
_FIVE_DIGITS = 10_000
_CENT, _TEN_THOUSANDTH = Decimal("0.01"), Decimal("0.0001")


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


_ABSENT_BY_KIND: dict[Kind, str] = {
    **dict.fromkeys(("text", "word", "status", "party", "date", "list"), ABSENT),
    "multiple": NOT_MEANINGFUL,
    "share": NOT_MEANINGFUL,
}


def cell(value: Any, kind: Kind, scale: Scale | None = None) -> str:  # noqa: ANN401 - any value of a row
    """Write one value of a column of some kind; `scale` is that of a column of amounts."""
    if value is None:
        return _ABSENT_BY_KIND.get(kind, UNDISCLOSED)
    if scale or kind == "money":
        return (scale or _ONES).write(Decimal(value))
    if kind == "multiple":
        return f"{number(_rounded(Decimal(value)))}x"
    if kind == "share":
        return _share(Decimal(value))
    return in_words(value)


def alone(value: Any, kind: Kind) -> str:  # noqa: ANN401 - any value of a row
    """Write one value that stands by itself, money in a unit of its own."""
    if kind == "money" and isinstance(value, Decimal | int):
        return amount(value)
    return cell(value, kind)


def in_words(value: Any) -> str:  # noqa: ANN401 - any value of a row
    """Write a value of no more than its type: yes or no, a number, a day, a list with commas, or the text itself."""
    if value is None:
        return UNDISCLOSED
    if isinstance(value, Decimal | int):
        return _number_in_words(value)
    if isinstance(value, dict):
        return " · ".join(f"{name.replace('_', ' ')} {in_words(part)}" for name, part in value.items())
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


def figure(value: Any, shape: Shape | None) -> str:  # noqa: ANN401 - any value of a summary
    """Write a figure of a summary, or a group of them on one line, by its shape; n/m where it could not be computed."""
    if value is None:
        return NOT_MEANINGFUL
    if isinstance(value, dict):
        parts = (f"{name.replace('_', ' ')} {figure(part, inner(shape, name))}" for name, part in value.items())
        return " · ".join(parts)
    if isinstance(value, list | tuple):
        return ", ".join(UNDISCLOSED if v is None else figure(v, s) for v, s in with_shapes(value, shape)) or ABSENT
    if isinstance(shape, str):
        return _one_figure(value, shape)
    return in_words(value)


def with_shapes(values: Sequence[Any], shape: Shape | None) -> Iterable[tuple[Any, Shape | None]]:
    """Pair the entries of a list with their shapes, None where nothing is said of them."""
    if isinstance(shape, InOrder):
        return zip(values, shape.shapes, strict=True)
    return ((value, shape.each if isinstance(shape, Listed) else None) for value in values)


def _one_figure(value: Any, kind: Kind) -> str:  # noqa: ANN401 - any value of a summary
    if kind == "money" and isinstance(value, Decimal) and _decimals(value) > _EXACT_DECIMALS:
        return number(_rounded(value))
    text = alone(value, kind)
    # An amount and its unit stay on one line; a word is free to wrap.
    return text.replace(" ", NO_BREAK) if kind in {"money", "share"} else text


def column_cells(column: Column, rows: Sequence[Row]) -> list[str]:
    """Write a column; amounts share one unit and, like all numbers, align at the decimal point."""
    values = [row.get(column.name) for row in rows]
    if column.kind == "values":
        return [UNDISCLOSED if value is None else figure(value, column.form) for value in values]
    scale = scale_of(values) if _is_money(column, rows) else None
    texts = [cell(value, column.kind, scale) for value in values]
    return _point_under_point(texts) if column.kind in NUMERIC else texts


def _is_money(column: Column, rows: Sequence[Row]) -> bool:
    """Say whether a column holds nothing but amounts of currencies; one that is `measured` says so row by row."""
    if column.kind != "measured":
        return column.kind == "money"
    units = {row.get(column.unit) for row in rows if column.unit and row.get(column.name) is not None}
    return units <= CURRENCIES


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
