"""Whether to colour, and the few styles there are: headings, hints and the words for statuses."""

from __future__ import annotations

import os

import click

from events.statuses import LADDER, Rung

__all__ = ["bold", "colour_wanted", "dim", "paint_status", "red"]


def colour_wanted() -> bool | None:
    """Say what the environment asks for: never, always, or (None) only on a terminal.

    `NO_COLOR` and `FORCE_COLOR` count when they are not empty, see https://no-color.org; the former wins.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def bold(text: str) -> str:
    """Style a heading."""
    return click.style(text, bold=True)


def dim(text: str) -> str:
    """Style what may be passed over."""
    return click.style(text, dim=True)


def red(text: str) -> str:
    """Style what went wrong."""
    return click.style(text, fg="red", bold=True)


def paint_status(text: str, status: str) -> str:
    """Colour a word of the status ladder by how much it binds; anything else stays as it is."""
    rung = LADDER.get(status)  # type: ignore[call-overload]  # any text may be asked about
    return click.style(text, fg=_colour(rung)) if rung else text


def _colour(rung: Rung) -> str:
    if rung.ends:
        return "red"
    if rung.exits:
        return "magenta"
    return "green" if rung.binds else "yellow"
