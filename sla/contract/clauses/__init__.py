"""The clauses that a contract may have, one kind a file; `sla.contract.clause` has what all of them have."""
