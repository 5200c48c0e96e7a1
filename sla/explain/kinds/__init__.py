"""Explanations of the obligation kinds, one a file; `sla.explain.registry` is the table of them."""
