"""What cannot be tested in a contract, and why."""
