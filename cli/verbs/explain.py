"""`deals explain`: the events behind a number, with the arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.asking.lookup import find
from cli.asking.session import Opened, open_query
from cli.errors import UsageMistakeError
from cli.help import examples
from cli.input.complete import known_names
from cli.input.options import Question, text_query_options
from cli.printing.bodies import gist, labelled, source_text
from cli.printing.colour import bold
from cli.printing.output import as_text_or_json, known_by_text, terminal_width
from projections.result import plain

if TYPE_CHECKING:
    from events.envelope import Recorded
    from projections.queries.over_time.explain import Explanation

__all__ = ["explain"]

_FORMS = "exposure EXPOSED TO · commitments BUYER [SUPPLIER] · dilution ISSUER [HOLDER] · DEAL/LEG, DEAL or KEY"
_NOT_NAMED = {"-", "unnamed"}


@click.command(
    epilog=examples(
        "deals explain exposure oracle openai --as-of 2025-10-14",
        "deals explain exposure unnamed oracle --kind loan",
        "deals explain commitments openai oracle",
        "deals explain dilution amd openai",
        "deals explain amd-openai-2025/warrant",
    )
)
@click.argument(
    "what", nargs=-1, required=True, metavar="MEASURE COMPANY... | DEAL/LEG | DEAL | KEY", shell_complete=known_names
)
@click.option(
    "--kind",
    type=click.Choice(["purchase", "prepayment", "investment", "loan", "guarantee"]),
    help="Of an exposure, only legs of this kind.",
)
@text_query_options
def explain(*, question: Question, what: tuple[str, ...], kind: str | None) -> None:
    """Explain a number: the events behind it and the arithmetic.

    Name a row of a measure by its companies, or a leg: as DEAL/LEG, by a deal that has no other, or by the key of an
    event on it. What is explained is the leg as it stands, not the one event; `deals show KEY` shows that. Lenders that are
    not named are `unnamed`.
    """
    with open_query(question) as opened:
        explanation = _explanation(opened, what, kind)
        entries = {key: opened.reader.find(key) for key in explanation.events}
        events = [opened.reader.recorded(entry.position) for entry in entries.values() if entry is not None]
        # Hypothetical events are in no ledger; the user's own files say what they are.
        supposed = [key for key, entry in entries.items() if entry is None]
        lines = [bold(explanation.title), "", *(f"  {line}" for line in explanation.lines)]
        lines += [*_event_blocks(events, terminal_width()), *(f"hypothetical, of --what-if: {key}" for key in supposed)]
        as_text_or_json(question.target, lines, lambda: _json(opened, explanation, events))


def _explanation(opened: Opened, what: tuple[str, ...], kind: str | None) -> Explanation:
    from projections.queries.over_time import explain as ask

    measure, *names = what
    warehouse, clocks = opened.warehouse, opened.clocks
    if measure == "exposure":
        exposed, to = _companies(opened, names, least=2)
        return ask.explain_exposure(warehouse, clocks, exposed=exposed, to=str(to), kind=kind)
    if measure == "commitments":
        buyer, supplier = _companies(opened, names, least=1)
        return ask.explain_commitments(warehouse, clocks, buyer=str(buyer), supplier=supplier)
    if measure == "dilution":
        issuer, holder = _companies(opened, names, least=1)
        return ask.explain_dilution(warehouse, clocks, issuer=str(issuer), holder=holder)
    if names:
        raise UsageMistakeError(f"explain: cannot explain {' '.join(what)!r}", advice=f"write one of: {_FORMS}")
    return ask.explain_leg(warehouse, clocks, _leg_of(opened, measure))


def _companies(opened: Opened, names: list[str], *, least: int) -> tuple[str | None, str | None]:
    """Resolve one or two companies; the second is None where it was left out."""
    if not least <= len(names) <= 2:  # noqa: PLR2004 - a pair
        raise UsageMistakeError(
            f"explain: got {len(names)} companies: {' '.join(names) or 'none'}", advice=f"write one of: {_FORMS}"
        )
    slugs = [None if name in _NOT_NAMED else opened.company(name) for name in names]
    return slugs[0], slugs[1] if len(slugs) > 1 else None


def _leg_of(opened: Opened, name: str) -> str:
    """Return the leg that a key or `deal/leg` is about; a deal of one leg stands for that leg."""
    found = find(opened.reader, name)
    legs = sorted({f"{entry.deal}/{entry.leg}" for entry in found.entries if entry.deal and entry.leg})
    if found.kind == "leg":
        return name
    if found.kind in {"key", "deal"} and len(legs) == 1:
        return legs[0]
    advice = f"name one of its legs: {', '.join(legs)}" if legs else f"see it with: deals show {name}"
    raise UsageMistakeError(f"explain: {name!r} is no leg", advice=advice)


def _event_blocks(events: list[Recorded], width: int) -> list[str]:
    lines = ["", bold("events, in the order of the log")]
    for number, recorded in enumerate(events, 1):
        raw = recorded.raw.get("replacement", recorded.raw)
        when = f"announced {raw['announced_on']}, effective {raw['effective_on']}"
        lines.append(f"{number}. {recorded.key}")
        entries = [("states", gist(raw)), ("when", f"{when}, recorded {recorded.recorded_at}")]
        entries.append(("source", source_text(raw)))
        entries += [("contested", _doubt(doubt)) for doubt in raw.get("contested", ())]
        entries += [("note", str(raw["note"]))] if raw.get("note") else []
        lines += labelled(entries, width, indent=3)
    return lines


def _doubt(doubt: dict[str, Any]) -> str:
    return str(doubt["value"]) + (f" ({doubt['publisher']})" if doubt.get("publisher") else "")


def _json(opened: Opened, explanation: Explanation, events: list[Recorded]) -> dict[str, Any]:
    rows = [
        {
            "position": recorded.position,
            "recorded_at": recorded.recorded_at,
            "recorder": recorded.recorder,
            "schema_version": recorded.schema_version,
            "event": recorded.raw,
        }
        for recorded in events
    ]
    return {
        "query": {
            "verb": "explain",
            "as_of": plain(opened.clocks.as_of),
            "known_by": known_by_text(opened.clocks),
            "recorded_by": opened.clocks.recorded_by,
        },
        "position": opened.head.size,
        "root": opened.head.root,
        "rows": rows,
        "summary": {"title": explanation.title, "arithmetic": list(explanation.lines)},
    } | ({"hypothetical": True} if opened.hypothetical else {})
