"""The vocabulary's nine cases as data: what was recorded, what is asked, and the only right answer.

They name no reader, so that the naive fold and the real ledger with its projections answer the same questions.
Events stand in the order of recording and their place (from 1) is their position, companies included.
"""

from __future__ import annotations

from decimal import Decimal

from tests.projections.case_corrections import CORRECTED, CORRECTED_PAST, FUTURE_STEP, LATE_ORIGINAL, RETRACTED
from tests.projections.case_parts import (
    BILLION,
    COMPANIES,
    Case,
    Question,
    Raw,
    agreed,
    company,
    openai_revenue,
    stake,
    usd,
)

__all__ = ["CASES"]

CUSTOMER = "oracle-customer-2025/compute"
UNNAMED = {"parties": {"buyer": "oracle-customer-2025", "supplier": "oracle"}}
NAMED = {"parties": {"buyer": "openai", "supplier": "oracle"}}

UNNAMED_CUSTOMER = Case(
    name="an unnamed customer, named later",
    events=(
        *COMPANIES,
        company("oracle-customer-2025", "other", stand_in=True),
        {
            "type": "purchase_committed",
            "key": "oracle-customer-2025/compute/2025-06-30",
            "announced_on": "2025-06-30",
            "deal": "oracle-customer-2025",
            "leg": "compute",
            "status": "definitive",
            "buyer": "oracle-customer-2025",
            "supplier": "oracle",
            "subject": "compute",
        },
        {
            "type": "party_identified",
            "key": "party/oracle-customer-2025/2025-07-22",
            "announced_on": "2025-07-22",
            "effective_on": "2025-06-30",
            "placeholder": "oracle-customer-2025",
            "company": "openai",
        },
    ),
    questions=(
        Question("2025-07-01", legs={CUSTOMER: UNNAMED}),
        Question("2025-07-21", legs={CUSTOMER: UNNAMED}),
        Question("2025-07-22", legs={CUSTOMER: NAMED}),
        Question("2026-01-01", legs={CUSTOMER: NAMED}),
        Question("2025-07-01", known_by="latest", legs={CUSTOMER: NAMED}),
        Question("2026-01-01", recorded_before="party/oracle-customer-2025/2025-07-22", legs={CUSTOMER: UNNAMED}),
    ),
)

TWELVE, THIRTEEN = Decimal(12 * BILLION), Decimal(13_100_000_000)

RESTATED = Case(
    name="a revenue told twice for one period and basis",
    events=(
        *COMPANIES,
        openai_revenue("revenue/first", "2025-10-13", "12"),
        openai_revenue("revenue/second", "2026-02-20", "13.1"),
    ),
    questions=(
        Question("2025-10-12", revenue="openai"),
        Question("2025-10-13", revenue="openai", value=TWELVE, key="revenue/first"),
        Question("2026-01-15", revenue="openai", value=TWELVE, key="revenue/first"),
        Question("2026-03-05", revenue="openai", value=THIRTEEN, key="revenue/second"),
        Question("2025-12-31", known_by="latest", revenue="openai", value=THIRTEEN, key="revenue/second"),
        Question("2025-12-30", known_by="latest", revenue="openai", value=TWELVE, key="revenue/first"),
        Question("2026-03-05", recorded_before="revenue/second", revenue="openai", value=TWELVE, key="revenue/first"),
    ),
)

OLD_STAKE, NEW_STAKE = "nvidia-openai-2025/equity", "nvidia-openai-2026/equity"
NVIDIA = (
    *COMPANIES,
    company("nvidia", "chips"),
    stake("nvidia/100", "2025-09-22", "nvidia-openai-2025", "100"),
    stake("nvidia/30", "2026-02-20", "nvidia-openai-2026", "30", status="announced", amount=usd("30")),
    {
        "type": "status_changed",
        "key": "nvidia/superseded",
        "announced_on": "2026-02-20",
        "deal": "nvidia-openai-2025",
        "leg": "equity",
        "status": "superseded",
        "superseded_by": "nvidia-openai-2026/equity",
    },
)
LIVE_30 = agreed(30, status="announced") | {"hypothetical": False}
LOI_100 = agreed(100, status="letter_of_intent") | {"hypothetical": False}
ENDED_100 = agreed(100, status="superseded") | {"hypothetical": False}


def revived(effective_on: str) -> Raw:
    """Suppose definitive terms for the ended leg; a what-if states both its dates, or takes those of the question."""
    terms = {"amends": "nvidia/100", "status": "definitive", "amount": usd("100")}
    return stake("what-if", effective_on, "nvidia-openai-2025", "100", effective_on=effective_on, **terms)


REVIVED_BY_HYPOTHESIS = Case(
    name="hypothetical terms on an ended leg",
    events=NVIDIA,
    questions=(
        Question("2026-06-01", legs={NEW_STAKE: LIVE_30}),
        Question(
            "2026-06-01",
            what_if=(revived("2026-04-01"),),
            legs={NEW_STAKE: LIVE_30, OLD_STAKE: agreed(100) | {"hypothetical": True}},
        ),
        Question(
            "2026-03-31",
            known_by="latest",
            what_if=(revived("2026-04-01"),),
            legs={NEW_STAKE: LIVE_30},
        ),
        Question(
            "2026-06-01",
            what_if=(revived("2026-02-19"),),
            legs={NEW_STAKE: LIVE_30},
        ),
    ),
)

SOFTBANK = "softbank-openai/equity"
ROUND = {"status": "definitive", "conditional": True}
CLOSING: Raw = {
    "type": "tranche_funded",
    "announced_on": "2025-12-31",
    "deal": "softbank-openai",
    "leg": "equity",
}

HINDSIGHT = Case(
    name="hindsight about an earlier day",
    events=(
        *COMPANIES,
        company("softbank", "capital"),
        stake("terms/first", "2025-04-01", "softbank-openai", "40", **ROUND, effective_on="2025-03-31"),
        stake(
            "terms/final",
            "2025-12-31",
            "softbank-openai",
            "30",
            effective_on="2025-12-26",
            status="completed",
            amount=usd("30"),
            amends="terms/first",
        ),
        CLOSING | {"key": "closing/first", "effective_on": "2025-04-30", "amount": usd("7.5")},
        CLOSING | {"key": "closing/second", "effective_on": "2025-12-26", "amount": usd("22.5")},
    ),
    questions=(
        Question(
            "2025-09-30",
            legs={
                SOFTBANK: {
                    "status": "definitive",
                    "headline": Decimal(40 * BILLION),
                    "binding": None,
                    "performed": Decimal(0),
                    "pending": (),
                }
            },
        ),
        Question(
            "2025-09-30",
            known_by="latest",
            legs={
                SOFTBANK: {
                    "status": "definitive",
                    "headline": Decimal(40 * BILLION),
                    "binding": None,
                    "performed": Decimal(7_500_000_000),
                    "pending": ("terms/final",),
                }
            },
        ),
        Question(
            "2025-12-31",
            legs={SOFTBANK: agreed(30, performed=30, status="completed") | {"binding": Decimal(30 * BILLION)}},
        ),
    ),
)

SUPERSEDED = Case(
    name="a superseded letter of intent",
    events=NVIDIA,
    questions=(
        Question("2026-03-05", recorded_before="nvidia/superseded", legs={OLD_STAKE: LOI_100, NEW_STAKE: LIVE_30}),
        Question("2026-03-05", legs={NEW_STAKE: LIVE_30}),
        Question("2026-03-05", include_ended=True, legs={OLD_STAKE: ENDED_100, NEW_STAKE: LIVE_30}),
        Question("2025-10-14", legs={OLD_STAKE: LOI_100}),
        Question("2025-10-14", known_by="latest", legs={OLD_STAKE: LOI_100 | {"pending": ("nvidia/superseded",)}}),
        Question("2025-10-14", recorded_before="nvidia/superseded", legs={OLD_STAKE: LOI_100}),
    ),
)

CASES = (
    LATE_ORIGINAL,
    FUTURE_STEP,
    CORRECTED,
    CORRECTED_PAST,
    RETRACTED,
    UNNAMED_CUSTOMER,
    RESTATED,
    REVIVED_BY_HYPOTHESIS,
    HINDSIGHT,
    SUPERSEDED,
)
