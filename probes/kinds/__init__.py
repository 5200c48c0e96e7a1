"""What can be looked at: one file a kind."""
