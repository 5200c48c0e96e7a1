"""What clauses of each obligation kind promise, one kind a file; `registry` is the table of them."""
