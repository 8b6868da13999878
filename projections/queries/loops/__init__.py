"""Where the money goes round."""
