"""What passes between ledgers: a bundle handed out, restored, or merged."""
