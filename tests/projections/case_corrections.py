"""Those of the nine cases in which the order of recording, a correction or a retraction decides."""

from __future__ import annotations

from tests.projections.case_parts import COMPANIES, SUPPLY, Case, Question, agreed, supply, usd

__all__ = ["CORRECTED", "CORRECTED_PAST", "FUTURE_STEP", "LATE_ORIGINAL", "RETRACTED"]

LATE_ORIGINAL = Case(
    name="a late-arriving original",
    events=(
        *COMPANIES,
        supply("b", "2025-06-01", "20"),
        supply("a0", "2025-03-01", "10", status="letter_of_intent"),
    ),
    questions=(
        Question("2025-02-28", legs={}),
        Question("2025-03-01", legs={SUPPLY: agreed(10, status="letter_of_intent")}),
        Question("2025-05-31", legs={SUPPLY: agreed(10, status="letter_of_intent")}),
        Question("2025-06-01", legs={SUPPLY: agreed(20)}),
        Question("2025-05-31", recorded_before="a0", legs={}),
        Question("2025-06-01", recorded_before="a0", legs={SUPPLY: agreed(20)}),
    ),
)

FUTURE_STEP = Case(
    name="announced now, effective next year",
    events=(
        *COMPANIES,
        supply("a", "2025-01-10", "10"),
        supply("b", "2025-06-01", "20", effective_on="2026-01-01", amends="a"),
        supply("c", "2025-09-01", "15", amends="a"),
    ),
    questions=(
        Question("2025-05-31", legs={SUPPLY: agreed(10)}),
        Question("2025-06-01", legs={SUPPLY: agreed(10, pending=("b",))}),
        Question("2025-08-31", legs={SUPPLY: agreed(10, pending=("b",))}),
        Question("2025-09-01", legs={SUPPLY: agreed(15, pending=("b",))}),
        Question("2025-12-31", legs={SUPPLY: agreed(15, pending=("b",))}),
        Question("2026-01-01", legs={SUPPLY: agreed(20)}),
        Question("2025-08-31", known_by="latest", legs={SUPPLY: agreed(10, pending=("c", "b"))}),
    ),
)

CORRECTED = Case(
    name="corrected after it was amended",
    events=(
        *COMPANIES,
        supply("a", "2025-01-10", "10"),
        supply("b", "2025-06-01", "20", amends="a"),
        {
            "type": "event_corrected",
            "key": "a/corrected",
            "announced_on": "2025-07-01",
            "corrects": "a",
            "replacement": supply("a", "2025-01-10", "12"),
            "reason": "a digit was misread",
        },
    ),
    questions=(
        Question("2025-05-31", legs={SUPPLY: agreed(12)}),
        Question("2025-06-01", legs={SUPPLY: agreed(20)}),
        Question("2025-05-31", recorded_before="a/corrected", legs={SUPPLY: agreed(10)}),
        Question("2025-06-01", recorded_before="a/corrected", legs={SUPPLY: agreed(20)}),
    ),
)

CORRECTED_PAST = Case(
    name="corrected to a date past the amendment",
    events=(
        *COMPANIES,
        supply("a", "2025-01-10", "10"),
        supply("b", "2025-06-01", "20", amends="a"),
        {
            "type": "event_corrected",
            "key": "a/corrected",
            "announced_on": "2025-07-02",
            "corrects": "a",
            "replacement": supply("a", "2025-07-01", "12"),
            "reason": "the month was misread",
        },
    ),
    questions=(
        Question("2025-05-31", legs={}),
        Question("2025-06-30", legs={SUPPLY: agreed(20)}),
        Question("2025-07-01", legs={SUPPLY: agreed(12)}),
        Question("2025-07-01", recorded_before="a/corrected", legs={SUPPLY: agreed(20)}),
        Question("2025-05-31", recorded_before="a/corrected", legs={SUPPLY: agreed(10)}),
    ),
    checked=("a",),
)

RETRACTED = Case(
    name="retracted although amended",
    events=(
        *COMPANIES,
        supply("a", "2025-01-10", "10"),
        supply("b", "2025-06-01", "20", amends="a"),
        {
            "type": "payment_made",
            "key": "paid",
            "announced_on": "2025-03-01",
            "deal": "oracle-openai",
            "leg": "supply",
            "payer": "openai",
            "payee": "oracle",
            "amount": usd("1"),
        },
        {
            "type": "event_retracted",
            "key": "a/retracted",
            "announced_on": "2025-07-01",
            "corrects": "a",
            "reason": "it was a rumour about another company",
        },
    ),
    questions=(
        Question("2025-05-31", legs={}),
        Question("2025-06-01", legs={SUPPLY: agreed(20, performed=1)}),
        Question("2025-05-31", recorded_before="a/retracted", legs={SUPPLY: agreed(10, performed=1)}),
        Question("2025-02-28", recorded_before="a/retracted", legs={SUPPLY: agreed(10)}),
    ),
    checked=("paid",),
)
