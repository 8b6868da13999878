"""The naive oracle: every answer of the ledger folded from its events with lists and comparisons.

It is written from `docs/measures.md` alone, knows nothing of the read side, and answers for it in the tests:
`legs`, `exposure`, `dilution`, `commitments` and `metric`, each at one clock triple. Whoever asks several measures at one
triple folds once (`folded`) and asks `exposure_of` and the like. Amounts are Decimal, shares int, days date, and None is
undisclosed.
"""

from __future__ import annotations

from tests.oracle.commitments import capacity_interval, commitments, commitments_of
from tests.oracle.dilution import dilution, dilution_of
from tests.oracle.exposure import Answer, Row, exposure, exposure_of, lines
from tests.oracle.legs import Folded, LegKey, LegState, binding_amount, folded, legs
from tests.oracle.observed import Observation, metric
from tests.oracle.parts import less_parts
from tests.oracle.visible import Clocks, Entry, Fact, Raw, Sight, look

__all__ = [
    "Answer",
    "Clocks",
    "Entry",
    "Fact",
    "Folded",
    "LegKey",
    "LegState",
    "Observation",
    "Raw",
    "Row",
    "Sight",
    "binding_amount",
    "capacity_interval",
    "commitments",
    "commitments_of",
    "dilution",
    "dilution_of",
    "exposure",
    "exposure_of",
    "folded",
    "legs",
    "less_parts",
    "lines",
    "look",
    "metric",
]
