"""The options of `deals append TYPE`: one for each field of the type, by the names that a person would try."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import click

from cli.input.complete import companies, keys
from cli.input.dates import ANY_DAY
from events.errors import DealsError

__all__ = ["Flag", "flags_of", "missing_of", "option_name", "options_of", "terms_of", "texts_of"]


class Flag(NamedTuple):
    """A field of an event as the command line takes it; `kind` says how its text is read.

    `on`, of the leg of what happens on one, names the types of terms that it can happen on.
    """

    field: str
    kind: str
    help: str
    choices: tuple[str, ...] = ()
    required: bool = False
    on: tuple[str, ...] = ()


# Names to try before the field's own, which always works too.
_NAMES = {
    "shares_max": ("--shares",),
    "exercise_price": ("--price",),
    "price_per_share": ("--price",),
    "capacity_gw": ("--gw",),
    "tranches": ("--tranche",),
    "lenders": ("--lender",),
    "aliases": ("--alias",),
    "sellers": ("--seller",),
    "steps": ("--step",),
    "conditions": ("--condition",),
    "legs": ("--also-leg",),
    "shares_issued": ("--issued",),
    "shares_withheld": ("--withheld",),
    "source.published_on": ("--source-date",),
    "source.locator": ("--locator",),
    "rate.text": ("--rate",),
}
# What only makes sense under its short name.
_ONLY_SHORT = frozenset(
    {
        "tranches",
        "lenders",
        "aliases",
        "sellers",
        "steps",
        "conditions",
        "legs",
        "rate.text",
        "source.published_on",
        "source.locator",
    }
)
_METAVARS = {
    "money": "MONEY",
    "decimal": "NUMBER",
    "count": "COUNT",
    "date": "DATE",
    "term-day": "DATE",
    "instant": "INSTANT",
    "company": "COMPANY",
    "leg": "DEAL/LEG",
    "legs": "DEAL/LEG",
    "key": "KEY",
    "texts": "TEXT",
    "text": "TEXT",
    "precision": "[DATE=]PRECISION",
    "contested": "VALUE[|PUBLISHER[|URL]]",
    "share-tranche": "NAME[=SHARES][:CONDITIONS]",
    "money-tranche": "NAME[=MONEY][:CONDITIONS]",
    "loan-tranche": "NAME[=MONEY][ @PERCENT%][ due DATE][:CONDITIONS]",
    "conditions": "CONDITIONS",
    "step": "FROM=MONEY",
    "lender": "COMPANY[=MONEY]",
    "schedule": "FROM..TO=SHARE",
}
# With more choices than these the option's name would be drowned by them.
_CHOICES_SHOWN = 5
_MORE_HELP = {
    "key": " `auto#2` asks for the second event that would get the same one.",
    "amends": " `last` stands for the leg's latest terms.",
    "value": " Here 13.1B will do.",
    "date_precision": " PRECISION is day, month, quarter or year; DATE is announced_on or effective_on, both where left out.",
    "contested": " May be repeated.",
    "lenders": " May be repeated.",
    "tranches": " May be repeated.",
    "aliases": " May be repeated.",
    "relies_on": " May be repeated.",
    "schedule": " TO is the day after the last; may be repeated.",
    "sellers": " May be repeated.",
    "steps": " May be repeated.",
    "conditions": " May be repeated.",
    "pledged": " May be repeated.",
    "legs": " May be repeated.",
}
MANY = frozenset(
    {
        *("legs", "texts", "precision", "contested", "lender", "schedule", "step", "conditions"),
        *("share-tranche", "money-tranche", "loan-tranche"),
    }
)
_COMPLETE = {"company": companies, "key": keys}


@cache
def _every() -> dict[str, tuple[Flag, ...]]:
    """Read the table that `flags_from_schema` wrote."""
    text = (resources.files("cli.recording") / "flags.json").read_bytes()
    return {
        name: tuple(
            Flag(**{**flag, "choices": tuple(flag.get("choices", ())), "on": tuple(flag.get("on", ()))})
            for flag in of_type
        )
        for name, of_type in json.loads(text).items()
    }


def flags_of(type_name: str) -> tuple[Flag, ...]:
    """Return the fields of a type, by its full name."""
    return _every()[type_name]


def terms_of(type_name: str) -> frozenset[str]:
    """Return the types of terms on which an event of a type can happen; none for what happens on no leg."""
    return frozenset(name for flag in flags_of(type_name) for name in flag.on)


def _own_name(field: str) -> str:
    return "--" + field.replace(".", "-").replace("_", "-")


def option_name(field: str) -> str:
    """Return the option that a field, or a part of one (`tranches.0.shares`), is given by."""
    parts = field.split(".")
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        if name in _NAMES:
            return _NAMES[name][0]
        if any(flag.field == name for of_type in _every().values() for flag in of_type):
            return _own_name(name)
    return _own_name(parts[0])


def options_of(type_name: str, *, leg_help: str | None = None) -> list[click.Option]:
    """Return the options of a type; `leg_help` describes a leg that may be left out."""
    flags = flags_of(type_name)
    if leg_help:
        flags = tuple(flag._replace(help=leg_help, required=False) if flag.field == "leg" else flag for flag in flags)
    return [_option(flag) for flag in flags]


def _option(flag: Flag) -> click.Option:
    names = [*_NAMES.get(flag.field, ())]
    if flag.field not in _ONLY_SHORT:
        names.append(_own_name(flag.field))
    attributes: dict[str, Any] = {"help": _help_of(flag)}
    if flag.kind == "switch":
        attributes["is_flag"] = True
    elif flag.kind == "choice":
        attributes["type"] = _Word(flag.choices)
        if len(flag.choices) > _CHOICES_SHOWN:
            attributes["metavar"] = flag.field.rpartition(".")[2].upper()
    else:
        attributes["metavar"] = _METAVARS[flag.kind]
        attributes["multiple"] = flag.kind in MANY
        attributes["shell_complete"] = _COMPLETE.get(flag.kind)
    if flag.kind == "date":
        attributes["type"] = _Said()
    return click.Option([*names, _parameter(flag.field)], **attributes)


class _Word(click.Choice[str]):
    """One of a list of words; another one is passed on, for the event to refuse as it would in a file."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - as click has it
        """Return the word, whichever it is."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            return str(value)


class _Said(click.ParamType[object]):
    """A day of an event: `today` is this day; a text that is no day is passed on, for the event to refuse as in a file."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Return the day, or the text as it was typed."""
        try:
            return ANY_DAY.convert(value, param, ctx)
        except click.BadParameter:
            return value


def _help_of(flag: Flag) -> str:
    choices = f"  [{', '.join(flag.choices)}]" if len(flag.choices) > _CHOICES_SHOWN else ""
    return flag.help + _MORE_HELP.get(flag.field, "") + choices + ("  [required]" if flag.required else "")


def _parameter(field: str) -> str:
    """Return a field's name as a parameter that Python takes."""
    return field.replace(".", "__") + "_"


def texts_of(type_name: str, parameters: dict[str, Any]) -> tuple[dict[str, str | list[str]], dict[str, DealsError]]:
    """Return what was typed as texts by field, as the intake takes them, and what of it cannot be read, by field.

    What was left out is left out.
    """
    texts: dict[str, str | list[str]] = {}
    unread: dict[str, DealsError] = {}
    for flag in flags_of(type_name):
        value = parameters.get(_parameter(flag.field))
        if value is None or value in (False, ()):
            continue
        try:
            texts |= _texts(flag, value)
        except DealsError as error:
            unread[flag.field] = error
    return texts, unread


def _texts(flag: Flag, value: Any) -> dict[str, str | list[str]]:  # noqa: ANN401 - whatever click made of an option
    """Read one option. Raises BadCompactError for a compact form that cannot be read."""
    from cli.recording.compact import spread

    if isinstance(value, dt.date):
        return {flag.field: value.isoformat()}
    if value is True:
        return {flag.field: "true"}
    if flag.kind in MANY:
        return spread(flag.field, flag.kind, list(value))
    return {flag.field: value}


def missing_of(type_name: str, given: Iterable[str]) -> list[str]:
    """Return the fields that are needed and not among those that were given."""
    whole = {field.partition(".")[0] for field in given}
    return [flag.field for flag in flags_of(type_name) if flag.required and flag.field not in whole]
