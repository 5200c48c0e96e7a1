"""`sla-agent status`: how the site and the agent are, or how they were when the agent last wrote."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from agent.exit_codes import NO_AGENT, NOT_WELL, OK
from agent.requests.asking import answer_to
from agent.status_text import is_well, status_text

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm

PATIENCE_S = 10


def add_arguments(form: ArgumentForm) -> None:
    """State directory and form."""
    form.state()
    form.flag("--json", "for programs: all of it, as JSON")
    form.after_example("Exit code: 0 all is well, 1 something is not up, late or undelivered, 3 no agent is running.")


def run(options: argparse.Namespace) -> int:
    """Ask the agent; 0 all is well, 1 something is not, 3 no agent runs and the last status is shown."""
    found = answer_to(options.state, {"ask": "status"}, timeout_s=PATIENCE_S)
    if options.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(status_text(found, options.lang))
    if found["state"] != "running":
        return NO_AGENT
    return OK if is_well(found) else NOT_WELL
