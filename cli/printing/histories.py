"""What became of events as lines to read: how they stand now, what each correction changed, and their documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.printing.bodies import event_lines, gist, labelled, reading_lines, value_text
from cli.printing.colour import bold, red
from cli.printing.width import wrapped

if TYPE_CHECKING:
    from ledger.history import Attached, History, Step
    from ledger.store.entries import Entry

__all__ = ["document_lines", "history_lines", "listed", "standing_lines"]


def history_lines(told: History, asked: str, width: int) -> list[str]:
    """Lay out one event: how it stands, what changed and why, the steps, and how it was recorded first."""
    first = told.first
    stored = [*event_lines(first.recorded), ("leaf hash", first.entry.leaf_hash.hex())]
    lines = [bold(first.entry.key)]
    if not told.is_changed:
        return [*lines, *labelled(stored, width)]
    if asked != first.entry.key:
        lines += _said(f"asked for as {asked}, which changed it", width)
    lines += [*_standing(told, width), "", bold("corrections, in the order of recording")]
    lines += labelled([line for step in told.steps for line in _recording(step)], width)
    return [*lines, "", bold("as it was recorded first"), *labelled(stored, width)]


def standing_lines(told: Sequence[History], width: int) -> list[str]:
    """List how several events stand: what was retracted, then what stands and what corrections changed in it."""
    gone, standing = [each for each in told if each.now is None], [each for each in told if each.now is not None]
    lines = ["", red("retracted")] if gone else []
    for each in gone:
        lines += [*listed(each.first.entry, each.latest, width), *_mended(each.last, width)]
    lines += ["", bold("as it stands now")]
    for each in standing:
        lines += listed(each.first.entry, each.latest, width)
        lines += [line for step in each.steps[1:] for line in _mended(step, width)]
    return lines if standing else [*lines, *_said("nothing of it stands", width)]


def listed(entry: Entry, raw: dict[str, Any], width: int) -> list[str]:
    """Write an event in two lines: its key, and what it states in one of its readings."""
    announced, effective = raw["announced_on"], raw["effective_on"]
    when = announced if announced == effective else f"{announced}, effective {effective}"
    return [f"  {entry.position}  {entry.key}", *labelled([("", f"announced {when}: {gist(raw)}")], width, indent=4)]


def document_lines(documents: Sequence[Attached], width: int, *, named: bool = False) -> list[str]:
    """List documents; `named` says to which event each is attached."""
    lines: list[tuple[str, str]] = []
    for document in documents:
        raw = document.raw
        said = f"{raw['media_type']}, {raw['bytes']} bytes"
        said += f", from {raw['url']}" if raw.get("url") else ""
        said += f", retrieved {raw['retrieved_at']}" if raw.get("retrieved_at") else ""
        lines.append((f"{document.entry.position}", said))
        lines += [("", f"retracted: {document.retracted}")] if document.retracted else []
        lines += [("", f"attached to {raw['about']}")] if named else []
        lines += [("", f"sha256 {raw['sha256']}"), ("", document.place or "absent; the log verifies without it")]
    return ["", bold("documents"), *labelled(lines, width)] if lines else []


def _standing(told: History, width: int) -> list[str]:
    """Say how an event that was corrected or retracted stands now, and what each correction changed."""
    last = told.last
    if told.now is None:
        lines = [*(red(line) for line in wrapped(f"retracted: {_why(last)}", width))]
        lines += _said(f"withdrawn by {_by(last)}; nothing of it stands", width)
        lines += ["", bold("as it read before it was retracted")]
    else:
        lines = ["", bold(f"as it stands now, by position {last.entry.position}")]
    lines += labelled(list(reading_lines(told.latest)), width)
    for step in told.steps[1:]:
        if step.reading is not None:
            lines += ["", bold(f"changed by position {step.entry.position}")]
            recorded = f"{step.entry.recorded_at} by {step.entry.recorder}"
            lines += labelled([*_changed(step), ("why", _why(step)), ("recorded", recorded)], width)
    return lines


def _changed(step: Step) -> list[tuple[str, str]]:
    """Write what a correction changed, field by field, before → after."""
    lines = []
    for change in step.changes:
        was, now = (_or_left_out(value) for value in (change.was, change.now))
        lines += [(change.field.replace("_", " ").replace(".", " "), f"{was} → {now}")] if was != now else []
    return lines or [("nothing", "it says again what it said before")]


def _or_left_out(value: object) -> str:
    return "left out" if value is None else value_text(value)


def _why(step: Step) -> str:
    return str(step.recorded.raw["reason"])


def _by(step: Step) -> str:
    return f"position {step.entry.position}, {step.entry.recorded_at}, {step.entry.recorder}"


def _mended(step: Step, width: int) -> list[str]:
    what = "retracted" if step.reading is None else "corrected"
    lines = labelled([("", f"{what} by {_by(step)}: {_why(step)}")], width, indent=4)
    return lines if step.reading is None else [*lines, *labelled(_changed(step), width, indent=8)]


def _recording(step: Step) -> list[tuple[str, str]]:
    entry = step.entry
    why = f": {_why(step)}" if entry.corrects else ""
    what = {"event_corrected": "corrected", "event_retracted": "retracted"}.get(entry.type, "recorded")
    said = f"{entry.recorded_at} {what} by {entry.recorder} as {entry.key}{why}"
    return [(f"{entry.position}", said), ("", f"leaf hash {entry.leaf_hash.hex()}")]


def _said(text: str, width: int) -> list[str]:
    return [f"  {line}" for line in wrapped(text, width - 2)]
