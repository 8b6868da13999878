"""`deals demo`: a fresh ledger, the whole shipped catalogue recorded in it, and the story that it tells."""

from __future__ import annotations

import time
from pathlib import Path

import click

from cli.errors import CannotWriteOutputError
from cli.help import examples

__all__ = ["demo"]


@click.command(epilog=examples("deals demo", "deals demo my-demo/"))
@click.argument("folder", required=False, type=click.Path(file_okay=False))
def demo(*, folder: str | None) -> None:
    """See the shipped catalogue tell its story, as of three dates.

    Records every announcement of the catalogue in a fresh ledger in FOLDER (by default a new one for temporary files),
    answers from it, then exports the audit trail and verifies it. Nothing else is touched.
    """
    from cli.demo.story import tell

    place = _fresh_folder(folder)
    began = time.monotonic()
    tell(place, click.get_current_context().find_root().command)
    click.echo(
        f"\nAll of it took {time.monotonic() - began:.1f} seconds. The ledger stays in {place}. Ask it yourself:"
    )
    click.echo(f"\n  export DEALS_DB={place / 'deals.db'}")
    click.echo("  deals exposure openai --as-of 2025-10-14")
    click.echo("  deals diff commitments 2025-09-01 2025-11-15 --company openai")
    click.echo("  deals explain exposure nvidia openai --as-of 2026-02-19")


def _fresh_folder(folder: str | None) -> Path:
    import tempfile

    if folder is None:
        return Path(tempfile.mkdtemp(prefix="deals-demo-"))
    place = Path(folder)
    if place.exists() and any(place.iterdir()):
        raise CannotWriteOutputError(f"{folder} is not empty", advice="name a folder that is empty or not there yet")
    place.mkdir(parents=True, exist_ok=True)
    return place
