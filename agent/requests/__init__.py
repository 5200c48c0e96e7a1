"""What other programs on this machine may ask of the agent or of its ledger: one file a request, one table."""
