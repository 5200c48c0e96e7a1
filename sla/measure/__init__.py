"""What every clause asks of the evidence: excused and working time, ratios, money."""
