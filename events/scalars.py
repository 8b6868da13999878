"""The smallest parts of an event, each one string or number in its one allowed form, which its JSON Schema says too."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from events.currencies import CURRENCIES
from events.quantities import NotReadableError, refuse_ambiguous

__all__ = [
    "CAPACITY_MAX_GW",
    "FIRST_DAY",
    "INTEGER_MAX",
    "LAST_DAY",
    "AmountText",
    "ClockDate",
    "CompanyRef",
    "Currency",
    "Day",
    "DecimalText",
    "Fraction",
    "Gigawatts",
    "Instant",
    "Key",
    "LegRef",
    "NonNegative",
    "ReadAs",
    "RefersToCompany",
    "Sha256",
    "ShareCount",
    "SignedFraction",
    "Slug",
    "Text",
    "decimal_text",
    "is_leg",
    "iso_day",
    "not_a_number",
    "not_negative",
    "plain_line",
    "plain_text",
    "refuse_ambiguous_text",
    "whole_match",
]

# The read side's ordering key keeps 16 bits a date.
FIRST_DAY = dt.date(1970, 1, 1)
LAST_DAY = dt.date(2149, 6, 5)
CAPACITY_MAX_GW = Decimal(200)
INTEGER_MAX = 2**53 - 1  # what every reader of JSON holds exactly

_SLUG_PATTERN = "[a-z0-9]+(-[a-z0-9]+)*"
_SLUG_MAX = 80
_KEY_PATTERN = "[A-Za-z0-9][A-Za-z0-9._:/+-]{0,239}"
_UNSIGNED_PATTERN = r"[0-9]{1,30}(\.[0-9]{1,6})?"
_DAY_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT_PATTERN = rf"{_DAY_PATTERN}T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,6}})?)?"
_ZONE_PATTERN = "Z|[+-][0-9]{2}:[0-9]{2}"
_TEXT_MAX = 4000
_NAME_MAX = 200

_DECIMAL = re.compile(rf"-?{_UNSIGNED_PATTERN}\Z")
_SLUG = re.compile(rf"{_SLUG_PATTERN}\Z")
_KEY = re.compile(rf"{_KEY_PATTERN}\Z")
_DAY = re.compile(rf"{_DAY_PATTERN}\Z")
_INSTANT = re.compile(rf"{_MOMENT_PATTERN}({_ZONE_PATTERN})?\Z")
# Besides line breaks: marks that turn the writing direction or show nothing.
_HIDDEN = r"\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"
_CONTROL = re.compile(f"[{_HIDDEN}]")


def not_a_number(value: Any) -> Any:  # noqa: ANN401 - a before-validator sees whatever the input held
    """Refuse JSON and YAML numbers where a decimal string belongs: binary floats lose cents."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        kind = "an unquoted number" if isinstance(value, int) else "a float"
        raise PydanticCustomError("number_as_float", f"{kind} where an exact decimal string belongs; quote it")
    return value


def decimal_text(text: str) -> str:
    """Bring a decimal string to its one canonical form: no exponent, no leading or trailing zeros, no plus sign."""
    if not _DECIMAL.match(text):
        raise PydanticCustomError(
            "decimal_text", "not an exact decimal string of at most 30 digits before and 6 after the point"
        )
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text)
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    if digits[0] == "0" and len(digits) > 1 and digits[1] != ".":
        whole, _, rest = digits.partition(".")
        whole = whole.lstrip("0") or "0"
        digits = f"{whole}.{rest}" if rest else whole
    return digits if digits == "0" else sign + digits


def not_negative(text: str) -> str:
    """Refuse a canonical decimal string below zero."""
    if text[0] != "-":
        return text
    raise PydanticCustomError("below_zero", "below zero")


def refuse_ambiguous_text(text: str) -> None:
    """Refuse `1.080` of money or of a count, which is 1080 to half of the world; raises a validation error."""
    try:
        refuse_ambiguous(text)
    except NotReadableError as error:
        raise PydanticCustomError(
            "ambiguous", "{what}; {advice}", {"what": error.what, "advice": error.advice}
        ) from None


def _amount(text: str) -> str:
    if text[-1:] == "0":  # what a ledger writes never ends so after a point
        refuse_ambiguous_text(text)
    return not_negative(decimal_text(text))


def _gigawatts(text: str) -> str:
    if Decimal(text) > CAPACITY_MAX_GW:
        raise PydanticCustomError("too_large", "more than 200 GW on one leg; misprint of the unit?")
    return text


def _at_least_minus_one(text: str) -> str:
    if Decimal(text) < -1:
        raise PydanticCustomError("below_minus_one", "a return below -100 %; give a fraction such as -0.25")
    return text


def _fraction(text: str) -> str:
    if Decimal(text) > 1:
        raise PydanticCustomError("above_one", "more than the whole; give a fraction such as 0.10 for 10 %")
    return text


def _slug(text: str) -> str:
    if len(text) > _SLUG_MAX or not _SLUG.match(text):
        raise PydanticCustomError(
            "bad_slug", "not a slug; use lower-case letters a-z, digits and single hyphens (at most 80)"
        )
    return text


def _key(text: str) -> str:
    if not _KEY.match(text):
        raise PydanticCustomError("bad_key", "not a key; use letters, digits and . _ : / + - (at most 240)")
    return text


def is_leg(text: str) -> bool:
    """Say whether a text has the form of a leg, deal/leg."""
    deal, _, leg = text.partition("/")
    return bool(_SLUG.match(deal) and _SLUG.match(leg)) and max(len(deal), len(leg)) <= _SLUG_MAX


def _leg_ref(text: str) -> str:
    if not is_leg(text):
        raise PydanticCustomError("bad_leg", "not a leg; write deal/leg, both as slugs")
    return text


def plain_text(text: str) -> str:
    """Refuse a text that shows nothing, or is more than one plain line."""
    if not text.strip():
        raise PydanticCustomError("empty_text", "empty; leave the field out instead")
    if _CONTROL.search(text):
        raise PydanticCustomError("control_characters", "has line breaks or control characters; write one plain line")
    return text


def iso_day(value: Any) -> Any:  # noqa: ANN401 - a before-validator sees whatever the input held
    """Read `YYYY-MM-DD` and nothing else as a day: pydantic alone would take "86400" for a count of seconds."""
    if not isinstance(value, str):
        return value
    if _DAY.match(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("bad_day", "not a day of the calendar") from None
    raise PydanticCustomError("bad_date", "not a date; write YYYY-MM-DD")


def _iso_instant(value: Any) -> Any:  # noqa: ANN401 - a before-validator sees whatever the input held
    """Read an ISO 8601 instant with `T` and nothing else, for the same reason as a day."""
    if not isinstance(value, str):
        return value
    if _INSTANT.match(value):
        try:
            return dt.datetime.fromisoformat(value)
        except ValueError:
            pass  # a form without a value, such as hour 25
    raise PydanticCustomError("bad_instant", "not an instant; write it like 2025-10-06T20:05:00Z")


def _clock_date(day: dt.date) -> dt.date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise PydanticCustomError("date_out_of_range", "outside 1970-01-01 to 2149-06-05")
    return day


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise PydanticCustomError("bad_sha256", "not a SHA-256 in 64 lower-case hexadecimal digits")
    return text


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise PydanticCustomError("unknown_currency", "not an ISO 4217 currency code such as USD")
    return code


def whole_match(pattern: str, **more: object) -> WithJsonSchema:
    """Return the JSON Schema of a string that a pattern matches from end to end."""
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", **more})


def plain_line(longest: int) -> WithJsonSchema:
    """Return the JSON Schema of one plain line that shows something."""
    line = f"[^{_HIDDEN}]*"
    return WithJsonSchema({"type": "string", "maxLength": longest, "pattern": rf"^{line}[^\s{_HIDDEN}]{line}$"})


@dataclass(frozen=True, slots=True)
class ReadAs:
    """Marks a field with the quantity that a text in it is read as: number, share or capacity."""

    kind: str


DecimalText = Annotated[
    str,
    BeforeValidator(not_a_number),
    AfterValidator(decimal_text),
    whole_match(f"-?{_UNSIGNED_PATTERN}"),
    ReadAs("number"),
]
NonNegative = Annotated[DecimalText, AfterValidator(not_negative), whole_match(_UNSIGNED_PATTERN)]
AmountText = Annotated[
    str,
    BeforeValidator(not_a_number),
    AfterValidator(_amount),
    whole_match(rf"(?![1-9][0-9]{{0,2}}\.[0-9]{{2}}0$){_UNSIGNED_PATTERN}"),
]
Gigawatts = Annotated[
    NonNegative,
    AfterValidator(_gigawatts),
    whole_match(r"0*(200(\.0{1,6})?|(1?[0-9]{1,2})(\.[0-9]{1,6})?)"),
    ReadAs("capacity"),
]
Fraction = Annotated[
    NonNegative, AfterValidator(_fraction), whole_match(r"0*(1(\.0{1,6})?|0(\.[0-9]{1,6})?)"), ReadAs("share")
]
SignedFraction = Annotated[
    DecimalText,
    AfterValidator(_at_least_minus_one),
    whole_match(rf"(-0*(1(\.0{{1,6}})?|0(\.[0-9]{{1,6}})?)|{_UNSIGNED_PATTERN})"),
    ReadAs("share"),
]
ShareCount = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
Slug = Annotated[str, AfterValidator(_slug), whole_match(_SLUG_PATTERN, maxLength=_SLUG_MAX)]
Key = Annotated[str, AfterValidator(_key), whole_match(_KEY_PATTERN)]
LegRef = Annotated[
    str,
    AfterValidator(_leg_ref),
    whole_match(f"(?=[a-z0-9-]{{1,{_SLUG_MAX}}}/[a-z0-9-]{{1,{_SLUG_MAX}}}$){_SLUG_PATTERN}/{_SLUG_PATTERN}"),
]
Text = Annotated[str, Field(max_length=_TEXT_MAX), AfterValidator(plain_text), plain_line(_TEXT_MAX)]
Day = Annotated[dt.date, BeforeValidator(iso_day), whole_match(_DAY_PATTERN, format="date")]
# The pattern knows the years; the last one's months are left to the validator.
ClockDate = Annotated[
    Day,
    AfterValidator(_clock_date),
    whole_match("(19[7-9][0-9]|20[0-9]{2}|21[0-4][0-9])-[0-9]{2}-[0-9]{2}", format="date"),
]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_iso_instant),
    whole_match(rf"{_MOMENT_PATTERN}({_ZONE_PATTERN})", format="date-time"),
]
Sha256 = Annotated[str, AfterValidator(_sha256), whole_match("[0-9a-f]{64}")]
Currency = Annotated[str, AfterValidator(_currency), WithJsonSchema({"type": "string", "enum": sorted(CURRENCIES)})]


class RefersToCompany:
    """Marks a field that names a registered company by slug, ticker, name or alias."""


CompanyRef = Annotated[
    str, Field(max_length=_NAME_MAX), AfterValidator(plain_text), plain_line(_NAME_MAX), RefersToCompany()
]
