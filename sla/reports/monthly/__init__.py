"""The monthly acceptance report."""
