"""The write side and the proof: events go in once, in order, and whoever doubts it can check."""
