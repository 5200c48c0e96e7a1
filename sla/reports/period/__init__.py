"""The report of a quarter or a year."""
