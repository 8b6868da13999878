"""What verification found: every check by name, whether it held, and what was not checked at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ledger.bundle.chunks import BadLine
from ledger.proof.errors import VerificationError

__all__ = ["Check", "NotVerifiedError", "Outcome", "Report"]

Outcome = Literal["ok", "failed", "absent"]


class NotVerifiedError(VerificationError):
    """A trail is not what it claims to be."""


@dataclass(frozen=True)
class Check:
    """One check: its name, whether it held (or what it needs is absent), and what was seen."""

    name: str
    outcome: Outcome
    said: str


@dataclass
class Report:
    """All that was checked of one trail, and all that was not.

    `events` is how many lines were read, `first_bad` the first of them that is wrong.
    """

    what: str
    origin: str = ""
    size: int = 0
    root: str = ""
    events: int = 0
    checks: list[Check] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)
    first_bad: BadLine | None = None

    def ok(self, name: str, said: str) -> None:
        """Note a check that held."""
        self.checks.append(Check(name, "ok", said))

    def failed(self, name: str, said: str, *, line: BadLine | None = None) -> None:
        """Note a check that did not hold; `line` is the first bad line that it found."""
        self.checks.append(Check(name, "failed", said))
        if line is not None and (self.first_bad is None or line.position < self.first_bad.position):
            self.first_bad = line

    def absent(self, name: str, said: str) -> None:
        """Note a check that could not be made because what it needs is not there; this is no failure."""
        self.checks.append(Check(name, "absent", said))

    @property
    def verified(self) -> bool:
        """Whether every check that could be made held."""
        return bool(self.checks) and all(check.outcome != "failed" for check in self.checks)

    @property
    def failures(self) -> list[Check]:
        """The checks that did not hold, in the order in which they were made."""
        return [check for check in self.checks if check.outcome == "failed"]

    def require(self) -> None:
        """Raise NotVerifiedError, which names the first failure and the first bad line, unless all is well."""
        if self.verified:
            return
        first = self.failures[0]
        where = ""
        if self.first_bad is not None:
            key = f" ({self.first_bad.key})" if self.first_bad.key else ""
            where = f"; the first bad line is event {self.first_bad.position}{key}: {self.first_bad.what}"
        raise NotVerifiedError(
            f"{self.what} is NOT VERIFIED: {first.name}: {first.said}{where}",
            advice="do not rely on it; get another copy, and keep this one as evidence",
        )

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        bad = self.first_bad
        return {
            "what": self.what,
            "verified": self.verified,
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "events": self.events,
            "checks": [{"name": check.name, "outcome": check.outcome, "said": check.said} for check in self.checks],
            "first_bad": None if bad is None else {"position": bad.position, "key": bad.key, "what": bad.what},
            "not_checked": self.not_checked,
        }
