"""Obligation kinds, one a file; `registry` is the table of them."""
