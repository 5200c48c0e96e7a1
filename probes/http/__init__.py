"""HTTP as a probe speaks it."""
