"""`sla-agent restore`: put a backup in the ledger's place, while no agent runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.cli.output import print_line
from agent.clock import SystemClock
from agent.exit_codes import OK
from agent.requests.alone import site_of
from agent.state_dir import STATUS_FILE
from agent.version import software
from sla.ledger import LedgerError, LedgerView
from sla.ledger.backup import restore

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """The backup's file, and the state directory."""
    form.path("file", "the backup", metavar="FILE.db")
    form.state()


def run(options: argparse.Namespace) -> int:
    """0: the backup is the ledger now, and what was there is kept under another name."""
    try:
        site = site_of(options.state)
    except LedgerError:
        site = site_of(options.file)
    (options.state / STATUS_FILE).unlink(missing_ok=True)  # it names a later head, which is given up knowingly
    restore(options.file, options.state, site=site, stamp=SystemClock().now(), software=software())
    view = LedgerView.open(options.state)
    try:
        (entry,) = list(view.entries(("restore",)))[-1:]
    finally:
        view.close()
    print_line(options, "Restored; ledger entry {seq}, {hash}", seq=entry.seq, hash=entry.hash)
    if entry.body["kept"]:
        text = "What was there is kept as {file}; its last entry was {seq}, {hash}"
        print_line(options, text, **entry.body["kept"])
    return OK
