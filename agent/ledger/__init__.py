"""What the agent keeps in the ledger, and how it looks after it."""
