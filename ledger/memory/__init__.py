"""What a ledger remembers of itself beside its file: keys, checkpoints, journal, and the guard that compares them."""
