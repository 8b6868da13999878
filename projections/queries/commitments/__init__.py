"""Commitments against revenue."""
