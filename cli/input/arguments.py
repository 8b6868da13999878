"""Arguments that several verbs share: a company by any name, exact decimals, and what the shell completes them to."""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import click

from cli.input.complete import companies as complete_companies

__all__ = [
    "AMOUNT",
    "GIGAWATTS",
    "PRICE",
    "RATE",
    "REVENUE_BASES",
    "SHARE",
    "VOLATILITY",
    "YEARS",
    "Whole",
    "company_argument",
]

REVENUE_BASES = ("gaap", "statement", "estimate", "quarters", "quarter", "run_rate", "guidance")
"""The bases on which a revenue may be chosen."""


class _Exact(click.ParamType[Decimal]):
    """An exact number of one kind within its natural range, by the one reader of numbers; never a binary float.

    `above` is a bound that the number itself must not be; `least` and `most` may be it.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        *,
        above: Decimal | None = None,
        least: Decimal | None = None,
        most: Decimal | None = None,
    ) -> None:
        self.name = name
        self._kind = kind
        self._above, self._least, self._most = above, least, most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read a number. Raises click's BadParameter."""
        from events.quantities import NotReadableError

        if isinstance(value, Decimal):
            return value
        try:
            found = _read(str(value), self._kind)
        except NotReadableError as error:
            self.fail(f"{value!r} {error.what}; {error.advice}", param, ctx)
        low = (self._above is not None and found <= self._above) or (self._least is not None and found < self._least)
        if low or (self._most is not None and found > self._most):
            self.fail(f"{value!r} is not {self._range()}", param, ctx)
        return found

    def _range(self) -> str:
        """Say within which bounds a number has to be."""
        low = f"above {self._above}" if self._above is not None else f"{self._least} or more"
        if self._most is None:
            return low
        bounds = (
            f"{low} and at most {self._most}" if self._above is not None else f"between {self._least} and {self._most}"
        )
        return f"{bounds}; write a fraction such as 0.25, or 25%" if self._kind == "share" else bounds


def _read(text: str, kind: str) -> Decimal:
    """Read a number by its kind. Raises NotReadableError."""
    from events.quantities import QUESTION_PLACES, NotReadableError, capacity, number, share

    if kind == "share":
        return share(text, places=QUESTION_PLACES)
    if kind == "capacity":
        found = capacity(text)
        if found is None:
            raise NotReadableError("is not a capacity", text, "write gigawatts like 1.5")
        return found
    if kind == "amount":
        return number(text, style="whole", scaled=True, places=QUESTION_PLACES)
    return number(text, style="whole" if kind == "price" else "ratio", places=QUESTION_PLACES)


_ZERO, _ONE = Decimal(0), Decimal(1)
SHARE = _Exact("share", "share", least=_ZERO, most=_ONE)
RATE = _Exact("rate", "share", least=-_ONE, most=_ONE)
# Five hundred percent a year; a 60 that was meant as percent is far beyond.
VOLATILITY = _Exact("volatility", "share", above=_ZERO, most=Decimal(5))
PRICE = _Exact("price", "price", least=_ZERO)
AMOUNT = _Exact("amount", "amount", least=_ZERO)
YEARS = _Exact("years", "number", above=_ZERO, most=Decimal(100))
GIGAWATTS = _Exact("gigawatts", "capacity", above=_ZERO)


class Whole(click.ParamType[int]):
    """A whole number within bounds, by the one reader of numbers: `1000` is read, `1_000` and `1,000` are not."""

    name = "whole number"

    def __init__(self, least: int, most: int | None = None) -> None:
        self._least = least
        self._most = most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read a whole number. Raises click's BadParameter."""
        from events.quantities import NotReadableError, count

        if isinstance(value, int):
            return value
        try:
            found = count(str(value))
        except NotReadableError as error:
            self.fail(f"{value!r} {error.what}; {error.advice.removesuffix(' or undisclosed')}", param, ctx)
        if found is None or found < self._least or (self._most is not None and found > self._most):
            bounds = f"{self._least} or more" if self._most is None else f"between {self._least} and {self._most}"
            self.fail(f"{value!r} is not a whole number {bounds}", param, ctx)
        return found


def company_argument(*, required: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add a company, as an argument or as `--company`, passed on as `company`."""

    def added(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def settled(*args: Any, company: str | None, by_option: str | None, **rest: Any) -> Any:  # noqa: ANN401 - whatever the command takes
            if company is not None and by_option is not None:
                raise click.UsageError(f"the company is given twice: {company!r} and --company {by_option!r}")
            chosen = company if company is not None else by_option
            if required and chosen is None:
                raise click.UsageError("missing argument 'COMPANY': a slug, ticker, name or alias")
            return command(*args, company=chosen, **rest)

        option = click.option(
            "--company",
            "by_option",
            metavar="NAME",
            shell_complete=complete_companies,
            help="The company, by slug, ticker, name or alias in any script.",
        )
        metavar = "COMPANY" if required else None
        return click.argument("company", required=False, metavar=metavar, shell_complete=complete_companies)(
            option(settled)
        )

    return added
