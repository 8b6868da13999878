"""A progress bar on standard error, where that is a terminal and the work takes long enough to wonder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from events.envelope import Feed

__all__ = ["Advance", "progress", "watched"]

Advance = Callable[[int], None]
_WORTH_SHOWING = 5_000


@contextmanager
def progress(label: str, length: int) -> Iterator[Advance]:
    """Yield a function to call with how much more was done; it draws nothing in a pipe."""
    if length < _WORTH_SHOWING or not sys.stderr.isatty():
        yield lambda _done: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def watched(feed: Feed, label: str, length: int) -> Feed:
    """Pass a feed on, drawing how far it has been read."""
    with progress(label, length) as step:
        for batch in feed:
            yield batch
            step(len(batch))
