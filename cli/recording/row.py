"""Recording one event that was typed in: what is left out is filled in where only one thing fits, errors name options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.errors import UsageMistakeError
from cli.input.event_types import short_name
from cli.recording.flags import option_name, require, terms_of
from cli.recording.writing import record_rows
from events.errors import BadInputError, DealsError
from ledger.reader import LedgerReader

if TYPE_CHECKING:
    from ledger.store.entries import Entry

__all__ = ["append_texts", "standing_terms"]

Texts = dict[str, Any]


class OptionsError(DealsError):
    """What was typed in makes no event that the ledger takes; every option at fault is named."""


def append_texts(type_name: str, texts: Texts, *, db: str, recorder: str | None, dry_run: bool) -> None:
    """Record one event from texts by field. Raises UsageMistakeError, OptionsError, and what opening a ledger raises."""
    from ledger.intake.rows import Reading, row_of
    from ledger.intake.texts import plain_values

    with LedgerReader(db) as reader:
        texts = _filled(reader, type_name, texts)
    require(type_name, texts)
    raw, problems = plain_values(type_name, texts)
    if problems:
        raise OptionsError(
            _LISTED.join(f"{_option(field)}: {what} (got {got!r})" for field, what, got, _ in problems),
            advice="\n".join(dict.fromkeys(advice for *_, advice in problems)),
        )
    row = row_of(f"append {short_name(type_name)}", 1, raw, Reading(), texts=True)
    try:
        record_rows([row], db=db, recorder=recorder, dry_run=dry_run)
    except BadInputError as error:
        raise _named_by_option(error) from None


def _named_by_option(error: BadInputError) -> OptionsError:
    """Say what is wrong by the options that were typed."""
    lines, advice = [], []
    for finding in error.findings:
        got = f" (got {finding.got})" if finding.got else ""
        lines.append(f"{_option(finding.field)}: {finding.what}{got}")
        advice += [finding.advice.replace("add amends: ", "add --amends ")] if finding.advice else []
    return OptionsError(_LISTED.join(lines), advice="\n".join([*dict.fromkeys(advice), "nothing was recorded"]))


# Errors of one command line stand under each other, behind `error: `.
_LISTED = "\n       "


def _option(field: str) -> str:
    """Name an option, and its field where that has another name."""
    name = option_name(field)
    return name if name.lstrip("-").replace("-", "_") == field else f"{name} ({field})"


def _filled(reader: LedgerReader, type_name: str, texts: Texts) -> Texts:
    """Fill in the leg where the deal has only one that fits, and what `--amends last` means."""
    if "deal" not in texts:
        return texts
    fitting = terms_of(type_name)
    if "leg" not in texts and fitting:
        legs = {str(entry.leg) for entry in reader.entries(deal=texts["deal"]) if entry.type in fitting}
        if len(legs) > 1:
            raise UsageMistakeError(
                f"--leg: left out, and the deal {texts['deal']} has several that fit",
                advice=f"add --leg and one of: {', '.join(sorted(legs))}",
            )
        texts = texts | ({"leg": legs.pop()} if legs else {})
    if texts.get("amends") == "last" and "leg" in texts:
        return texts | {"amends": standing_terms(reader, texts["deal"], texts["leg"]).key}
    return texts


def standing_terms(reader: LedgerReader, deal: str, leg: str) -> Entry:
    """Give the terms of a leg that stand last: the greatest by effective day, announced day and position.

    Raises UsageMistakeError where the leg has none.
    """
    terms = [entry for entry in reader.entries(deal=deal, leg=leg) if entry.family == "terms"]
    standing = [entry for entry in terms if reader.chain(entry.key)[-1].type != "event_retracted"]
    if not standing:
        raise UsageMistakeError(
            f"--amends last: the leg {deal}/{leg} has no terms yet", advice="leave --amends out: these are its first"
        )
    return max(standing, key=lambda entry: (entry.effective_on, entry.announced_on, entry.position))
