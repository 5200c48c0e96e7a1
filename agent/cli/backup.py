"""`sla-agent backup`: copy the ledger while it may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.cli.files import note_file
from agent.cli.output import print_line
from agent.exit_codes import OK
from sla.ledger.backup import back_up

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """The backup's file, and the state directory."""
    form.path("file", "the backup", metavar="FILE.db")
    form.state()


def run(options: argparse.Namespace) -> int:
    """0: the copy is whole, and on record."""
    head = back_up(options.state, options.file)
    print_line(options, "{file}: entries up to {seq}, {hash}", file=options.file, seq=head.seq, hash=head.hash)
    note_file(options.state, "backup", options.file, head)
    return OK
