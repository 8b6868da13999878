"""Arguments that several verbs share: a company by any name, exact decimals, and what the shell completes them to."""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from cli.input.complete import companies as complete_companies

__all__ = ["DECIMAL", "REVENUE_BASES", "company_argument"]

REVENUE_BASES = ("gaap", "statement", "estimate", "quarters", "quarter", "run_rate", "guidance")
"""The bases on which a revenue may be chosen."""


class _Decimal(click.ParamType[Decimal]):
    """An exact number such as 0.25 or 1,200; never a binary float."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read a number. Raises click's BadParameter."""
        if isinstance(value, Decimal):
            return value
        try:
            number = Decimal(str(value).replace(",", ""))
        except InvalidOperation:
            self.fail(f"{value!r} is not a number; write digits such as 0.25", param, ctx)
        return number if number.is_finite() else self.fail(f"{value!r} is not a finite number", param, ctx)


DECIMAL = _Decimal()


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
