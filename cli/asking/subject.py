"""The subject of a measure, shared by `diff` and `timeline`: its company and its own options, as it takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from cli.errors import UsageMistakeError
from cli.input.complete import companies as complete_companies

if TYPE_CHECKING:
    from cli.asking.session import Opened
    from projections.queries.registry import Measure

__all__ = ["measure_argument", "parameters", "subject_options"]


def _measure_names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from projections.queries.registry import MEASURES

    return [name for name in MEASURES if name.startswith(incomplete)]


measure_argument = click.argument("measure", metavar="MEASURE", shell_complete=_measure_names)


def subject_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name what a measure is about."""
    for option in reversed(
        (
            click.option(
                "--company",
                metavar="NAME",
                shell_complete=complete_companies,
                help="The company the measure is about; dilution takes its issuer.",
            ),
            click.option("--deal", metavar="SLUG", help="Only the legs of this deal (legs and status)."),
            click.option("--basis", metavar="BASIS", help="The basis of the measure, where it takes one."),
        )
    ):
        command = option(command)
    return command


def parameters(
    opened: Opened, measure: Measure, *, company: str | None, deal: str | None, basis: str | None
) -> dict[str, Any]:
    """Return what a measure is called with. Raises UsageMistakeError for what it does not take or lacks."""
    given: dict[str, Any] = {}
    if company is not None:
        if measure.subject is None:
            raise UsageMistakeError(f"--company: {measure.name} is about all companies", advice="leave it out")
        given[measure.subject] = opened.company(company)
    elif measure.needs_subject:
        raise UsageMistakeError(f"{measure.name} is about one company", advice="name it: --company openai")
    for name, value in (("deal", deal), ("basis", basis)):
        if value is not None:
            if name not in measure.options:
                raise UsageMistakeError(f"--{name}: {measure.name} does not take it", advice="leave it out")
            given[measure.options[name]] = value
    return given
