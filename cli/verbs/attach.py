"""`deals attach`: keep the document that an entry rests on beside the ledger, under its SHA-256."""

from __future__ import annotations

import datetime as dt

import click

from cli.help import examples
from cli.input.complete import keys
from cli.input.options import db_option
from cli.recording.writing import acknowledged, open_ledger, recorder_option, tell

__all__ = ["attach"]


@click.command(
    epilog=examples(
        "deals attach amd-openai-2025/warrant/2025-10-06 exhibit-4-1.htm",
        "deals attach amd-openai-2025/warrant/2025-10-06 8k.pdf --url https://www.sec.gov/…",
    )
)
@click.argument("key", shell_complete=keys)
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--url", help="The address the document was retrieved from.")
@click.option("--media-type", help="What the document is, such as application/pdf.  [default: by the file's suffix]")
@click.option(
    "--retrieved-at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d"]),
    help="When it was retrieved; a time needs a zone.",
)
@recorder_option
@db_option
def attach(
    *,
    key: str,
    file: str,
    url: str | None,
    media_type: str | None,
    retrieved_at: dt.datetime | None,
    recorder: str | None,
    db: str,
) -> None:
    """Keep the document that an entry rests on.

    FILE is copied beside the ledger under its SHA-256, and that it supports the event KEY is recorded. Documents are no
    part of the log: it verifies without them.
    """
    import mimetypes
    from pathlib import Path

    kind = media_type or mimetypes.guess_type(file)[0] or "application/octet-stream"
    at = retrieved_at.replace(tzinfo=dt.UTC) if retrieved_at and retrieved_at.tzinfo is None else retrieved_at
    with open_ledger(db, recorder) as ledger:
        receipt = acknowledged(ledger.attach(key, Path(file), media_type=kind, url=url, retrieved_at=at))
    tell(receipt)
