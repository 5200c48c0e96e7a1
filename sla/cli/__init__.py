"""`sla-check`: one module a question."""
