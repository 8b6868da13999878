"""One worked example for each event type, from the announcements that the ledger was made for."""

from __future__ import annotations

__all__ = ["EXAMPLES"]

# Command lines as they are typed; a test records each of them.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "company_registered": (
        "deals append company --company amd --name AMD --layer chips --ticker AMD",
        '    --alias "Advanced Micro Devices" --alias 超微 --announced-on 2024-01-01',
    ),
    "party_identified": (
        "deals append party --placeholder oracle-customer-2025 --company openai",
        "    --announced-on 2025-07-22",
    ),
    "purchase_committed": (
        "deals append purchase --deal oracle-openai-2025 --leg compute --status announced",
        "    --buyer openai --supplier oracle --subject compute --amount 'about 300B USD'",
        "    --gw 4.5 --announced-on 2025-09-10 --source-kind press --source-publisher WSJ",
    ),
    "investment_committed": (
        "deals append investment --deal nvidia-openai-2025 --leg equity",
        "    --status letter_of_intent --investor nvidia --investee openai",
        "    --amount 'up_to 100B USD' --tranche 'first=10B USD: capacity>=1 GW'",
        "    --announced-on 2025-09-22",
    ),
    "warrant_granted": (
        "deals append warrant --deal amd-openai-2025 --leg warrant --status definitive",
        "    --issuer amd --holder openai --shares 160000000 --exercise-price 0.01",
        "    --tranche 'first: capacity>=1 GW'",
        "    --tranche 'final: capacity>=6 GW & share_price>=600 USD'",
        "    --announced-on 2025-10-06 --effective-on 2025-10-05",
    ),
    "loan_arranged": (
        "deals append loan --deal vantage-oracle-2025 --leg loan --status definitive",
        "    --borrower vantage --lender jpmorgan=20B --lender mufg --amount 38B",
        "    --rate SOFR+225bp --relies-on oracle-openai-2025/compute --announced-on 2025-10-24",
    ),
    "guarantee_given": (
        "deals append guarantee --deal nvidia-coreweave-2025 --leg backstop",
        "    --status definitive --guarantor nvidia --obligor coreweave --amount 6.3B",
        "    --ends-on 2032-04-13 --announced-on 2025-09-15",
    ),
    "acquisition_agreed": (
        "deals append acquisition --deal amd-zt-2024 --leg purchase --status definitive",
        "    --acquirer amd --target zt-systems --cash 3375M --shares-value 'about 1125M'",
        "    --contingent 'up_to 400M' --announced-on 2024-08-19",
    ),
    "option_granted": (
        "deals append option --deal acme-globex-2026 --leg option --status definitive",
        "    --holder acme --grantor globex --on 'the whole company' --amount 60B",
        "    --otherwise 10B --expires-on 2026-Q4 --announced-on 2026-04-21",
    ),
    "royalty_agreed": (
        "deals append royalty --deal acme-globex-2025 --leg share --status definitive",
        "    --payer acme --payee globex --share 20% --of revenue --ends-on 2032",
        "    --announced-on 2025-10-28",
    ),
    "status_changed": (
        "deals append status --deal nvidia-openai-2025 --leg equity --status superseded",
        "    --reason 'replaced by an equity round' --announced-on 2026-02-20",
    ),
    "capacity_delivered": (
        "deals append delivered --deal oracle-openai-2025 --leg compute --gw 0.2",
        "    --announced-on 2025-09-23",
    ),
    "payment_made": (
        "deals append payment --deal oracle-openai-2025 --leg compute --payer openai",
        "    --payee oracle --amount 'about 2B USD' --announced-on 2025-12-31",
    ),
    "tranche_funded": (
        "deals append funded --deal nvidia-openai-2025 --leg equity --tranche first",
        "    --amount 10B --announced-on 2026-01-30",
    ),
    "loan_repaid": (
        "deals append repaid --deal vantage-oracle-2025 --leg loan --amount 500M",
        "    --announced-on 2026-03-31",
    ),
    "tranche_vested": (
        "deals append vested --deal amd-openai-2025 --leg warrant --tranche first",
        "    --shares undisclosed --announced-on 2026-06-30",
    ),
    "warrant_exercised": (
        "deals append exercised --deal amd-openai-2025 --leg warrant --shares 1000000",
        "    --announced-on 2026-07-31",
    ),
    "option_exercised": (
        "deals append option-exercised --deal acme-globex-2026 --leg option",
        "    --announced-on 2026-09-01",
    ),
    "tranche_lapsed": (
        "deals append lapsed --deal amd-openai-2025 --leg warrant --tranche final",
        "    --reason 'not reached in time' --announced-on 2026-08-31",
    ),
    "metric_reported": (
        "deals append metric --company openai --metric revenue --value 13.1B --unit USD",
        "    --period-from 2025-01-01 --period-to 2026-01-01 --basis statement",
        "    --announced-on 2026-03-05",
    ),
    "price_moved": (
        "deals append price --company amd --session 2025-10-06 --return 0.2371",
        "    --basis close --about amd-openai-2025 --announced-on 2025-10-06",
    ),
    "share_split": (
        "deals append split --company tesla --ratio 5:1 --announced-on 2020-08-11",
        "    --effective-on 2020-08-31",
    ),
    "milestone_reached": (
        "deals append milestone --company coreweave --kind listed",
        "    --text 'Nasdaq: CRWV' --announced-on 2025-03-28",
    ),
}
