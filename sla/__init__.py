"""The measure: from records and readings to verdicts and money. A functional core; see docs/adr."""
