"""What the shell completes: companies, keys, deals and legs of the ledger in use, read with the standard library alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.input.place import default_db

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

    from ledger.reader import LedgerReader

__all__ = ["companies", "keys", "known_names"]


@contextmanager
def _reader(ctx: click.Context) -> Iterator[LedgerReader | None]:
    """Open the ledger that the command line names so far; None where there is none, for a shell wants no errors."""
    from events.errors import DealsError
    from ledger.reader import LedgerReader

    try:
        reader = LedgerReader(ctx.params.get("db") or os.environ.get("DEALS_DB") or default_db())
    except (DealsError, OSError):
        yield None
        return
    with reader:
        yield reader


def companies(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete a company by its slug or the beginning of any of its names."""
    from click.shell_completion import CompletionItem

    from events.names import folded

    start = folded(incomplete)
    with _reader(ctx) as reader:
        known = reader.companies() if reader else []
    return [
        CompletionItem(company.slug, help=company.name)
        for company in known
        if any(folded(name).startswith(start) for name in company.names)
    ]


def keys(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the key of a recorded event."""
    from click.shell_completion import CompletionItem

    with _reader(ctx) as reader:
        return [CompletionItem(key) for key in (reader.keys(incomplete, 100) if reader else [])]


def known_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete what can be shown: a key, or a company."""
    return [*keys(ctx, param, incomplete), *companies(ctx, param, incomplete)]
