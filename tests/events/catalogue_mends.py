"""Where the catalogue differs from the research it was made from: form and contradictions mended, no fact added."""

from __future__ import annotations

from typing import Any

__all__ = ["MENDS"]

# Parties whose own note calls them stand-ins; the research left the vocabulary's mark out.
_STAND_INS = (
    "anthropic-tpu-vehicle",
    "broadcom-customer-4",
    "meta-el-paso-project",
    "nvidia-direct-customer-a",
    "nvidia-direct-customer-b",
    "nvidia-lease-partner",
    "oracle-customer-2025",
    "public-investors",
    "softbank-co-investors",
)

# The key of an event -> the fields that read otherwise in the catalogue.
MENDS: dict[str, dict[str, Any]] = {
    **{f"company/{company}": {"stand_in": True} for company in _STAND_INS},
    # Told on 13 October about the session of 10 September: the move holds from its session, as every other one does.
    "price/oracle/2025-09-10/intraday-2": {"effective_on": "2025-09-10"},
    # Both notes say that the actual day of the closing is unknown.
    "apollo-anthropic-2026/senior-notes/2026-06-23": {"date_precision": {"effective_on": "month"}},
    "apollo-anthropic-2026/second-lien-notes/2026-06-23": {"date_precision": {"effective_on": "month"}},
}
