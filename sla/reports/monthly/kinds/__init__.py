"""The evidence of each obligation kind, one kind a file; `sla.reports.monthly.registry` is the table of them."""
