"""The one place where a text becomes an exact number: a count, a share, a capacity, or an amount of money.

Every door reads through it (options, files, cells, scenarios), so that one spelling means one thing everywhere. What could
be read in two ways is refused with the text as typed and with what to write instead; nothing is rounded or guessed.
docs/amounts.md lists the forms.
"""

from __future__ import annotations

import re
from decimal import Decimal

from events.currencies import codes_of
from events.numerals import Style, is_ambiguous, meant, plain, read_digits
from events.other_spellings import leaves_out, other_qualifier, other_scale
from events.written import AMBIGUOUS, PLACES, SCALES, NotReadableError, Written, written

__all__ = [
    "PLACES",
    "QUESTION_PLACES",
    "NotReadableError",
    "Style",
    "as_written",
    "capacity",
    "count",
    "currency_of",
    "is_undisclosed",
    "money",
    "number",
    "plain",
    "refuse_ambiguous",
    "share",
]

QUESTION_PLACES = 18
"""The decimals that a number in a question may have: nothing of it is stored."""

_LONGEST_FIRST = sorted(filter(None, SCALES), key=len, reverse=True)
_WORDS = frozenset({"thousand", "million", "billion", "trillion"})
_WRITTEN_OUT_MAX = 60
_SCALES_SAID = "scales are K, M, B and T, or a word such as bn or billion; currencies go by ISO 4217, such as EUR"
_SIGNED = {"~": "about", "≈": "about", "≥": "at_least", ">=": "at_least", "≤": "up_to", "<=": "up_to"}
_QUALIFIER = re.compile(
    r"(?:(?P<word>exactly|about|up[ _-]to|at[ _-]least)(?![A-Za-z])|(?P<sign>~|≈|≥|>=|≤|<=))\s*", re.IGNORECASE
)


def is_undisclosed(text: str) -> bool:
    """Say whether a text says that the quantity is not known, which is the same as leaving it out."""
    return text.strip().casefold() == "undisclosed"


def as_written(value: object) -> str:
    """Return a number that a JSON or YAML file or a program gave as the text of its digits, anything else as it shows.

    A binary float is its shortest form; an exponent is written out where that makes no more than a line of digits.
    """
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= _WRITTEN_OUT_MAX:
        return format(value, "f")
    return str(value)


def number(text: str, *, style: Style = "ratio", scaled: bool = False, places: int = PLACES) -> Decimal:
    """Return a plain number, below zero too; `scaled` lets it have a scale, as in `13.1B`. Raises NotReadableError."""
    parts = written(text, "a number")
    below, scale = parts.is_negative(), parts.after.casefold()
    if scale not in SCALES and scaled:
        parts.refuse_scale("whole", instead=_alone(parts))
    if scale and not scaled:
        parts.refuse(advice=_alone(parts))
    # With a scale a number of any kind may be meant in thousands.
    value = parts.value("whole" if scale else style, places=places, power=SCALES[scale], unit=parts.after)
    return -value if below else value


def _alone(parts: Written) -> str:
    """Say what to write in place of a number that something stands behind."""
    value = read_digits(parts.digits, "ratio") if parts.after == "%" else None
    if value is not None:
        return f"write {plain(value)} where percent are meant, {plain(value / 100)} where a fraction is"
    return f"write the number alone, without {parts.after!r}"


def share(text: str, *, places: int = PLACES) -> Decimal:
    """Return a fraction from `0.25` or `25%`, below zero too; bounds are the caller's. Raises NotReadableError."""
    parts = written(text, "a share")
    below = parts.is_negative()
    if parts.after not in {"", "%"}:
        parts.refuse()
    value = parts.value("ratio", places=places, power=-2 if parts.after else 0, unit=parts.after)
    return -value if below else value


def count(text: str) -> int | None:
    """Return a whole number such as `160000000`, `160,000,000` or `160M`; `undisclosed` is None.

    Raises NotReadableError.
    """
    if is_undisclosed(text):
        return None
    parts = written(text, "a whole number")
    scale = parts.after.casefold()
    if parts.is_negative():
        parts.refuse()
    if scale not in SCALES:
        parts.refuse_scale("whole")
    value = parts.value("whole" if scale else "count", power=SCALES[scale], unit=parts.after)
    return int(value) if value == value.to_integral_value() else parts.refuse()


def capacity(text: str) -> Decimal | None:
    """Return gigawatts from `4.5`, `4.5 GW` or `500 MW`; `undisclosed` is None. Raises NotReadableError."""
    if is_undisclosed(text):
        return None
    parts = written(text, "a capacity")
    unit = parts.after.casefold()
    if parts.is_negative() or unit not in {"", "gw", "mw"}:
        parts.refuse()
    style: Style = "whole" if unit == "mw" else "ratio"
    return parts.value(style, power=-3 if unit == "mw" else 0, unit=f" {parts.after}".rstrip())


def money(
    text: str, *, currency: str | None = None, qualifier: str | None = None, usual: str = "USD"
) -> dict[str, str] | None:
    """Return `{value, currency, qualifier}` of `[qualifier] [currency] NUMBER[scale] [currency]`; `undisclosed` is None.

    `currency` and `qualifier` are texts that stand beside it (another column, a group's field) and must not contradict
    it; `usual` is the currency where none is named. Raises NotReadableError.
    """
    if is_undisclosed(text):
        return None
    parts = written(text, "an amount")
    said, before = _before(parts)
    scale, after = _behind(parts)
    given = [*before.split(), *after.split(), *([currency] if currency else [])]
    if not given and not scale.isascii():
        parts.refuse(f"names no currency, which {scale} does not tell", f"write it like {parts.digits}{scale} JPY")
    codes = _codes(parts, given) if given else (usual,)
    apart = " " if scale.casefold() in _WORDS else ""
    unit = f"{apart}{scale}" + (f" {codes[0]}" if given and len(codes) == 1 else "")
    value = parts.value("whole", power=SCALES[scale.casefold()], unit=unit)
    if len(codes) > 1:
        ways = " or ".join(f"{parts.digits}{scale} {code}" for code in codes)
        parts.refuse(f"does not say which currency: {given[0]} is that of several countries", f"write {ways}")
    if said and qualifier and said != qualifier:
        parts.refuse(f"is qualified twice, {said} and {qualifier}", "leave one of them out")
    return {"value": plain(value), "currency": codes[0], "qualifier": qualifier or said or "exactly"}


def _before(parts: Written) -> tuple[str, str]:
    """Return the qualifier and the currency that stand before the digits, each empty where there is none."""
    found = _QUALIFIER.match(parts.before)
    rest = parts.before[found.end() :].strip() if found else parts.before
    if "-" in rest or "\u2212" in rest:
        parts.refuse("is not an amount: below zero")
    if rest == "+":
        parts.refuse(advice=f"write {parts.digits}{parts.after}")
    word, meaning, currency = ("", "", "") if found or _ends(rest) else other_qualifier(rest)
    if word and _ends(currency):
        beyond = f"; {word} alone leaves the number itself out" if leaves_out(word) else ""
        space = " " if currency[-1:].isalpha() else ""
        parts.refuse(advice=f"write {meaning} {currency}{space}{parts.digits}{parts.after}{beyond}")
    if not found:
        return "", rest
    return _SIGNED[found["sign"]] if found["sign"] else re.sub("[ -]", "_", found["word"].casefold()), rest


def _behind(parts: Written) -> tuple[str, str]:
    """Return the scale as typed and the currency that stand behind the digits, each empty where there is none."""
    rest = parts.after
    if _ends(rest):
        return "", rest
    scale = next((name for name in _LONGEST_FIRST if rest.casefold().startswith(name) and _ends(rest[len(name) :])), "")
    behind = rest[len(scale) :]
    if scale == "t" and behind and not behind[0].isspace():
        parts.refuse(f"is not an amount: {rest} is thousands in German accounts", f"write K {behind} or T {behind}")
    if not scale:
        other, _ = other_scale(rest, parts.text)
        named = codes_of(rest[len(other) :].lstrip(".").strip()) if other else ()
        instead = "an amount is no percentage: write the money" if rest == "%" else _SCALES_SAID
        parts.refuse_scale("whole", unit=f" {named[0]}" if len(named) == 1 else "", instead=instead)
    return rest[: len(scale)], behind.strip()


def _ends(rest: str) -> bool:
    """Say whether what is left holds currencies and nothing else."""
    return all(codes_of(name) for name in rest.split())


def _codes(parts: Written, given: list[str]) -> tuple[str, ...]:
    """Return the codes that all the currencies named beside an amount can stand for."""
    codes = [codes_of(name.strip()) for name in given]
    for name, found in zip(given, codes, strict=True):
        if not found:
            parts.refuse(f"is not an amount: {name!r} is no currency known here", "write an ISO 4217 code: 50M EUR")
    common = tuple(code for code in codes[0] if all(code in others for others in codes))
    return common or parts.refuse(f"names two currencies, {' and '.join(given)}", "leave out the one that is wrong")


def currency_of(text: str) -> str:
    """Return the code of one currency from a code in any case, a sign or a word. Raises NotReadableError."""
    codes = codes_of(text.strip())
    if len(codes) == 1:
        return codes[0]
    if codes:
        raise NotReadableError("does not say which currency", text, f"write {' or '.join(codes)}")
    raise NotReadableError("is no currency known here", text, "write an ISO 4217 code, such as EUR")


def refuse_ambiguous(digits: str) -> None:
    """Refuse a decimal string of money or a count that no program writes and people read in two ways, such as `1.080`.

    The form that a ledger writes has no zero at its end, so `1.125` is taken as it stands. Raises NotReadableError.
    """
    if digits.endswith("0") and "." in digits and is_ambiguous(digits, "whole"):
        raise NotReadableError(AMBIGUOUS, digits, f"write {' or '.join(meant(digits, 'whole'))}")
