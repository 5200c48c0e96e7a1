"""The self-evaluation of a year, on paper."""
