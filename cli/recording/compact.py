"""Compact forms for what has parts: tranches with conditions, lenders, schedules, contesting sources.

A tranche is `NAME[=SIZE][: CONDITION [& CONDITION]…]`; a condition is `KIND[>=THRESHOLD [UNIT]][@DEAL/LEG]["words"]`.
"""

from __future__ import annotations

import re

from events.errors import DealsError, suggestion

__all__ = ["CONDITION_KINDS", "CONDITION_SYNTAX", "BadCompactError", "plain_money", "plain_number", "spread"]

Texts = dict[str, str | list[str]]

CONDITION_KINDS = ("capacity", "purchases", "share_price", "date", "definitive_agreement", "other")
CONDITION_SYNTAX = (
    "Conditions are joined by `&` and must all hold: capacity>=1 GW, purchases>=5B USD, share_price>=600 USD, "
    "date>=2026-12-31, definitive_agreement, other; each may name whose deliveries count (@DEAL/LEG) and quote the "
    'source ("in words").'
)
_CONDITION = re.compile(
    r"""(?P<kind>[a-z][a-z_ -]*?)\s*
        (?:(?:>=|≥)\s*(?P<level>[$€£]?[0-9][^@"]*?))?\s*
        (?:@\s*(?P<leg>\S+))?\s*
        (?:"(?P<text>[^"]+)")?\s*\Z""",
    re.VERBOSE,
)
_SCALED = re.compile(r"[0-9]+(\.[0-9]+)?[KMBTkmbt]\Z")
_UNITS = {"capacity": "GW", "purchases": "USD", "share_price": "USD"}
_SCHEDULE = re.compile(r"(?P<from>\S+)\s*\.\.\s*(?P<to>[^\s=]+)\s*=\s*(?P<share>\S+)\Z")
_PRECISIONS = ("day", "month", "quarter", "year")


class BadCompactError(DealsError):
    """A compact form on the command line cannot be read."""

    exit_code = 2


def spread(field: str, kind: str, values: list[str]) -> Texts:
    """Give the fields that compact values stand for, as texts by dotted field. Raises BadCompactError."""
    if kind in {"legs", "texts"}:
        return {field: values}
    if kind == "precision":
        return _precision(field, values)
    texts: Texts = {}
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
    name, _, amount = head.partition("=")
    parts = {"tranche": name.strip()}
    if amount.strip():
        parts[size] = plain_money(amount) if size == "amount" else plain_number(amount)
    for number, text in enumerate(_split(conditions)):
        parts |= {f"conditions.{number}.{part}": said for part, said in _condition(text).items()}
    return parts


def _split(conditions: str) -> list[str]:
    """Split at `&` outside of quotes."""
    return [part.strip() for part in re.findall(r'(?:[^&"]|"[^"]*"?)+', conditions) if part.strip()]


def _condition(text: str) -> dict[str, str]:
    found = _CONDITION.match(text)
    kind = found["kind"].strip().replace(" ", "_").replace("-", "_") if found else ""
    if found is None or kind not in CONDITION_KINDS:
        hint = suggestion(kind, CONDITION_KINDS) if kind else ""
        raise BadCompactError(f"--tranche: a condition cannot be read (got {text!r})", advice=hint or CONDITION_SYNTAX)
    parts = {"kind": kind}
    if found["level"]:
        threshold, _, unit = plain_money(found["level"]).partition(" ")
        parts["threshold"] = plain_number(threshold)
        unit = unit or _UNITS.get(kind, "")
        parts |= {"unit": unit} if unit else {}
    return parts | {name: found[name] for name in ("leg", "text") if found[name]}


def plain_money(text: str) -> str:
    """Bring an amount as newspapers print it into the form that the intake reads: `$300bn` is `300B USD`."""
    said = re.sub(r"(?<=[0-9]),(?=[0-9])", "", text.strip())
    for pattern, written in _SPOKEN:
        said = re.sub(pattern, written, said, flags=re.IGNORECASE)
    return " ".join(said.split())


_SPOKEN = (
    (r"(?<=[0-9])\s*(?:trillion|tn)\b", "T"),
    (r"(?<=[0-9])\s*(?:billion|bn)\b", "B"),
    (r"(?<=[0-9])\s*(?:million|mn)\b", "M"),
    (r"\bdollars?\b", "USD"),
    (r"(?:US)?\$\s*([0-9.]+[KMBT]?)(?!.*USD)", r"\1 USD"),
    (r"€\s*([0-9.]+[KMBT]?)(?!.*EUR)", r"\1 EUR"),
    (r"£\s*([0-9.]+[KMBT]?)(?!.*GBP)", r"\1 GBP"),
    (r"(?:US)?[$€£]", ""),
)


def plain_number(text: str) -> str:
    """Write a number out: `13.1B` is 13100000000, `1,200` is 1200; anything else stays as it is."""
    from ledger.intake.texts import money

    plain = plain_money(text)
    if not _SCALED.match(plain):
        return plain
    read = money(plain)
    return read["value"] if read else plain


def _lender(value: str) -> dict[str, str]:
    company, _, amount = value.partition("=")
    return {"company": company.strip()} | ({"amount": plain_money(amount)} if amount.strip() else {})


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
    "lender": _lender,
    "schedule": _schedule,
    "contested": _contested,
}
