"""SNMP: sessions, tables, batches, units, and the traps that devices send."""
