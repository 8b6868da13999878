"""One full example of every event type, every field of it filled in, as an author would write it."""

from __future__ import annotations

from typing import Any

__all__ = ["SAMPLES", "SECOND_SAMPLES", "sample"]

Raw = dict[str, Any]

_COMMON: Raw = {
    "announced_on": "2025-10-06",
    "effective_on": "2025-10-05",
    "date_precision": {"effective_on": "day", "announced_on": "month"},
    "announced_time": "2025-10-06T20:05:00+08:00",
    "source": {
        "kind": "filing",
        "publisher": "SEC EDGAR",
        "title": "Form 8-K, 輝達",
        "url": "https://example.org/8-k",
        "published_on": "2025-10-07",
        "locator": "Exhibit 4.1, paragraph 2",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "quote": "The Warrant shall vest in tranches – “based on milestones”.",
    },
    "confidence": "high",
    "contested": [
        {
            "value": "5 GW",
            "amount": {"value": "90000000000", "currency": "USD", "qualifier": "about"},
            "publisher": "A newspaper",
            "url": "https://example.org/article",
        }
    ],
    "note": "One sentence – with “signs” from beyond ASCII.",
}


def _usd(value: str, qualifier: str = "exactly") -> Raw:
    return {"value": value, "currency": "USD", "qualifier": qualifier}


def _event(kind: str, key: str, /, **fields: object) -> Raw:
    return {"type": kind, "key": key, **_COMMON, **fields}


def _conditions() -> list[Raw]:
    return [
        {"kind": "capacity", "threshold": "1.5", "unit": "GW", "text": "delivered", "leg": "amd-openai-2025/supply"},
        {"kind": "date", "threshold": "2026-03-31"},
        {"kind": "other", "text": "a board's approval"},
    ]


_TERMS: Raw = {
    "deal": "amd-openai-2025",
    "status": "definitive",
    "conditional": True,
    "amends": "earlier/terms",
    "part_of": "another-2025/whole",
}
_ON_LEG: Raw = {"deal": "amd-openai-2025", "leg": "supply"}

SAMPLES: dict[str, Raw] = {
    "company_registered": _event(
        "company_registered",
        "company/nvidia",
        company="nvidia",
        name="Nvidia",
        layer="other",
        layer_name="graphics",
        aliases=["輝達", "Nvidia Corp"],
        ticker="NVDA",
        cik="0001045810",
        lei="549300S4KLFTLO7GSQ80",
        parent="someone",
        stand_in=True,
    ),
    "party_identified": _event(
        "party_identified", "party/customer-4/2025-12-11", placeholder="customer-4", company="anthropic"
    ),
    "purchase_committed": _event(
        "purchase_committed",
        "amd-openai-2025/supply/2025-10-06",
        **_TERMS,
        leg="supply",
        buyer="openai",
        supplier="amd",
        subject="chips",
        amount=_usd("90000000000", "up_to"),
        firm=_usd("15000000000"),
        capacity_gw="6",
        capacity_qualifier="up_to",
        firm_gw="1",
        starts_on="2026-H2",
        ends_on="2030-12-31",
        tranches=[{"tranche": "first", "amount": _usd("15000000000", "about"), "conditions": _conditions()}],
        take_or_pay=True,
        schedule=[
            {"from": "2026-07-01", "to": "2027-07-01", "share": "0.25"},
            {"from": "2027-07-01", "to": "2031-01-01", "share": "0.75"},
        ],
        prepaid=_usd("1000000.5"),
        cancellable_days=90,
        cancellable_from="2028-03",
        capacity_lot="amd-openai-6gw",
    ),
    "investment_committed": _event(
        "investment_committed",
        "softbank-openai-2025/equity/2025-10-06",
        **{**_TERMS, "deal": "softbank-openai-2025"},
        leg="equity",
        investor="softbank",
        investee="openai",
        security="preferred",
        amount=_usd("40000000000", "up_to"),
        firm=_usd("10000000000"),
        shares=214776632,
        price_per_share=_usd("23.28"),
        stake="0.11",
        valuation_post=_usd("300000000000", "about"),
        tranches=[
            {"tranche": "first", "amount": _usd("10000000000"), "conditions": _conditions()},
            {"tranche": "second", "amount": _usd("30000000000", "up_to"), "conditions": []},
        ],
    ),
    "warrant_granted": _event(
        "warrant_granted",
        "amd-openai-2025/warrant/2025-10-06",
        **_TERMS,
        leg="warrant",
        issuer="amd",
        holder="openai",
        shares_max=160000000,
        exercise_price=_usd("0.01"),
        share_class="common",
        paid=_usd("500000000"),
        expires_on="2030-10-05",
        tranches=[
            {"tranche": "first", "shares": 20000000, "conditions": _conditions()},
            {"tranche": "final", "shares": 140000000, "conditions": []},
        ],
    ),
    "loan_arranged": _event(
        "loan_arranged",
        "jpmorgan-vantage-2025/texas/2025-10-06",
        **{**_TERMS, "deal": "jpmorgan-vantage-2025"},
        leg="texas",
        instrument="convertible",
        lenders=[{"company": "jpmorgan", "amount": _usd("10000000000")}, {"company": "mufg"}],
        borrower="vantage",
        amount=_usd("23250000000"),
        firm=_usd("20000000000"),
        rate={"text": "SOFR+250bp", "percent": "6.58", "benchmark": "SOFR", "spread_bp": "250"},
        issued_on="2025-10",
        matures_on="2029-Q4",
        tranches=[
            {
                "tranche": "a",
                "amount": _usd("10000000000"),
                "percent": "4.625",
                "matures_on": "2028",
                "conditions": _conditions(),
            }
        ],
        conversion_price=_usd("310.5"),
        conversion_shares=74879227,
        conditions=_conditions(),
        pledged=["vantage-oracle-2025/lease"],
        secured_by="the Texas site",
        relies_on=["vantage-oracle-2025/lease", "oracle-openai-2025/compute"],
        recourse="to the site alone",
    ),
    "guarantee_given": _event(
        "guarantee_given",
        "google-cipher-2025/guarantee/2025-10-06",
        **{**_TERMS, "deal": "google-cipher-2025"},
        leg="guarantee",
        guarantor="google",
        obligor="fluidstack",
        beneficiary="cipher",
        kind="capacity_backstop",
        amount=_usd("1400000000", "about"),
        steps=[
            {"from": "2028-01-01", "amount": _usd("1000000000")},
            {"from": "2030", "amount": _usd("0")},
        ],
        paid_with="google-cipher-2025/warrant",
        firm=_usd("1000000000"),
        covers="google-cipher-2025/lease",
        ends_on="2035-09-25",
        collateral=_usd("470000000"),
    ),
    "acquisition_agreed": _event(
        "acquisition_agreed",
        "amd-zt-2024/purchase/2025-10-06",
        **{**_TERMS, "deal": "amd-zt-2024"},
        leg="purchase",
        acquirer="amd",
        target="zt-systems",
        sellers=["zt-owners"],
        amount=_usd("4900000000", "about"),
        cash=_usd("3375000000"),
        shares_value=_usd("1125000000", "about"),
        shares=8335849,
        contingent=_usd("400000000", "up_to"),
        stake="1",
        tranches=[{"tranche": "closing", "amount": _usd("3375000000"), "conditions": _conditions()}],
    ),
    "option_granted": _event(
        "option_granted",
        "spacex-anysphere-2026/option/2025-10-06",
        **{**_TERMS, "deal": "spacex-anysphere-2026"},
        leg="option",
        holder="spacex",
        grantor="anysphere",
        on="the whole company",
        amount=_usd("60000000000"),
        capacity_gw="0.5",
        expires_on="2026-12",
        otherwise=_usd("10000000000"),
    ),
    "royalty_agreed": _event(
        "royalty_agreed",
        "microsoft-openai-2023/share/2025-10-06",
        **{**_TERMS, "deal": "microsoft-openai-2023"},
        leg="share",
        payer="openai",
        payee="microsoft",
        share="0.2",
        of="revenue",
        cap=_usd("38000000000", "about"),
        starts_on="2023",
        ends_on="2032",
    ),
    "status_changed": _event(
        "status_changed",
        "nvidia-openai-2025/equity/status-changed/2025-10-06",
        deal="nvidia-openai-2025",
        leg="equity",
        status="superseded",
        conditional=True,
        superseded_by="nvidia-openai-2026/equity",
        reason="Another purchase takes its place",
    ),
    "capacity_delivered": _event(
        "capacity_delivered",
        "amd-openai-2025/supply/capacity-delivered/2025-10-06",
        **_ON_LEG,
        capacity_gw="0.25",
        units=1000,
        unit="racks",
        legs=["amd-openai-2025/second-hall"],
    ),
    "payment_made": _event(
        "payment_made",
        "amd-openai-2025/supply/payment-made/2025-10-06",
        **_ON_LEG,
        payer="openai",
        payee="amd",
        amount=_usd("1000000000"),
    ),
    "tranche_funded": _event(
        "tranche_funded",
        "softbank-openai-2025/equity/tranche-funded/2025-10-06",
        deal="softbank-openai-2025",
        leg="equity",
        tranche="first",
        amount=_usd("7500000000"),
    ),
    "loan_repaid": _event(
        "loan_repaid",
        "jpmorgan-vantage-2025/texas/loan-repaid/2025-10-06",
        deal="jpmorgan-vantage-2025",
        leg="texas",
        amount=_usd("250000000"),
    ),
    "tranche_vested": _event(
        "tranche_vested",
        "amd-openai-2025/warrant/tranche-vested/2025-10-06",
        deal="amd-openai-2025",
        leg="warrant",
        tranche="first",
        shares=20000000,
    ),
    "warrant_exercised": _event(
        "warrant_exercised",
        "amd-openai-2025/warrant/warrant-exercised/2025-10-06",
        deal="amd-openai-2025",
        leg="warrant",
        shares=5000000,
        shares_issued=4999750,
        shares_withheld=250,
    ),
    "option_exercised": _event(
        "option_exercised",
        "spacex-anysphere-2026/option/option-exercised/2025-10-06",
        deal="spacex-anysphere-2026",
        leg="option",
        amount=_usd("60000000000"),
        capacity_gw="0.5",
    ),
    "tranche_lapsed": _event(
        "tranche_lapsed",
        "amd-openai-2025/warrant/tranche-lapsed/final/2025-10-06",
        deal="amd-openai-2025",
        leg="warrant",
        tranche="final",
        shares=140000000,
        amount=_usd("1"),
        reason="The price was not reached in time",
    ),
    "metric_reported": _event(
        "metric_reported",
        "metric/coreweave/customer_share/microsoft/gaap/2025-01-01--2026-01-01/2025-10-06",
        company="coreweave",
        metric="customer_share",
        counterparty="microsoft",
        value="0.67",
        unit="fraction",
        period_from="2025-01-01",
        period_to="2026-01-01",
        basis="gaap",
        low="0.6",
        high="0.7",
        qualifier="about",
    ),
    "price_moved": _event(
        "price_moved",
        "price/amd/2025-10-06/close",
        company="amd",
        session="2025-10-06",
        **{"return": "0.2371"},
        basis="close",
        close=_usd("203.71"),
        prior_close=_usd("164.67"),
        benchmark_return="-0.0036",
        about="amd-openai-2025",
    ),
    "share_split": _event(
        "share_split", "split/tesla:common/2025-10-05", company="tesla", ratio="5:1", share_class="common"
    ),
    "milestone_reached": _event(
        "milestone_reached",
        "milestone/amd-zt-2024/amd/approved/2025-10-06",
        deal="amd-zt-2024",
        company="amd",
        kind="approved",
        text="The European Commission approved the takeover",
    ),
    "event_retracted": _event(
        "event_retracted",
        "amd-openai-2025/warrant/2025-10-06/retracted-2025-10-06",
        corrects="amd-openai-2025/warrant/2025-10-06",
        reason="Recorded from a page that was made up",
    ),
    "document_attached": _event(
        "document_attached",
        "amd-openai-2025/warrant/2025-10-06/document-9f86d081884c",
        about="amd-openai-2025/warrant/2025-10-06",
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        media_type="application/pdf",
        bytes=123456,
        retrieved_at="2025-10-07T08:00:00Z",
        url="https://example.org/8-k.pdf",
    ),
}
SAMPLES["event_corrected"] = _event(
    "event_corrected",
    "jpmorgan-vantage-2025/texas/2025-10-06/corrected-2025-10-06",
    corrects="jpmorgan-vantage-2025/texas/2025-10-06",
    replacement=SAMPLES["loan_arranged"],
    replacement_schema_version=3,
    reason="The amount was read from the wrong column",
)

# Fields that cannot stand beside those of the first sample of their type.
SECOND_SAMPLES: tuple[Raw, ...] = (
    _event(
        "metric_reported",
        "metric/h100-rental/spot_price/estimate/2025-10-01/2025-10-06",
        market="h100-rental",
        metric="other",
        metric_name="spot_price",
        value="2.35",
        unit="USD_per_gpu_hour",
        on="2025-10-01",
        basis="estimate",
    ),
    _event(
        "metric_reported",
        "metric/coreweave/shares_outstanding:average:class-a/gaap/2025-07-01--2025-10-01/2025-10-06",
        company="coreweave",
        metric="shares_outstanding",
        average=True,
        share_class="class-a",
        value="488000000",
        unit="shares",
        period_from="2025-07-01",
        period_to="2025-10-01",
        basis="gaap",
    ),
)


# As above; of a source, here of one that copies another.
SECOND_SAMPLES += (
    {
        **_event("milestone_reached", "milestone/coreweave/listed/2025-10-06", company="coreweave", kind="listed"),
        "source": {"kind": "mirror", "publisher": "A site of copies", "of": "SEC EDGAR, Form 8-K"},
    },
)


def sample(kind: str, /, **changes: object) -> Raw:
    """Return a fresh copy of a type's sample with some fields changed; `...` takes a field away."""
    raw = {**SAMPLES[kind], **changes}
    return {field: value for field, value in raw.items() if value is not ...}
