"""The indicators on one page."""
