"""From incidents to messages that a provider has taken."""
