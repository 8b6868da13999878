"""What a money-flow graph leaves out, as figures and as sentences for the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.kinds import Form, Keyed
from projections.queries.asked import total
from projections.queries.loops.basis import FlowBasis
from projections.queries.loops.flows import Graph
from projections.queries.wording import amount_text, are, counted, listed
from projections.result import plain

__all__ = ["LEFT_OUT", "left_out", "loop_notes"]

LEFT_OUT: Form = {
    "undisclosed": "count",
    "other_currencies": Keyed("count"),
    "undated": "list",
    "undated_amount": "money",
    "not_counted": Keyed({"legs": "count", "headline": "money"}),
    "unnamed_lenders": {"loans": "count", "amount": "money"},
    "inside": {"legs": "count", "amount": "money"},
}
"""What `left_out` gives."""

_NOT_COUNTED = {
    "binding": "bind nobody and count 0",
    "expected": "have a weight of 0",
    "performed": "have had no payment yet",
    "headline": "are of an amount of 0",
}


def left_out(graph: Graph) -> dict[str, Any]:
    """Say, in figures, what is without capacity in the graph, uncut by the window, or not in it at all."""
    flows = graph.flows()
    undated = sorted({flow.leg for flow in flows if flow.undated}) if graph.basis.window_years else []
    foreign = sorted({flow.currency for flow in flows if flow.foreign and flow.currency})
    idle: dict[str, dict[str, Any]] = {}
    for row in {row["leg_ref"]: row for row in graph.idle}.values():
        entry = idle.setdefault(row["status"], {"legs": 0, "headline": None})
        entry["legs"] += 1
        if row["currency"] == graph.currency:
            entry["headline"] = total([entry["headline"], row["headline"]])
    return {
        "undisclosed": len({flow.leg for flow in flows if flow.undisclosed and not flow.foreign}),
        "other_currencies": {
            code: len({flow.leg for flow in flows if flow.foreign and flow.currency == code}) for code in foreign
        },
        "undated": undated,
        "undated_amount": total(flow.known for flow in flows if flow.undated) if undated else None,
        "not_counted": {status: idle[status] for status in sorted(idle)},
        "unnamed_lenders": {
            "loans": len({row["leg_ref"] for row in graph.unnamed}),
            "amount": total(row["known"] or None for row in graph.unnamed if row["currency"] == graph.currency),
        },
        "inside": {"legs": len(graph.inside), "amount": total(flow.known or None for flow in graph.inside)},
    }


def loop_notes(graph: Graph, summary: Mapping[str, Any], lacking: Mapping[str, str | None]) -> tuple[str, ...]:
    """Write the notes of an answer; `lacking` says by company what its vendor financing ratio lacks."""
    unit = graph.currency or ""
    notes = [_basis_note(graph.basis)]
    if summary["not_counted"]:
        parts = [
            f"{entry['legs']} {status.replace('_', ' ')}"
            + (f" ({amount_text(entry['headline'])} {unit})" if entry["headline"] else "")
            for status, entry in summary["not_counted"].items()
        ]
        notes.append(f"Legs that {_NOT_COUNTED[graph.basis.name]}: {', '.join(parts)}.")
    if summary["loops_broken_count"]:
        notes.append(
            f"{are(summary['loops_broken_count'], 'loop')} there for the stated amounts and not on this basis, because a "
            "leg of it counts 0; `loops_broken` names the legs."
        )
    notes += _cut_or_left_out(summary, unit)
    named = [f"{company} ({what})" for company, what in lacking.items() if what]
    if named:
        notes.append(
            f"The vendor financing ratio is not computable for {listed(named)}; `vendor_financing_ratio_min` is a floor."
        )
    if summary["loop_count_is_floor"]:
        notes.append(f"There are more loops than the {summary['loop_count']} found; ask for a larger minimum amount.")
    elif len(summary["loops"]) < summary["loop_count"]:
        notes.append(f"The first {len(summary['loops'])} of {summary['loop_count']} loops are listed.")
    return tuple(notes)


def _cut_or_left_out(summary: Mapping[str, Any], unit: str) -> list[str]:
    notes = []
    if summary["undisclosed"]:
        notes.append(
            f"{are(summary['undisclosed'], 'leg')} of an amount that is not disclosed on this basis: an edge without "
            "capacity. It makes loops, no sum includes it, and where it lies on a way round the round trip is a floor."
        )
    for code, count in summary["other_currencies"].items():
        notes.append(
            f"{are(count, 'leg')} in {code}: an edge without capacity here, for currencies "
            f"are never added; ask with the currency {code}."
        )
    if summary["undated"]:
        notes.append(
            f"{counted(len(summary['undated']), 'leg')} without a known term: counted in full ({amount_text(summary['undated_amount'])} "
            f"{unit}, listed in `undated`)."
        )
    unnamed = summary["unnamed_lenders"]
    if unnamed["loans"]:
        notes.append(
            f"{are(unnamed['loans'], 'loan')} left out in whole or in part ({amount_text(unnamed['amount'])} {unit}): "
            "lenders are not named, or their shares are not told."
        )
    if summary["inside"]["legs"]:
        notes.append(
            f"{are(summary['inside']['legs'], 'leg')} no edge ({amount_text(summary['inside']['amount'])} {unit}): paid "
            f"within one {'layer' if summary['by_layer'] else 'company'}."
        )
    return notes


def _basis_note(basis: FlowBasis) -> str:
    words = {
        "headline": "stated maxima, whatever their status",
        "binding": "what definitive and completed legs bind",
        "performed": "what has been paid, funded or drawn",
        "expected": "stated amounts times your weights by status",
    }[basis.name]
    window = "."
    if basis.window_years is not None:
        years = f"{plain(basis.window_years)} {'year' if basis.window_years == 1 else 'years'}"
        window = (
            f", of the {years} up to the as-of day."
            if basis.name == "performed"
            else f", cut to {years}: amount · min(1, window / term)."
        )
    return (
        f"Edges are cash from payer to payee on the {basis.name} basis: {words}{window} Prepayments are part of their "
        "purchase; guarantees and warrants move no cash."
    )
