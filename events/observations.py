"""What was measured: revenues, obligations, share counts, prices. A later report restates the same identity."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from events.base import Contradiction, Event, Family
from events.currencies import CURRENCIES
from events.observed_values import UNITS_BESIDE_MONEY, contradicting_closes, outside_range
from events.quantities import Style, plain
from events.scalars import refuse_ambiguous_text
from events.values import FIRST_DAY, CompanyRef, Day, DecimalText, Price, Qualifier, SignedFraction, Slug

__all__ = [
    "METRICS",
    "NAMED_LATER",
    "USUAL_UNITS",
    "Basis",
    "MetricName",
    "MetricReported",
    "PriceMoved",
    "style_of_metric",
]

MetricName = Literal[
    "revenue",
    "gross_margin",
    "operating_income",
    "net_income",
    "ebitda",
    "ebit",
    "operating_cash_flow",
    "interest_expense",
    "dividends",
    "net_debt",
    "cash",
    "debt",
    "equity",
    "cash_burn",
    "capex",
    "capex_guidance",
    "rpo",
    "backlog",
    "lease_commitments",
    "shares_outstanding",
    "share_price",
    "market_cap",
    "valuation",
    "stated_commitments",
    "stated_capacity_gw",
    "tokens_per_month",
    "weekly_users",
    "paying_users",
    "gpu_hour_price",
    "gpu_utilisation",
    "customer_share",
    "other",
]
METRICS: tuple[str, ...] = MetricName.__args__  # type: ignore[attr-defined]  # a Literal's members
NAMED_LATER = frozenset({"ebitda", "ebit", "operating_cash_flow", "interest_expense", "dividends", "net_debt"})
"""The standard metrics that earlier releases did not know, under whose names there are reports of the metric `other`."""
Basis = Literal["gaap", "run_rate", "guidance", "estimate", "statement"]

# Metrics that cannot be below zero, so that a sign slipped in is caught as a misprint.
_NEVER_NEGATIVE = frozenset(METRICS) - {
    "gross_margin",
    "operating_income",
    "net_income",
    "ebitda",
    "ebit",
    "operating_cash_flow",
    "net_debt",
    "equity",
    "cash_burn",
    "other",
}
# Metrics of which three digits after a point are decimals.
_STYLES: dict[str, Style] = {
    "gpu_utilisation": "ratio",
    "customer_share": "ratio",
    "stated_capacity_gw": "ratio",
}


def style_of_metric(metric: object) -> Style:
    """Return how the digits of a metric's value are read: as those of money and counts unless it is known for a ratio."""
    return _STYLES.get(str(metric), "whole")


USUAL_UNITS = {name: UNITS_BESIDE_MONEY.get(name, "USD") for name in METRICS if name != "other"}
"""The unit of each standard metric that need not be said in the key of a report; changing one changes keys."""


def _unit(text: str) -> str:
    looks_like_currency = len(text) == 3 and text.isalpha() and text.isupper()  # noqa: PLR2004 - ISO 4217 codes
    if looks_like_currency and text not in CURRENCIES:
        raise PydanticCustomError("unknown_currency", "not an ISO 4217 currency code such as USD")
    return text


class MetricReported(Event):
    """A number about a company or a market, for a period or an instant, on a stated basis."""

    FAMILY: ClassVar[Family] = "observation"
    SCHEMA_VERSION: ClassVar[int] = 2  # version 1 knew neither averages nor classes of shares

    type: Literal["metric_reported"] = Field(description="Always metric_reported.")
    company: CompanyRef | None = Field(default=None, description="The company measured; either this or a market.")
    market: Slug | None = Field(default=None, description="The market measured, as a slug such as h100-rental.")
    metric: MetricName = Field(description="What was measured, by its standard name; `other` goes with metric_name.")
    metric_name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,79}$")] | None = Field(
        default=None,
        description="The name of a metric that has no standard name: lower-case letters, digits and underscores.",
    )
    counterparty: CompanyRef | None = Field(
        default=None, description="The other company where the number is about two, as in customer_share."
    )
    value: DecimalText = Field(
        description='The number as a decimal string, in whole units: "13100000000", not 13.1 billion.'
    )
    unit: Annotated[str, Field(pattern=r"^[A-Za-z0-9_%/]{1,40}$"), AfterValidator(_unit)] = Field(
        description="The unit: a currency code, GW, shares, users, fraction and so on."
    )
    period_from: Day | None = Field(default=None, description="The first day of the period.")
    period_to: Day | None = Field(
        default=None, description="The day after the period's last day: 2026-01-01 for the year 2025."
    )
    on: Day | None = Field(
        default=None, description="The day of a number that holds at an instant; instead of a period."
    )
    basis: Basis = Field(description="How the number was arrived at: gaap, run_rate, guidance, estimate or statement.")
    average: bool = Field(
        default=False,
        description="True for a count of shares that is an average over the period, as in earnings a share.",
    )
    share_class: Slug | None = Field(
        default=None,
        description="The class of shares counted or priced, as a slug such as class-a, where it is one of several.",
    )
    low: DecimalText | None = Field(default=None, description="The lower end of the range, where one was given.")
    high: DecimalText | None = Field(default=None, description="The upper end of the range, where one was given.")
    qualifier: Qualifier | None = Field(
        default=None, description="How the source put the number: exactly, about, up_to or at_least."
    )

    @field_validator("value", "low", "high", mode="before")
    @classmethod
    def _unambiguous(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401 - a before-validator sees whatever the input held
        if isinstance(value, str) and value[-1:] == "0" and style_of_metric(info.data.get("metric")) == "whole":
            refuse_ambiguous_text(value)
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.company is None) == (self.market is None):
            raise PydanticCustomError("company_or_market", "needs either a company or a market, and not both")
        if (self.metric == "other") != (self.metric_name is not None):
            raise PydanticCustomError("metric_name", "metric_name goes with the metric 'other', and only with it")
        if self.average and self.metric != "shares_outstanding":
            raise PydanticCustomError("no_average", "average goes with the metric shares_outstanding, and only with it")
        if self.metric == "customer_share" and self.counterparty is None:
            raise PydanticCustomError("counterparty", "customer_share needs the counterparty whose share it is")
        if (self.on is None) == (self.period_from is None) or (self.period_from is None) != (self.period_to is None):
            raise PydanticCustomError("period", "needs either `on` or both `period_from` and `period_to`")
        if self.period_from is not None and self.period_to is not None and self.period_from >= self.period_to:
            raise PydanticCustomError("empty_period", "the period ends before it begins; period_to is the day after it")
        if self.metric in _NEVER_NEGATIVE and self.value[0] == "-":
            raise PydanticCustomError("below_zero", f"{self.metric} below zero")
        if "effective_on" not in self.model_fields_set:
            # A figure holds from the end of its period, or from its announcement where that came first.
            last_day = self.on if self.period_to is None else self.period_to - dt.timedelta(days=1)
            if last_day is not None and FIRST_DAY <= last_day < self.announced_on:
                self.__dict__["effective_on"] = last_day
        return self

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Return why the value and its range cannot all be true."""
        found = outside_range(self.value, self.low, self.high)
        if found is None:
            return ()
        field, what = found
        advice = "write the lower end in low" if field == "low" else "mend the value or the range"
        return (Contradiction(field, what, str(getattr(self, field)), advice),)


class PriceMoved(Event):
    """A share moved in one trading session, perhaps in reaction to a deal."""

    FAMILY: ClassVar[Family] = "observation"

    type: Literal["price_moved"] = Field(description="Always price_moved.")
    company: CompanyRef = Field(description="The company whose share moved.")
    session: Day = Field(description="The trading day.")
    return_: SignedFraction = Field(
        alias="return", description='The move as a decimal fraction of the prior close: "0.2371" for +23.71 %.'
    )
    basis: Literal["close", "intraday", "premarket", "after_hours"] = Field(
        description="When in the session the move was taken: close, intraday, premarket or after_hours."
    )
    close: Price | None = Field(default=None, description="The closing price of the session.")
    prior_close: Price | None = Field(default=None, description="The closing price of the session before.")
    benchmark_return: SignedFraction | None = Field(
        default=None, description="The move of the benchmark index in the same session, as a decimal fraction."
    )
    about: Slug | None = Field(default=None, description="The deal that the share reacted to.")

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Return why the move and the two closes cannot all be true."""
        if self.close is None or self.prior_close is None:
            return ()
        if self.close.currency != self.prior_close.currency:
            what = (
                f"is in {self.close.currency}, the session's close, but the prior close in {self.prior_close.currency}"
            )
            return (Contradiction("close", what, self.close.currency, "write both closes in one currency"),)
        found = contradicting_closes(self.return_, self.basis, self.close.value, self.prior_close.value)
        if found is None:
            return ()
        what, said = found
        return (
            Contradiction(
                "return", f"{what}: they say {plain(said)}", self.return_, f"write {plain(said)}, or mend the closes"
            ),
        )
