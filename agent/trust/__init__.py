"""Whether a failure may be held against anybody."""
