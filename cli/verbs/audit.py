"""`deals audit`: sign what the log is, hand it out, prove one event, and verify a trail that anyone handed out."""

from __future__ import annotations

import click

from cli.lazy import LazyGroup, Verb

__all__ = ["audit"]

SECTIONS = {
    "Hand out": {
        "checkpoint": Verb("cli.audit.checkpoint:checkpoint", "Sign what the log is now, and remember it."),
        "export": Verb("cli.audit.export:export", "Write the whole trail, or a part, for outsiders to verify."),
        "prove": Verb("cli.audit.prove:prove", "Write the receipt of one event."),
    },
    "Check": {
        "verify": Verb("cli.audit.verify:verify", "Verify a bundle, or the ledger itself."),
        "witness": Verb("cli.audit.witness:witness", "Compare the log with a checkpoint that someone else kept."),
        "log": Verb("cli.audit.log:log", "List who did what and when."),
    },
    "Keys": {
        "key": Verb("cli.audit.key:key", "Show the public key of the log, or replace the key."),
    },
}


@click.group(cls=LazyGroup, sections=SECTIONS)
def audit() -> None:
    """Hand out the trail so that an outsider can check it without trusting us, and verify one."""
