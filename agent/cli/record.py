"""`sla-agent record`: put on record what somebody did or said. Its types stand in `agent.cli.record_types`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from agent.cli.command import ArgumentForm
from agent.cli.hand_in import hand_in
from agent.cli.output import print_line
from agent.cli.record_types import RECORD_COMMANDS
from agent.exit_codes import OK
from agent.local_user import own_name
from config.input.usage import UsageError
from config.text.command_line import parser_in

if TYPE_CHECKING:
    import argparse


def add_arguments(form: ArgumentForm) -> None:
    """One command more for each type of record."""
    title = form.say("what to record")
    types = form.parser.add_subparsers(dest="type", required=True, metavar="TYPE", title=title)
    for name, record in RECORD_COMMANDS.items():
        purpose = form.say(record.purpose)
        word = record.word or name
        parser = parser_in(form.language, word, record.purpose, adder=types, epilog="", help=purpose)
        parser.set_defaults(record=name)
        below = ArgumentForm(parser, form.language)
        for argument in record.arguments:
            below.text(argument.name, argument.purpose, **argument.more)
        below.state()
        below.flag("--dry-run", "put nothing on record; show what it would do to the months (with --contract)")
        if "--contract" not in {each.name for each in record.arguments}:
            below.path("--contract", "the contract file, for --dry-run", metavar="CONTRACT.toml")
        if record.instant == "at":
            below.text("--at", "when, RFC 3339 (default: now)", metavar="T")
            below.text("--by", "who (default: you)", metavar="WHO")


def run(options: argparse.Namespace) -> int:
    """0: it is on record; 2: it contradicts what is, or is malformed."""
    found = RECORD_COMMANDS[options.record].parted(options, record_of(options))
    lines = [json.dumps(each, ensure_ascii=False) for each in found]
    if options.dry_run:
        return _shown(options, lines)
    return hand_in(options, lines, options.type, fills_in=True)


def _shown(options: argparse.Namespace, lines: list[str]) -> int:
    """What these records would do, printed; 0, or a RefusalError where they would be refused."""
    if options.contract is None:
        raise UsageError("--dry-run: wanted --contract too, which says what a month comes to")
    from agent.cli.record_effects import effects_of  # noqa: PLC0415 - all that judges, and only for this
    from agent.clock import SystemClock  # noqa: PLC0415 - the same

    now = SystemClock().now().wall_ms
    effects, advice = effects_of(options.state, options.contract, lines, options.type, now)
    for each in advice:
        print_line(options, "Mind: {advice}", advice=each.text(options.lang))
    for effect in effects:
        print_line(options, "{month}: due {before} → {after}", **effect._asdict())
        for obligation, before, after in effect.verdicts:
            print_line(
                options, "  {obligation}: {before} → {after}", obligation=obligation, before=before, after=after
            )
    print_line(options, "Nothing was put on record.")
    return OK


def record_of(options: argparse.Namespace) -> dict[str, Any]:
    """The record that the arguments make, as evidence files have it; without its instant where that is now."""
    row = RECORD_COMMANDS[options.record]
    at = getattr(options, row.instant)
    instant = {} if at is None else {row.instant: at}
    by = {"by": own_name() if options.by is None else options.by} if row.instant == "at" else {}
    return {"type": options.record, **instant, **by, **row.content(options)}
