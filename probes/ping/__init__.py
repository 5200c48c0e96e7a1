"""Pings in batches: the engine, its sockets and packets."""
