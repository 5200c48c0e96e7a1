"""What only one kind of clause is asked, one kind a file; `sla.lint.clauses` asks what all are."""
