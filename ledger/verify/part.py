"""Finds out whether a part of a log left anything out, which only the recipient of the whole log can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ledger.bundle.package import Package, open_package
from ledger.bundle.part import Part, read_ranges, select
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.merkle import Frontier, leaf_hashes
from ledger.proof.notes import parse_note

if TYPE_CHECKING:
    from events.envelope import Batch
    from ledger.verify.report import Report

__all__ = ["check_nothing_left_out"]

_NAME = "nothing left out"
_SMALL = 1 << 20
_BATCH = 10_000


def check_nothing_left_out(part: Path, whole: Path, report: Report) -> None:
    """Select a part again from the whole log that its checkpoint vouches for, and note whether it is all of it.

    Raises what opening a bundle raises.
    """
    if not report.verified:
        report.absent(_NAME, "not looked for, because the part is not verified")
        return
    with open_package(part) as chosen, open_package(whole) as log:
        scope: dict[str, Any] = orjson.loads(chosen.read("data/scope.json", most=64 * _SMALL))
        if scope["whole"]:
            report.absent(_NAME, "the bundle is the whole log")
            return
        checkpoint = parse_checkpoint(parse_note(chosen.read("data/checkpoint", most=_SMALL)).text)
        frontier = _root(log, checkpoint)
        if (frontier.size, frontier.root()) != (checkpoint.size, checkpoint.root):
            report.failed(_NAME, f"{whole} does not begin with the log of {checkpoint.size} events that the part is of")
            return
        wanted = select(lambda: _feed(log, checkpoint.size), Part(**scope["filter"]))
        given = read_ranges(scope["positions"], size=checkpoint.size)
    missing = sorted(set(wanted) - set(given))
    if missing or len(wanted) != len(given):
        said = f"event {missing[0]} matches too" if missing else "it holds events that do not match"
        report.failed(_NAME, f"{said}; {len(missing)} of {len(wanted)} matching events were left out")
    else:
        report.ok(_NAME, f"selected again from the whole log, the part is all of the {len(wanted)} matching events")


def _feed(package: Package, size: int) -> Iterator[Batch]:
    """Yield the first `size` lines of a bundle of the whole log."""
    batch: Batch = []
    with package.open("data/events.jsonl") as file:
        for position, line in enumerate(file, 1):
            if position > size:
                break
            batch.append((position, line.removesuffix(b"\n")))
            if len(batch) == _BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _root(package: Package, checkpoint: Checkpoint) -> Frontier:
    frontier = Frontier()
    for batch in _feed(package, checkpoint.size):
        frontier.extend(leaf_hashes(leaf for _, leaf in batch))
    return frontier
