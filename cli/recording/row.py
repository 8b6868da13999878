"""Recording one event that was typed in: what is left out is filled in where only one thing fits, errors name options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.recording.flags import missing_of, option_name, terms_of
from cli.recording.writing import record_rows
from events.errors import BadInputError, DealsError, Finding, suggestion
from events.type_names import short_type
from ledger.reader import LedgerReader

__all__ = ["append_texts"]

Texts = dict[str, Any]


class OptionsError(DealsError):
    """What was typed in makes no event that the ledger takes; every option at fault is named."""


@dataclass
class _Wrong:
    """Everything that is wrong with what was typed, so that it is said at once."""

    said: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    def add(self, error: DealsError) -> None:
        """Add something that is wrong by itself."""
        self.said.append(error.message)
        self.advice += error.advice.splitlines()

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Add what is wrong with the event, by the options that were typed."""
        for finding in findings:
            got = f" (got {finding.got})" if finding.got else ""
            self.said.append(f"{_option(finding.field)}: {finding.what}{got}")
            self.advice += [_by_options(finding.advice)] if finding.advice else []

    def refuse(self) -> None:
        """Raise OptionsError where anything is wrong."""
        if self.said:
            raise OptionsError(
                _LISTED.join(self.said), advice="\n".join([*dict.fromkeys(self.advice), "nothing was recorded"])
            )


# Errors of one command line stand under each other, behind `error: `.
_LISTED = "\n       "


def append_texts(
    type_name: str, texts: Texts, unread: Mapping[str, DealsError], *, db: str, recorder: str | None, dry_run: bool
) -> None:
    """Record one event from texts by field; `unread` are the options that could not be read.

    Raises OptionsError, and what opening a ledger raises.
    """
    from ledger.intake.located import Rejected
    from ledger.intake.rows import InputDefaults, row_of_texts

    wrong = _Wrong()
    for error in unread.values():
        wrong.add(error)
    with LedgerReader(db) as reader:
        texts = _with_leg(reader, type_name, texts, wrong)
        texts = _with_amended(reader, type_name, texts, wrong)
    missing = missing_of(type_name, [*(name for name, text in texts.items() if text), *unread])
    if missing and not (missing == ["leg"] and wrong.said):
        wrong.add(_needed(type_name, missing))
    row = row_of_texts(f"append {short_type(type_name)}", 1, {"type": type_name, **texts}, InputDefaults())
    if isinstance(row, Rejected):
        told = {*missing, *unread}
        wrong.add_findings(found for found in row.findings if found.what != "is required" or found.field not in told)
    wrong.refuse()
    try:
        record_rows([row], db=db, recorder=recorder, dry_run=dry_run)
    except BadInputError as error:
        wrong.add_findings(error.findings)
        wrong.refuse()


def _needed(type_name: str, missing: list[str]) -> OptionsError:
    advice = f"see `deals append {type_name} --help`"
    if "announced_on" in missing:
        advice += "; --announced-on today dates it today"
    return OptionsError(
        f"append {type_name}: needed and left out: {', '.join(map(option_name, missing))}", advice=advice
    )


def _by_options(advice: str) -> str:
    """Say an advice that is written for files as it is typed."""
    return advice.replace("add amends: ", "add --amends ").replace("key: auto#", "--key auto#")


def _option(field: str) -> str:
    """Name an option, and its field where that has another name."""
    if field == "row":
        return "the event"
    name = option_name(field)
    return name if name.lstrip("-").replace("-", "_") == field else f"{name} ({field})"


def _with_leg(reader: LedgerReader, type_name: str, texts: Texts, wrong: _Wrong) -> Texts:
    """Fill in the leg where the deal has only one on which this can happen; say which there are where it has others."""
    on, deal = terms_of(type_name), texts.get("deal")
    if not on or not deal or texts.get("leg"):
        return texts
    legs = {str(entry.leg): entry.type for entry in reader.standing_terms(deal)}
    fitting = [leg for leg, kind in legs.items() if kind in on]
    if len(fitting) == 1:
        return texts | {"leg": fitting[0]}
    if fitting:
        what = f"--leg: left out, and the deal {deal} has {len(fitting)} on which {type_name} can happen"
        advice = f"add --leg and one of: {_listed(legs, fitting)}"
    elif legs:
        what = f"--leg: left out, and the deal {deal} has none on which {type_name} can happen"
        advice = f"it can happen on a {' or '.join(map(short_type, sorted(on)))}; legs of {deal}: {_listed(legs, legs)}"
    else:
        what = f"--deal: no leg of it is recorded (got {deal})"
        advice = suggestion(deal, _deals(reader)) or "record its terms first; `deals legs` lists what there is"
    wrong.add(OptionsError(what, advice=advice))
    return texts


def _listed(legs: Mapping[str, str], names: Iterable[str]) -> str:
    return ", ".join(f"{name} ({short_type(legs[name])})" for name in sorted(names))


def _deals(reader: LedgerReader) -> set[str]:
    return {entry.deal for entry in reader.entries() if entry.deal}


def _with_amended(reader: LedgerReader, type_name: str, texts: Texts, wrong: _Wrong) -> Texts:
    """Put the leg's latest terms in the place of `--amends last`, leaving this very event out where it was recorded before."""
    if texts.get("amends") != "last" or not (texts.get("deal") and texts.get("leg")):
        return texts
    own = _own_key(type_name, texts)
    terms = [entry for entry in reader.standing_terms(texts["deal"], texts["leg"]) if entry.key != own]
    if terms:
        return texts | {"amends": terms[-1].key}
    leg = f"{texts['deal']}/{texts['leg']}"
    wrong.add(
        OptionsError(f"--amends last: the leg {leg} has no terms yet", advice="leave --amends out: these are its first")
    )
    return texts


def _own_key(type_name: str, texts: Texts) -> str:
    from events.keys import derived_key, nth_of

    nth = nth_of(texts.get("key"))
    return derived_key({"type": type_name, **texts}, nth) if nth else str(texts["key"])
