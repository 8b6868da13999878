"""`deals import BUNDLE`: restore a log into an empty ledger, or merge it into one that has events."""

from __future__ import annotations

from pathlib import Path

import click

from cli.done import note_done
from cli.errors import UsageMistakeError
from cli.printing.progress import progress
from cli.recording.journal import journal
from cli.recording.writing import open_ledger

__all__ = ["import_bundle"]


def import_bundle(
    paths: tuple[str, ...], *, merge: bool, vkey: str | None, dry_run: bool, recorder: str | None, db: str
) -> None:
    """Verify one bundle, restore or merge it, and tell.

    Raises UsageMistakeError, and what `ledger.exchange.restore` and `ledger.exchange.merge` raise.
    """
    from ledger.bundle.chunks import processes_for
    from ledger.exchange.merge import merge_bundle
    from ledger.exchange.restore import restore_bundle
    from ledger.verify.bundle import bundle_events

    if len(paths) != 1 or dry_run:
        raise UsageMistakeError(
            "a bundle is imported by itself, and not with --dry-run",
            advice="see what is in it: deals audit verify BUNDLE",
        )
    place = Path(paths[0])
    events = bundle_events(place)
    with open_ledger(db, recorder) as ledger, progress("verifying", events) as step:
        if merge:
            merged = merge_bundle(ledger, place, vkey=vkey, processes=processes_for(events), progress=step)
            said = [f"merged    {merged.events} events of {merged.origin}, each with its receipt"]
            said += [f"already known  {merged.known} events"] if merged.known else []
            origin, size, root = merged.origin, merged.size, merged.root
            note_done(f"the bundle was merged: {merged.events} events recorded, the log has {size} now")
        else:
            restored = restore_bundle(ledger, place, vkey=vkey, processes=processes_for(events), progress=step)
            said = [f"restored  {restored.size} events of {restored.origin} and {restored.documents} documents"]
            origin, size, root = restored.origin, restored.size, restored.root
            note_done(f"the bundle was restored: {size} events recorded")
    journal(ledger.path, "merged a bundle" if merge else "restored a bundle", origin=origin, size=size, root=root)
    click.echo("\n".join([*said, f"position  {size}", f"root      {root}"]))
