"""Every event type by its name: the one list to which a new type is added."""

from __future__ import annotations

from events import companies, housekeeping, observations, performance, steps, terms
from events.base import Event
from events.explain import explain_invalid, first_invalid
from events.reading import TYPES, event_class, upcast_and_validate, validate_json, validate_raw, validate_texts

__all__ = [
    "TYPES",
    "event_class",
    "explain_invalid",
    "first_invalid",
    "upcast_and_validate",
    "validate_json",
    "validate_raw",
    "validate_texts",
]

# Order is the order of the documentation: who, what was agreed, what happened, what was measured, housekeeping.
_CLASSES: tuple[type[Event], ...] = (
    companies.CompanyRegistered,
    companies.PartyIdentified,
    terms.PurchaseCommitted,
    terms.InvestmentCommitted,
    terms.WarrantGranted,
    terms.LoanArranged,
    terms.GuaranteeGiven,
    terms.AcquisitionAgreed,
    terms.OptionGranted,
    terms.RoyaltyAgreed,
    terms.StatusChanged,
    performance.CapacityDelivered,
    performance.PaymentMade,
    performance.TrancheFunded,
    performance.LoanRepaid,
    performance.TrancheVested,
    performance.WarrantExercised,
    performance.OptionExercised,
    performance.TrancheLapsed,
    observations.MetricReported,
    observations.PriceMoved,
    steps.ShareSplit,
    steps.MilestoneReached,
    housekeeping.EventCorrected,
    housekeeping.EventRetracted,
    housekeeping.DocumentAttached,
)
TYPES.update({cls.topic().removeprefix("deals."): cls for cls in _CLASSES})
