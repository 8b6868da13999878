"""Numbers in, numbers out: decimal arithmetic that answers in the caller's own kind of number.

Money is `Decimal` in this product, so every exact formula is worked in `Decimal`. Someone checking a figure
by hand passes plain JSON numbers, and `Decimal - float` is a TypeError in Python; so the answer comes back as a
float when *no* argument was a `Decimal` (or a decimal string), and as a `Decimal` as soon as one was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar, cast

from events.numerals import DIGITS_MAX
from events.quantities import NotReadableError
from events.quantities import number as read_number
from projections.measures.errors import NotANumberError, OutOfRangeError, ShapeError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Amount",
    "Reply",
    "as_array",
    "as_table",
    "as_vector",
    "exact",
    "not_negative",
    "reply_in",
    "same_length",
]

Amount = TypeVar("Amount", Decimal, float)

Array: TypeAlias = "NDArray[np.float64]"

MONEY_PLACES: Final = 6
"""What an event may hold, so what a solver working in floating point is rounded to when it answers in Decimal."""

RATIO_PLACES: Final = 12

SIGNIFICANT: Final = Context(prec=14)
"""A double has nearly sixteen digits; the last two are the solver's noise."""

PLAIN: Final = frozenset({int, float, type(None)})


@dataclass(frozen=True, slots=True)
class Reply(Generic[Amount]):
    """Hands an answer back as a Decimal or as a float, whichever the caller spoke."""

    is_exact: bool

    def __call__(self, answer: Decimal) -> Amount:
        """Return a result of exact arithmetic."""
        return cast("Amount", answer if self.is_exact else float(answer))

    def or_none(self, answer: Decimal | None) -> Amount | None:
        """Return the result, or None where there is none."""
        return None if answer is None else self(answer)

    def money(self, answer: float) -> Amount:
        """Return an amount that a floating-point solver found, to six decimals (fourteen digits) if in Decimal."""
        return self._rounded(answer, MONEY_PLACES)

    def moneys(self, answers: Array) -> tuple[Amount, ...]:
        """Return a vector of amounts."""
        return tuple(self.money(answer) for answer in answers.tolist()) if self.is_exact else tuple(answers.tolist())

    def ratio(self, answer: float) -> Amount:
        """Return a share that a floating-point solver found, to twelve decimals (fourteen digits) if in Decimal."""
        return self._rounded(answer, RATIO_PLACES)

    def _rounded(self, answer: float, places: int) -> Amount:
        return cast("Amount", _denoised(answer, places) if self.is_exact else float(answer))


def _denoised(answer: float, places: int) -> Decimal:
    number = SIGNIFICANT.create_decimal(repr(float(answer)))
    exponent = number.as_tuple().exponent
    return round(number, places) if isinstance(exponent, int) and exponent < -places else number


def reply_in(*arguments: object) -> Reply[Amount]:
    """Return the reply for these arguments: Decimal if a Decimal or decimal string is among them, else float.

    Numbers, None, lists, matrices and mappings' values are all looked through; a numpy array of objects holds Decimals.
    """
    return Reply(is_exact=any(_speaks_decimal(argument) for argument in arguments))


def _speaks_decimal(argument: object) -> bool:
    if argument is None or isinstance(argument, (int, float)):
        return False
    if hasattr(argument, "dtype"):
        return bool(argument.dtype == object)
    if isinstance(argument, (Decimal, str)):
        return True
    values = list(argument.values() if isinstance(argument, Mapping) else cast("Iterable[object]", argument))
    # a matrix has few types and many numbers
    return not PLAIN.issuperset(map(type, values)) and any(map(_speaks_decimal, values))


def exact(value: Decimal | float | None, what: str = "value") -> Decimal:
    """Return the number as a Decimal, a float by its shortest decimal form (0.1 is 0.1).

    Raises NotANumberError for None, booleans, infinities and anything else that is no number.
    """
    if isinstance(value, Decimal):
        number = value
    else:
        try:
            number = _digits(value) if isinstance(value, str) else Decimal(str(value))
        except (InvalidOperation, NotReadableError):
            raise NotANumberError(f"{what} must be a number (got {value!r})") from None
    if not number.is_finite():
        raise NotANumberError(f"{what} must be finite (got {value!r})")
    return number


def _digits(text: str) -> Decimal:
    """Read a decimal string by the rule of every other door. Raises NotReadableError."""
    return read_number(text, style="ratio", places=DIGITS_MAX)


def not_negative(value: Decimal | float | None, what: str) -> Decimal:
    """Return the number as a Decimal that is at least 0; raises OutOfRangeError below 0."""
    number = exact(value, what)
    if number < 0:
        raise OutOfRangeError(f"{what} must not be negative (got {value})")
    return number


def same_length(expected: int, found: int, what: str) -> None:
    """Raise ShapeError unless both lengths agree."""
    if expected != found:
        raise ShapeError(f"{what}: expected {expected} entries, got {found}")


def as_vector(
    values: Iterable[Decimal | float | None], length: int, what: str, *, may_be_negative: bool = False
) -> Array:
    """Return the values as a float vector of that length, all finite, and at least 0 unless they may be negative.

    Raises ShapeError, NotANumberError (None counts) or OutOfRangeError.
    """
    import numpy as np

    vector = np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=float)
    same_length(length, len(vector), what)
    if not np.isfinite(vector).all():
        raise NotANumberError(f"{what} must hold finite numbers only: leave out what is undisclosed, or assume it")
    if not may_be_negative and (vector < 0).any():
        raise OutOfRangeError(f"{what} must not be negative (got {vector.min()})")
    return vector


def as_table(matrix: Iterable[Iterable[Decimal | float | None]], what: str) -> NDArray[Any]:
    """Return a list of rows as a square array of whatever it holds; raises ShapeError."""
    import numpy as np

    rows = list(matrix)
    for row in rows:
        same_length(len(rows), len(cast("list[object]", row)), f"a row of {what}")
    return np.array(rows).reshape(len(rows), len(rows))


def as_array(table: NDArray[Any], what: str) -> Array:
    """Return a table as floats, all finite and at least 0; raises NotANumberError (None counts) or OutOfRangeError."""
    return as_vector(table.ravel(), table.size, what).reshape(table.shape)
