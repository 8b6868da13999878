"""What a person types, read: clocks, days, places, names, and what the shell completes."""
