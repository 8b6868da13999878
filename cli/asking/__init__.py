"""What questions share: the ledger and its tables opened, subjects found, small files read."""
