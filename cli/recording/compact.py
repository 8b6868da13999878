"""Compact forms for what has parts: tranches with conditions, lenders, schedules, steps of a cap, contesting sources.

A tranche is `NAME[=SIZE][: CONDITION [& CONDITION]…]`, one of a loan `NAME[=SIZE][ @PERCENT%][ due DATE][: CONDITIONS]`; a condition is `KIND[>=THRESHOLD [UNIT]][@DEAL/LEG]["words"]`.
"""

from __future__ import annotations

import re

from events.errors import BadValueError, suggestion

__all__ = ["CONDITION_KINDS", "CONDITION_SYNTAX", "BadCompactError", "spread"]

Texts = dict[str, str | list[str]]

CONDITION_KINDS = ("capacity", "purchases", "share_price", "date", "definitive_agreement", "other")
CONDITION_SYNTAX = (
    "Conditions are joined by `&` and must all hold: capacity>=1 GW, purchases>=5B USD, share_price>=600 USD, "
    "date>=2026-12-31, definitive_agreement, other; each may name whose deliveries count (@DEAL/LEG) and quote the "
    'source ("in words").'
)
_CONDITION = re.compile(
    r"""(?P<kind>[a-z][a-z_ -]*?)\s*
        (?:(?:>=|≥)\s*(?P<level>[^@"]*[^@"\s]))?\s*
        (?:@\s*(?P<leg>\S+))?\s*
        (?:"(?P<text>[^"]+)")?\s*\Z""",
    re.VERBOSE,
)
_SCHEDULE = re.compile(r"(?P<from>\S+)\s*\.\.\s*(?P<to>[^\s=]+)\s*=\s*(?P<share>\S+)\Z")
_LOAN_PART = re.compile(
    r"(?P<named>[^@]+?)\s*(?:@\s*(?P<percent>[^%@]+?)\s*%)?\s*(?:\bdue\s+(?P<matures_on>[^@%]+?))?\s*\Z"
)
_PRECISIONS = ("day", "month", "quarter", "year")


class BadCompactError(BadValueError):
    """A compact form on the command line cannot be read."""


def spread(field: str, kind: str, values: list[str]) -> Texts:
    """Return the fields that compact values stand for, as texts by dotted field. Raises BadCompactError."""
    if kind in {"legs", "texts"}:
        return {field: values}
    if kind == "precision":
        return _precision(field, values)
    texts: Texts = {}
    if kind == "conditions":
        for number, said in enumerate(text for value in values for text in _split(value)):
            texts |= {f"{field}.{number}.{part}": text for part, text in _condition(said, "--condition").items()}
        return texts
    for number, value in enumerate(values):
        texts |= {f"{field}.{number}.{part}": text for part, text in _PARTS[kind](value).items()}
    return texts


def _precision(field: str, values: list[str]) -> Texts:
    texts: Texts = {}
    for value in values:
        date, equals, precision = value.rpartition("=")
        if precision not in _PRECISIONS or (equals and date not in {"announced_on", "effective_on"}):
            raise BadCompactError(
                f"--date-precision: cannot be read (got {value!r})",
                advice="write month, quarter or year, or announced_on=month for one of the two dates",
            )
        dates = [date] if equals else ["announced_on", "effective_on"]
        texts |= {f"{field}.{name}": precision for name in dates}
    return texts


def _sized(value: str, size: str) -> dict[str, str]:
    """Read `NAME[=SIZE][: CONDITIONS]`."""
    head, _, conditions = value.partition(":")
    name, equals, amount = head.partition("=")
    parts = {"tranche": name.strip()}
    if equals:
        parts[size] = _given("--tranche", value, amount)
    for number, text in enumerate(_split(conditions)):
        parts |= {f"conditions.{number}.{part}": said for part, said in _condition(text).items()}
    return parts


def _of_loan(value: str) -> dict[str, str]:
    """Read `NAME[=SIZE][ @PERCENT%][ due DATE][: CONDITIONS]`."""
    head, colon, conditions = value.partition(":")
    found = _LOAN_PART.match(head.strip())
    if not found:
        raise BadCompactError(
            f"--tranche: cannot be read (got {value!r})",
            advice="write NAME=MONEY @PERCENT% due DATE, e.g. notes-2032=4B @4.6% due 2032-11; all but the name may be left out",
        )
    parts = _sized(f"{found['named']}{colon}{conditions}", "amount")
    return parts | {name: found[name] for name in ("percent", "matures_on") if found[name]}


def _step(value: str) -> dict[str, str]:
    day, _, amount = value.partition("=")
    return {"from": day.strip(), "amount": _given("--step", value, amount)}


def _split(conditions: str) -> list[str]:
    """Split at `&` outside of quotes."""
    return [part.strip() for part in re.findall(r'(?:[^&"]|"[^"]*"?)+', conditions) if part.strip()]


def _condition(text: str, option: str = "--tranche") -> dict[str, str]:
    found = _CONDITION.match(text)
    kind = found["kind"].strip().replace(" ", "_").replace("-", "_") if found else ""
    if found is None or kind not in CONDITION_KINDS:
        hint = suggestion(kind, CONDITION_KINDS) if kind else ""
        raise BadCompactError(f"{option}: a condition cannot be read (got {text!r})", advice=hint or CONDITION_SYNTAX)
    parts = {"kind": kind}
    if found["level"]:
        parts |= _level(kind, found["level"], option)
    return parts | {name: found[name] for name in ("leg", "text") if found[name]}


def _level(kind: str, text: str, option: str) -> dict[str, str]:
    """Read the threshold of a condition, and its unit where it has one."""
    from events.quantities import NotReadableError
    from events.stored_form import threshold

    try:
        level, unit = threshold(kind, text)
    except NotReadableError as error:
        raise BadCompactError(f"{option}: the level of {kind} {error.message}", advice=error.advice) from None
    return {name: said for name, said in (("threshold", level), ("unit", unit)) if said}


def _given(option: str, value: str, amount: str) -> str:
    """Return what stands behind the equals sign; nothing there is more likely a slip than undisclosed."""
    if not amount.strip():
        raise BadCompactError(
            f"{option}: nothing follows the = (got {value!r})", advice="write undisclosed, or leave out the = too"
        )
    return amount.strip()


def _lender(value: str) -> dict[str, str]:
    company, equals, amount = value.partition("=")
    return {"company": company.strip()} | ({"amount": _given("--lender", value, amount)} if equals else {})


def _schedule(value: str) -> dict[str, str]:
    found = _SCHEDULE.match(value.strip())
    if not found:
        raise BadCompactError(
            f"--schedule: cannot be read (got {value!r})",
            advice="write FROM..TO=SHARE, e.g. 2027-01-01..2028-01-01=0.2; TO is the day after the last",
        )
    return found.groupdict()


def _contested(value: str) -> dict[str, str]:
    parts = [part.strip() for part in value.split("|")]
    return {name: part for name, part in zip(("value", "publisher", "url", "amount"), parts, strict=False) if part}


_PARTS = {
    "share-tranche": lambda value: _sized(value, "shares"),
    "money-tranche": lambda value: _sized(value, "amount"),
    "loan-tranche": _of_loan,
    "step": _step,
    "lender": _lender,
    "schedule": _schedule,
    "contested": _contested,
}
