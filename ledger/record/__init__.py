"""What is accepted: rows become drafts, rules judge them, and what passes is written."""
