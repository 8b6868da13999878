"""Whether to colour, and the few styles there are: headings, hints and the words for statuses."""

from __future__ import annotations

import os

import click

__all__ = ["bold", "colour_wanted", "dim", "paint_status", "red"]

_STATUS_COLOURS = {
    "rumoured": "yellow",
    "announced": "yellow",
    "letter_of_intent": "yellow",
    "term_sheet": "yellow",
    "definitive": "green",
    "completed": "green",
    "suspended": "magenta",
    "superseded": "red",
    "terminated": "red",
    "expired": "red",
}


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
    colour = _STATUS_COLOURS.get(status)
    return click.style(text, fg=colour) if colour else text
