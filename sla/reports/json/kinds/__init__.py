"""Items of each obligation kind as JSON, one kind a file; `sla.reports.json.registry` is the table of them."""
