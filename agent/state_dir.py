"""The state directory: where it is, and what the agent keeps in it beside the ledger."""

from __future__ import annotations

from pathlib import Path

STATE_DIR = Path("/var/lib/sla-agent")
"""Where the packaged service keeps its ledger."""
STATUS_FILE = "status.json"
"""The status that the agent last wrote."""
SOCKET_FILE = "agent.sock"
"""Where the running agent is asked."""
