"""The ladder of statuses: the one list of them, lowest first, with what each means, which of them bind and which end a leg.

Models, weights, colours and help are made from it; the SQL macros `ladder`, `is_binding` and `is_ended` are held to it by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

__all__ = ["BINDING", "ENDED", "ENDED_SAID", "LADDER", "RISING_SAID", "STATUSES", "UNSIGNED", "Rung", "Status"]

Status = Literal[
    "rumoured",
    "announced",
    "letter_of_intent",
    "term_sheet",
    "definitive",
    "completed",
    "suspended",
    "superseded",
    "terminated",
    "expired",
]
"""The names, for the models: a type checker reads no other list. A test holds it to the ladder."""


class Rung(NamedTuple):
    """One status: what it says of a leg, and what follows from it.

    `binds`: amounts may be owed. `exits`: the leg has left the ladder. `ends`: it is over, and answers leave it out.
    """

    meaning: str
    binds: bool = False
    exits: bool = False
    ends: bool = False


LADDER: Mapping[Status, Rung] = MappingProxyType(
    {
        "rumoured": Rung("others say so, neither side does"),
        "announced": Rung("a company's word with no document named"),
        "letter_of_intent": Rung("a letter or memorandum that states intentions"),
        "term_sheet": Rung("the main terms are written down"),
        "definitive": Rung("an agreement is signed", binds=True),
        "completed": Rung("everything agreed has been done", binds=True),
        "suspended": Rung("put aside, and may be taken up again", exits=True),
        "superseded": Rung("another leg has taken its place", exits=True, ends=True),
        "terminated": Rung("called off", exits=True, ends=True),
        "expired": Rung("its last day has passed", exits=True, ends=True),
    }
)
STATUSES: tuple[Status, ...] = tuple(LADDER)
BINDING = tuple(name for name, rung in LADDER.items() if rung.binds)
ENDED = tuple(name for name, rung in LADDER.items() if rung.ends)
UNSIGNED = tuple(name for name, rung in LADDER.items() if not rung.binds and not rung.exits)
"""The rungs below the first that binds."""

RISING_SAID = ", ".join((*UNSIGNED, *BINDING))
ENDED_SAID = f"{', '.join(ENDED[:-1])} and {ENDED[-1]}"
"""For sentences of help."""
