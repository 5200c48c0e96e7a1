"""`sla-agent ledger`: how much there is, seal what is due, check it, put a file's hash on record."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from agent.cli.files import note_file
from agent.cli.output import print_line
from agent.exit_codes import BAD_USE, NOT_WELL, OK
from agent.requests.asking import answer_to
from config.input.usage import UsageError
from config.text.outside import for_terminal
from sla.ledger import LedgerView
from sla.ledger.check import check_ledger

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """What to do, the file to name, and the state directory."""
    form.text(
        "what",
        "stats: how much there is; compact: seal now what is due; check: is it as it was written; "
        "name: put a report's or contract's SHA-256 on record",
        choices=tuple(WORK),
    )
    form.path("file", "with name: the file", metavar="FILE", nargs="?")
    form.state()
    form.flag("--json", "for programs: all of it, as JSON")


def run(options: argparse.Namespace) -> int:
    """0: done; of `check`, 1: it is not as it was written, and 2: it cannot be read."""
    return WORK[options.what](options)


def _stats(options: argparse.Namespace) -> int:
    view = LedgerView.open(options.state)
    try:
        found, head, site = view.stats(), view.head, view.site
    finally:
        view.close()
    readings = found["plain_readings"] + found["sealed_readings"]
    if options.json:
        shown = {"site": site, **found, "head": {"seq": head.seq, "hash": head.hash}}
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1) + "\n")
        return OK
    print_line(options, "Site {site}: {entries} entries, {readings} readings", site=site, readings=readings, **found)
    text = "Readings: {plain_readings} in plain rows, {sealed_readings} in {blocks} sealed blocks"
    print_line(options, text, **found)
    each = f"{found['payload_bytes'] / found['sealed_readings']:.2f}" if found["sealed_readings"] else "–"
    text = "Size: {mib:.1f} MiB; a sealed reading takes {each} bytes packed, without summary and chain"
    print_line(options, text, mib=found["file_bytes"] / (1 << 20), each=each)
    print_line(options, "Ledger: entry {seq}, {hash}", seq=head.seq, hash=head.hash)
    return OK


def _compact(options: argparse.Namespace) -> int:
    print_line(options, "{sealed} blocks sealed", **answer_to(options.state, {"ask": "compact"}))
    return OK


def _check(options: argparse.Namespace) -> int:
    found = check_ledger(options.state)
    for problem in found.problems:
        sys.stderr.write(for_terminal(problem.text(options.lang)) + "\n")
    if found.problems:
        print_line(options, "{count} findings: what is on disk is not what was written", count=len(found.problems))
        return BAD_USE if found.is_unread else NOT_WELL
    text = "As it was written: {seq} entries, {readings} readings; head {hash}"
    print_line(options, text, seq=found.head.seq, readings=found.readings, hash=found.head.hash)
    print_line(options, "Whether it was rewritten, only a head kept elsewhere can tell: sla-check verify")
    return OK


def _name(options: argparse.Namespace) -> int:
    """Put on record that a file had this content now, so that the verifier's `--file` can prove it."""
    if options.file is None:
        raise UsageError("ledger name: wanted a file")
    answer = note_file(options.state, "report", options.file)
    print_line(options, "On record: {file}; ledger entry {seq}, {hash}", file=options.file, **answer)
    return OK


WORK: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "stats": _stats,
    "compact": _compact,
    "check": _check,
    "name": _name,
}
