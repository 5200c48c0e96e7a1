"""The contract: its file, its clauses, its calendars."""
