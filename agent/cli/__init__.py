"""`sla-agent`: one module a command."""
