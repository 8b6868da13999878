"""What the ledger holds that cannot be true, or that a reader should doubt."""
