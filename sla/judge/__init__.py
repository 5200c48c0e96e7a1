"""A month judged: verdicts, score, payment, adjustments; quarters and years from it."""
