"""The doors: what a person types, and what is printed for it. Rules live in `ledger`, numbers in `projections`."""
