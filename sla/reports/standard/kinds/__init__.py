"""Clauses of each obligation kind in the acceptance standard; `sla.reports.standard.registry` is the table."""
