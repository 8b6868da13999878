"""The doubter: makes everything again and says what held, what did not, and what nobody checked."""
