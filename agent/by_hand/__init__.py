"""What a person asks this machine to do once, without an agent: probe one thing, draft an inventory, keep a view."""
