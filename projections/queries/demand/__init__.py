"""Demand beside commitments."""
