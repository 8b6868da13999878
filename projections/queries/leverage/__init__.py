"""Debt that rests on contracts."""
