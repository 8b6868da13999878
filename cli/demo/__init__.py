"""What the demo tells."""
