"""`deals stress`: what breaks if one name fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.asking.data_files import json_of
from cli.asking.session import open_query
from cli.errors import UsageMistakeError
from cli.help import examples
from cli.input.arguments import Whole
from cli.input.options import Question, query_options
from cli.printing.output import emit
from cli.printing.progress import progress

if TYPE_CHECKING:
    from projections.queries.stress.scenario import Scenario

__all__ = ["stress"]


def _names(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from projections.queries.stress.scenario import shipped

    return [name for name in shipped() if name.startswith(incomplete)]


@click.command(
    epilog=examples(
        "deals stress --list",
        "deals stress openai-fails --as-of 2026-03-05",
        "deals stress my-scenario.json --draws 1000 --seed 7 --format json",
    )
)
@click.argument("scenario", required=False, metavar="[SCENARIO]", shell_complete=_names)
@click.option("--list", "listed", is_flag=True, help="List the scenarios that are shipped, and ask no ledger.")
@click.option("--draws", type=Whole(1, 100_000), metavar="1..100000", help="Draw the scenario's ranges so many times.")
@click.option(
    "--seed",
    type=Whole(0, 2**63 - 1),
    metavar="NUMBER",
    help="The seed of the draws; the same seed gives the same answer.",
)
@query_options
def stress(*, question: Question, scenario: str | None, listed: bool, draws: int | None, seed: int | None) -> None:
    """Show who loses what in SCENARIO, in which round, and along which edge the loss came.

    SCENARIO is the name of a shipped one or a file (JSON or YAML; docs/scenarios.md). Where equity or cash is not known,
    the answer says `not computable` and what it needs; the scenario's assumptions can supply it.
    """
    if listed:
        if scenario is not None:
            raise UsageMistakeError(
                f"stress: --list lists all that is shipped (got {scenario})",
                advice="give a scenario or --list, not both",
            )
        _list(question)
        return
    if scenario is None:
        raise UsageMistakeError("stress: SCENARIO is left out", advice="those that are shipped: deals stress --list")
    from projections.queries.stress.stress import stress as ask

    read = _read(scenario)
    with open_query(question) as opened, progress("drawing", draws or 0) as step:
        opened.answer(ask(opened.warehouse, opened.clocks, read, draws=draws, seed=seed, step=step))


def _list(question: Question) -> None:
    from projections.clocks import Clocks
    from projections.queries.stress.scenario import shipped
    from projections.result import Column, Result

    columns = (Column("scenario", "text"), Column("title", "text"))
    rows = [{"scenario": name, "title": title} for name, title in shipped().items()]
    clocks = Clocks(as_of=question.as_of, known_by=question.known_by, recorded_by=0)
    summary = {"scenarios": len(rows)}
    result = Result("stress --list", clocks, columns, rows, summary, form={"scenarios": "count"}, is_dated=False)
    emit(result, question.target, position=None, root=None)


def _read(scenario: str) -> Scenario:
    from projections.queries.stress.scenario import parse_scenario, read_json, shipped_scenario

    path = Path(scenario)
    if path.suffix in {".yaml", ".yml"}:
        return parse_scenario(json_of(scenario), name=path.stem)
    if path.suffix == ".json" or path.exists():
        json_of(scenario)  # a missing or broken file is named as such
        return read_json(path.read_bytes(), name=path.stem)
    return shipped_scenario(scenario)
