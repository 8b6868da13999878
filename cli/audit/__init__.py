"""The verbs of `deals audit`, one file each, and what they share."""
