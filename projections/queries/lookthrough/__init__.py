"""On whom a company depends through others."""
