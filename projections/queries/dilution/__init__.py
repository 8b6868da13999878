"""Dilution: what warrants would do to an issuer."""
