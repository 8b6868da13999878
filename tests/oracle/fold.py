"""The naive oracle: every answer of the ledger folded from its events with lists and comparisons.

It is written from `docs/measures.md` alone, knows nothing of the read side, and answers for it in the tests:
`legs`, `exposure`, `dilution`, `commitments` and `metric`, each at one clock triple. Amounts are Decimal, shares int,
days date, and None is undisclosed.
"""

from __future__ import annotations

from tests.oracle.commitments import capacity_interval, commitments
from tests.oracle.dilution import dilution
from tests.oracle.exposure import Answer, Row, exposure, lines
from tests.oracle.legs import LegKey, LegState, binding_amount, legs
from tests.oracle.observed import Observation, metric
from tests.oracle.visible import Clocks, Entry, Fact, Raw, Sight, look

__all__ = [
    "Answer",
    "Clocks",
    "Entry",
    "Fact",
    "LegKey",
    "LegState",
    "Observation",
    "Raw",
    "Row",
    "Sight",
    "binding_amount",
    "capacity_interval",
    "commitments",
    "dilution",
    "exposure",
    "legs",
    "lines",
    "look",
    "metric",
]
