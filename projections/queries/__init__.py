"""The questions: each takes a warehouse and the three clocks and gives a result with its events."""
