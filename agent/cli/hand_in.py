"""Records that a person made, handed in by a command: to the running agent, or without one into the ledger."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from agent.cli.output import line, print_line
from agent.exit_codes import BAD_USE, OK
from agent.requests.asking import answer_to
from config.input.mistakes import RefusalError
from config.text.outside import for_terminal
from config.text.sentence import sentence_from_json

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def hand_in(options: argparse.Namespace, lines: Sequence[str], source: str, *, fills_in: bool = False) -> int:
    """Put JSON Lines on record, whole or not at all; `source` names them where one is refused. 0, or 2 if refused.

    `fills_in`: a record without an instant happens now, by the clock of whoever keeps the ledger.
    """
    request = {"ask": "take", "lines": list(lines), "source": source, "fills_in": fills_in}
    try:
        answer = answer_to(options.state, request)
    except RefusalError as error:
        from sla.ledger.errors import LedgerError  # noqa: PLC0415 - SQLite only where something is wrong

        if isinstance(error, LedgerError):
            raise
        sys.stderr.write(for_terminal(error.text(options.lang).rstrip("\n")) + "\n")
        sys.stderr.write(line(options, "Nothing of it was taken.") + "\n")
        return BAD_USE
    for each in answer.get("advice", ()):
        advice = sentence_from_json(each).text(options.lang)
        sys.stderr.write(for_terminal(line(options, "Mind: {advice}", advice=advice)) + "\n")
    print_line(options, "On record: {records} records; ledger entry {seq}, {hash}", **answer)
    return OK
