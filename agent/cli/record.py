"""`sla-agent record`: put on record what somebody did or said. Its types stand in `agent.cli.record_types`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from agent.cli.command import ArgumentForm
from agent.cli.hand_in import hand_in
from agent.cli.record_types import RECORD_COMMANDS
from agent.local_user import own_name
from config.text.command_line import parser_in
from sla.evidence.instants import format_instant

if TYPE_CHECKING:
    import argparse


def add_arguments(form: ArgumentForm) -> None:
    """One command more for each type of record."""
    title = form.say("what to record")
    types = form.parser.add_subparsers(dest="type", required=True, metavar="TYPE", title=title)
    for name, record in RECORD_COMMANDS.items():
        purpose = form.say(record.purpose)
        parser = parser_in(form.language, name, record.purpose, adder=types, epilog="", help=purpose)
        below = ArgumentForm(parser, form.language)
        for argument in record.arguments:
            below.text(argument.name, argument.purpose, **argument.more)
        below.state()
        if record.instant == "at":
            below.text("--at", "when, RFC 3339 (default: now)", metavar="T")
            below.text("--by", "who (default: you)", metavar="WHO")


def run(options: argparse.Namespace) -> int:
    """0: it is on record; 2: it contradicts what is, or is malformed."""
    return hand_in(options, [json.dumps(record_of(options), ensure_ascii=False)], options.type)


def record_of(options: argparse.Namespace) -> dict[str, Any]:
    """The record that the arguments make, as evidence files have it."""
    row = RECORD_COMMANDS[options.type]
    at = getattr(options, row.instant) or _now()
    by = {"by": own_name() if options.by is None else options.by} if row.instant == "at" else {}
    return {"type": options.type, row.instant: at, **by, **row.content(options)}


def _now() -> str:
    from agent.clock import SystemClock  # noqa: PLC0415 - the ledger comes with it, and most ask a running agent

    return format_instant(SystemClock().now().wall_ms)
