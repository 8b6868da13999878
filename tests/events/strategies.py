"""Hypothesis strategies for events of every type, as authors write them: valid, but seldom in canonical form.

`raws(name)` gives plain JSON values, `events(name)` the model, `any_raw()` and `any_event()` one of whatever type. What
stands in `_BY_HAND` is written by hand; every other type is derived from its model.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from decimal import Decimal
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from events import companies, scalars, values
from events.base import Event
from events.codec import as_raw, parse
from events.currencies import CURRENCIES
from events.observations import METRICS
from events.registry import TYPES
from events.statuses import STATUSES
from events.values import FIRST_DAY, LAST_DAY

__all__ = ["any_event", "any_raw", "decimals", "events", "money", "raws", "slugs", "texts"]

Raw = dict[str, Any]
T = TypeVar("T")

_HIDDEN = "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"


def slugs() -> st.SearchStrategy[str]:
    part = st.text("abcxyz019", min_size=1, max_size=5)
    return st.lists(part, min_size=1, max_size=3).map("-".join)


def texts(longest: int = 30) -> st.SearchStrategy[str]:
    """One plain line in any script."""
    alphabet = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=_HIDDEN)
    return st.text(alphabet, min_size=1, max_size=longest).filter(lambda text: text.strip() != "")


def keys() -> st.SearchStrategy[str]:
    return st.lists(slugs(), min_size=1, max_size=4).map("/".join)


def leg_references() -> st.SearchStrategy[str]:
    return st.tuples(slugs(), slugs()).map("/".join)


@st.composite
def decimals(draw: st.DrawFn, *, most: int = 10**12, signed: bool = False) -> str:
    """Write a decimal string below `most`, with zeros before and behind as people leave them."""
    whole = draw(st.integers(0, most - 1))
    fraction = draw(st.sampled_from(["", "", ".0", ".50", ".000001", ".123456", ".10"]))
    sign = draw(st.sampled_from(["", "-"])) if signed else ""
    return sign + draw(st.sampled_from(["", "", "0", "00"])) + str(whole) + fraction


def _optional(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.one_of(st.none(), strategy)


def money(currency: str = "USD", *, most: int = 10**12) -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries(
        {"value": decimals(most=most), "currency": st.just(currency)},
        optional={"qualifier": st.sampled_from(["exactly", "about", "up_to", "at_least"])},
    )


def currencies() -> st.SearchStrategy[str]:
    return st.sampled_from(["USD", "USD", *sorted(CURRENCIES)])


def days() -> st.SearchStrategy[str]:
    return st.dates(dt.date(2015, 1, 1), dt.date(2045, 12, 31)).map(dt.date.isoformat)


def term_days() -> st.SearchStrategy[str]:
    """Days of terms, exact or told by month, quarter, half or year."""
    year, part = st.integers(2015, 2045), st.sampled_from(["", "-01", "-12", "-Q1", "-Q4", "-H1", "-H2"])
    return st.one_of(days(), st.builds("{}{}".format, year, part))


def clock_days() -> st.SearchStrategy[str]:
    return st.one_of(days(), st.dates(FIRST_DAY, LAST_DAY).map(dt.date.isoformat))


def instants() -> st.SearchStrategy[str]:
    zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
    moments = st.datetimes(dt.datetime(2015, 1, 1), dt.datetime(2045, 1, 1), timezones=zones)  # noqa: DTZ001 - hypothesis adds the zone
    return moments.map(dt.datetime.isoformat)


def fractions() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(["0", "1", "1.000", "0.10"]), st.integers(0, 10**6).map(_millionths))


def _millionths(count: int) -> str:
    return f"{Decimal(count).scaleb(-6):f}"


def gigawatts() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(["200", "6.0", "0.206"]), decimals(most=200))


def counts() -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, 10**9), st.integers(0, 2**53 - 1))


def conditions() -> st.SearchStrategy[Raw]:
    more = {"unit": texts(5), "text": texts(), "leg": leg_references()}
    levels = st.fixed_dictionaries(
        {"kind": st.sampled_from(["capacity", "purchases", "share_price", "definitive_agreement", "other"])},
        optional={"threshold": _optional(decimals()), **more},
    )
    dates = st.fixed_dictionaries({"kind": st.just("date")}, optional={"threshold": term_days(), **more})
    return st.one_of(levels, dates)


def sources() -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["filing", "company", "press", "analyst", "article", "wire", "mirror"]),
            "publisher": texts(),
        },
        optional={
            "quote": texts(),
            "title": texts(),
            "url": st.just("https://example.org/a?b=c#d"),
            "published_on": days(),
            "locator": texts(),
            "sha256": st.text("0123456789abcdef", min_size=64, max_size=64),
        },
    )


def contested() -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries(
        {"value": texts()}, optional={"amount": money("EUR"), "publisher": texts(), "url": texts()}
    )


_PRECISIONS = st.sampled_from(["day", "month", "quarter", "year"])


def _event(name: str, required: Raw, optional: Raw | None = None) -> st.SearchStrategy[Raw]:
    """Put a type's own fields beside those of all events."""
    common = {
        "effective_on": clock_days(),
        "date_precision": st.fixed_dictionaries(
            {}, optional={"effective_on": _PRECISIONS, "announced_on": _PRECISIONS}
        ),
        "announced_time": instants(),
        "source": _optional(sources()),
        "confidence": st.sampled_from(["high", "medium", "low"]),
        "contested": st.lists(contested(), max_size=2),
        "note": _optional(texts()),
    }
    fixed = {"type": st.just(name), "key": keys(), "announced_on": clock_days(), **required}
    return st.fixed_dictionaries(fixed, optional={**common, **(optional or {})})


_TERMS: Raw = {"deal": slugs(), "leg": slugs(), "status": st.sampled_from(STATUSES)}
# A whole by a name that no drawn leg has: nothing is a part of itself.
_TERMS_MORE: Raw = {
    "conditional": st.booleans(),
    "amends": _optional(keys()),
    "part_of": st.sampled_from([None, "of-2025/whole"]),
}


@st.composite
def _purchases(draw: st.DrawFn) -> Raw:
    amounts = _optional(money(draw(currencies())))
    return draw(
        _event(
            "purchase_committed",
            _TERMS
            | {
                "buyer": texts(),
                "supplier": slugs(),
                "subject": st.sampled_from(["compute", "chips", "systems", "lease", "licence", "services", "other"]),
            },
            _TERMS_MORE
            | {
                "amount": amounts,
                "firm": amounts,
                "prepaid": amounts,
                "capacity_gw": gigawatts(),
                "firm_gw": gigawatts(),
            }
            | {"take_or_pay": st.booleans(), "cancellable_from": term_days()}
            | {"starts_on": term_days(), "ends_on": term_days(), "schedule": _schedules(), "capacity_lot": slugs()}
            | {"cancellable_days": st.integers(0, 36525)},
        )
    )


@st.composite
def _schedules(draw: st.DrawFn) -> list[Raw]:
    bounds = sorted(draw(st.sets(st.dates(dt.date(2025, 1, 1), dt.date(2040, 1, 1)), min_size=2, max_size=5)))
    left = 10**6
    items = []
    for start, end in itertools.pairwise(bounds):
        share = draw(st.integers(0, left))
        left -= share
        items.append({"from": start.isoformat(), "to": end.isoformat(), "share": _millionths(share)})
    return items


@st.composite
def _investments(draw: st.DrawFn) -> Raw:
    currency = draw(currencies())
    names = draw(st.lists(slugs(), max_size=3, unique=True))
    parts = [draw(_optional(money(currency, most=10**9))) for _ in names]
    tranches = [
        {"tranche": name, "amount": part, "conditions": draw(st.lists(conditions(), max_size=2))}
        for name, part in zip(names, parts, strict=True)
    ]
    total = sum((Decimal(part["value"]) for part in parts if part), Decimal(0))
    amount = draw(_optional(money(currency, most=10**9)))
    if amount and amount.get("qualifier") != "at_least":
        amount["value"] = str(Decimal(amount["value"]) + total)
    return draw(
        _event(
            "investment_committed",
            _TERMS
            | {"investor": slugs(), "investee": texts(), "amount": st.just(amount), "tranches": st.just(tranches)},
            _TERMS_MORE
            | {"security": st.sampled_from(["common", "preferred", "convertible", "other"]), "firm": money(currency)}
            | {"shares": counts(), "price_per_share": money(currency, most=10**4), "stake": fractions()}
            | {"valuation_post": money("USD")},
        )
    )


@st.composite
def _warrants(draw: st.DrawFn) -> Raw:
    names = draw(st.lists(slugs(), max_size=3, unique=True))
    shares = [draw(_optional(st.integers(0, 10**9))) for _ in names]
    tranches = [
        {"tranche": name, "shares": part, "conditions": draw(st.lists(conditions(), max_size=2))}
        for name, part in zip(names, shares, strict=True)
    ]
    most = draw(_optional(st.integers(sum(part or 0 for part in shares), 10**10)))
    return draw(
        _event(
            "warrant_granted",
            _TERMS | {"issuer": slugs(), "holder": slugs(), "shares_max": st.just(most), "tranches": st.just(tranches)},
            _TERMS_MORE
            | {
                "exercise_price": money("USD", most=10**3),
                "expires_on": term_days(),
                "paid": money("USD"),
                "share_class": slugs(),
            },
        )
    )


@st.composite
def _loans(draw: st.DrawFn) -> Raw:
    amounts = money(draw(currencies()))
    lender = st.fixed_dictionaries({"company": slugs()}, optional={"amount": _optional(amounts)})
    rate = st.fixed_dictionaries(
        {"text": texts()},
        optional={"percent": decimals(most=30, signed=True), "benchmark": texts(), "spread_bp": decimals(most=900)},
    )
    return draw(
        _event(
            "loan_arranged",
            _TERMS | {"borrower": slugs()},
            _TERMS_MORE
            | {"lenders": st.lists(lender, max_size=3), "amount": amounts, "firm": amounts}
            | {"rate": st.one_of(st.none(), texts(), rate), "matures_on": term_days(), "secured_by": texts()}
            | {"issued_on": term_days(), "instrument": st.sampled_from(["revolver", "notes", "convertible"])}
            | {"conditions": st.lists(conditions(), max_size=2), "pledged": st.lists(leg_references(), max_size=2)}
            | {"relies_on": st.lists(leg_references(), max_size=2), "recourse": texts()},
        )
    )


@st.composite
def _guarantees(draw: st.DrawFn) -> Raw:
    amounts = _optional(money(draw(currencies())))
    return draw(
        _event(
            "guarantee_given",
            _TERMS | {"guarantor": slugs(), "obligor": slugs()},
            _TERMS_MORE
            | {"beneficiary": slugs(), "amount": amounts, "firm": amounts, "collateral": amounts}
            | {"covers": leg_references(), "ends_on": term_days(), "paid_with": leg_references()}
            | {"kind": st.sampled_from(["payment", "residual_value", "capacity_backstop", "completion"])},
        )
    )


_MAY_BE_NEGATIVE = {
    "ebitda",
    "ebit",
    "operating_cash_flow",
    "net_debt",
    "gross_margin",
    "operating_income",
    "net_income",
    "equity",
    "cash_burn",
    "other",
}


@st.composite
def _metrics(draw: st.DrawFn) -> Raw:
    metric = draw(st.sampled_from(METRICS))
    fields: Raw = {"metric": st.just(metric), "value": decimals(signed=metric in _MAY_BE_NEGATIVE)}
    fields |= {draw(st.sampled_from(["company", "market"])): slugs()}
    if draw(st.booleans()):
        fields |= {"on": days()}
    else:
        start, end = sorted(draw(st.sets(st.dates(dt.date(1999, 1, 1), LAST_DAY), min_size=2, max_size=2)))
        fields |= {"period_from": st.just(start.isoformat()), "period_to": st.just(end.isoformat())}
    if metric == "other":
        fields |= {"metric_name": st.sampled_from(["wafers_per_month", "a", "0_0"])}
    if metric == "customer_share" or draw(st.booleans()):
        fields |= {"counterparty": slugs()}
    fields |= {
        "unit": st.sampled_from(["USD", "JPY", "GW", "shares", "fraction", "USD_per_gpu_hour", "%"]),
        "basis": st.sampled_from(["gaap", "run_rate", "guidance", "estimate", "statement"]),
    }
    if metric == "shares_outstanding":
        fields |= {"average": st.booleans(), "share_class": _optional(slugs())}
    more = {"low": decimals(signed=True), "high": decimals(), "qualifier": st.sampled_from(["exactly", "about"])}
    return draw(_event("metric_reported", fields, more))


def _returns() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(["-1", "-0.0", "0.2371", "3.25"]), st.integers(-(10**6), 10**7).map(_millionths))


def _prices() -> st.SearchStrategy[Raw]:
    return _event(
        "price_moved",
        {"company": texts(), "session": days(), "return": _returns()}
        | {"basis": st.sampled_from(["close", "intraday", "premarket", "after_hours"])},
        {"close": money("USD", most=10**4), "prior_close": money("JPY", most=10**5), "benchmark_return": _returns()}
        | {"about": slugs()},
    )


@st.composite
def _acquisitions(draw: st.DrawFn) -> Raw:
    amounts = _optional(money(draw(currencies())))
    return draw(
        _event(
            "acquisition_agreed",
            _TERMS | {"acquirer": slugs(), "target": texts()},
            _TERMS_MORE
            | {"sellers": st.lists(slugs(), max_size=2), "amount": amounts, "cash": amounts, "shares_value": amounts}
            | {"contingent": amounts, "shares": counts(), "stake": fractions()},
        )
    )


@st.composite
def _options(draw: st.DrawFn) -> Raw:
    amounts = _optional(money(draw(currencies())))
    more = {
        "on": texts(),
        "amount": amounts,
        "otherwise": amounts,
        "capacity_gw": gigawatts(),
        "expires_on": term_days(),
    }
    return draw(_event("option_granted", _TERMS | {"holder": slugs(), "grantor": slugs()}, _TERMS_MORE | more))


@st.composite
def _deliveries(draw: st.DrawFn) -> Raw:
    units = {"units": counts(), "unit": st.sampled_from(["chips", "racks"])} if draw(st.booleans()) else {}
    more = {"capacity_gw": _optional(gigawatts()), "legs": st.just(["another/leg"])}
    return draw(_event("capacity_delivered", {"deal": slugs(), "leg": slugs(), **units}, more))


@st.composite
def _exercises(draw: st.DrawFn) -> Raw:
    issued, withheld = draw(counts()), draw(st.integers(0, 1000))
    shares = min(issued + withheld, 2**53 - 1)
    net = (
        {"shares_issued": st.just(shares - withheld), "shares_withheld": st.just(withheld)}
        if shares >= withheld
        else {}
    )
    return draw(_event("warrant_exercised", {"deal": slugs(), "leg": slugs(), "shares": st.just(shares)}, net))


def _companies() -> st.SearchStrategy[Raw]:
    layers = st.sampled_from(["chips", "systems", "cloud", "model", "application", "power", "capital", "other"])
    more: Raw = {"aliases": st.lists(texts(), max_size=3), "ticker": st.sampled_from(["NVDA", "9984", "BRK.B"])}
    more |= {"cik": st.integers(0, 10**10 - 1).map(str), "lei": st.just("549300S4KLFTLO7GSQ80"), "parent": slugs()}
    more |= {"stand_in": st.booleans()}
    known = _event("company_registered", {"company": slugs(), "name": texts(), "layer": layers}, more)
    return st.one_of(
        known, known.flatmap(lambda raw: texts().map(lambda name: {**raw, "layer": "other", "layer_name": name}))
    )


def _milestones() -> st.SearchStrategy[Raw]:
    kinds = st.sampled_from(["filed", "approved", "opened", "listed", "other"])
    return _event("milestone_reached", {"deal": slugs(), "kind": kinds}, {"company": slugs(), "text": texts()})


def _documents() -> st.SearchStrategy[Raw]:
    return _event(
        "document_attached",
        {"about": keys(), "sha256": st.text("0123456789abcdef", min_size=64, max_size=64), "bytes": counts()}
        | {"media_type": st.sampled_from(["application/pdf", "text/html", "image/svg+xml"])},
        {"retrieved_at": instants(), "url": texts()},
    )


# The form of a single value, as an author may write it; compared with ==, since annotations need not be hashable.
_FORMS: tuple[tuple[object, st.SearchStrategy[Any]], ...] = (
    (scalars.Slug, slugs()),
    (scalars.Key, keys()),
    (scalars.LegRef, leg_references()),
    (scalars.Text, texts()),
    (scalars.CompanyRef, st.one_of(slugs(), texts())),
    (scalars.DecimalText, decimals(signed=True)),
    (scalars.NonNegative, decimals()),
    (scalars.Gigawatts, gigawatts()),
    (scalars.Fraction, fractions()),
    (scalars.SignedFraction, _returns()),
    (scalars.ShareCount, counts()),
    (scalars.Day, days()),
    (values.TermDay, term_days()),
    (values.Ratio, st.sampled_from(["5:1", "1:10", "3:2", "20-for-1"])),
    (scalars.ClockDate, clock_days()),
    (scalars.Instant, instants()),
    (scalars.Sha256, st.text("0123456789abcdef", min_size=64, max_size=64)),
    (scalars.Currency, currencies()),
    (companies.Cik, st.integers(0, 10**10 - 1).map(str)),
    (companies.Lei, st.sampled_from(["549300S4KLFTLO7GSQ80", "HWUPKR0MPOU8FGXBT394"])),
    (companies.Ticker, st.sampled_from(["NVDA", "9984", "BRK.B"])),
    (values.Money, money()),
    (values.Price, money(most=10**4)),
    (values.Condition, conditions()),
    (bool, st.booleans()),
)


def derived(cls: type[Event]) -> st.SearchStrategy[Raw]:
    """Events of a type as its model alone describes them; for what fields demand of one another see `_BY_HAND`."""
    hints = get_type_hints(cls, include_extras=True)
    own = {name: field for name, field in cls.model_fields.items() if name not in Event.model_fields}
    drawn = {field.alias or name: (_form(hints[name], name), field.is_required()) for name, field in own.items()}
    return _event(
        cls.topic().removeprefix("deals."),
        {name: strategy for name, (strategy, needed) in drawn.items() if needed},
        {name: strategy for name, (strategy, needed) in drawn.items() if not needed},
    )


def _form(annotation: object, name: str) -> st.SearchStrategy[Any]:
    known = next((strategy for form, strategy in _FORMS if annotation == form), None)
    if known is not None:
        return known
    inner = [item for item in get_args(annotation) if item is not NoneType]
    if get_origin(annotation) is Literal:
        return st.sampled_from(inner)
    if get_origin(annotation) is tuple:
        return st.lists(_form(inner[0], name), max_size=3)
    if len(inner) == 1 and NoneType in get_args(annotation):
        return _optional(_form(inner[0], name))
    raise LookupError(f"no strategy for {name}: add its form to _FORMS, or the type to _BY_HAND")


# Types whose fields demand something of one another, or of a form that is theirs alone.
_BY_HAND: dict[str, st.SearchStrategy[Raw]] = {
    "purchase_committed": _purchases(),
    "investment_committed": _investments(),
    "warrant_granted": _warrants(),
    "loan_arranged": _loans(),
    "guarantee_given": _guarantees(),
    "company_registered": _companies(),
    "acquisition_agreed": _acquisitions(),
    "option_granted": _options(),
    "capacity_delivered": _deliveries(),
    "warrant_exercised": _exercises(),
    "milestone_reached": _milestones(),
    "metric_reported": _metrics(),
    "price_moved": _prices(),
    "document_attached": _documents(),
}


@functools.cache
def raws(name: str) -> st.SearchStrategy[Raw]:
    """One event of a type as plain JSON values, as an author would write it. Raises LookupError for an unknown form."""
    if name == "event_corrected":
        return _corrections()
    return _BY_HAND[name] if name in _BY_HAND else derived(TYPES[name])


def _corrections() -> st.SearchStrategy[Raw]:
    replaced = [name for name, cls in TYPES.items() if cls.FAMILY != "correction"]
    replacement = st.sampled_from(replaced).flatmap(raws)
    return _event("event_corrected", {"corrects": keys(), "replacement": replacement, "reason": texts()})


def events(name: str) -> st.SearchStrategy[Event]:
    """One event of a type, by the form it is stored in."""
    return raws(name).map(parse)


def any_raw() -> st.SearchStrategy[Raw]:
    """One event of any type as plain JSON values."""
    return st.one_of(*map(raws, TYPES))


def any_event() -> st.SearchStrategy[Event]:
    """One event of any type."""
    return any_raw().map(parse)


def canonical_raws() -> st.SearchStrategy[Raw]:
    """One event of any type in the values it is stored with."""
    return any_event().map(as_raw)
