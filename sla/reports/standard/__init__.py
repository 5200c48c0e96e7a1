"""The acceptance standard that a contract amounts to."""
