"""What the market made of an announcement."""
