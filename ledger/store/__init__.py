"""Where the log lies: what is asked of a store, and the stores that answer."""
