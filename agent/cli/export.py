"""`sla-agent export`: print everything as evidence, or write it with its chain as a bundle."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.files import note_file, sha256_of
from agent.cli.output import print_line
from agent.exit_codes import OK
from config.input.mistakes import reason_of
from config.input.usage import UsageError
from sla.evidence.instants import parse_instant
from sla.ledger import Head, LedgerView, verifier
from sla.ledger.bundle import write_bundle
from sla.ledger.verifier import heads_in

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm

VERIFIER = "sla-verifier.py"
"""How the verifier is called beside a bundle."""


def add_arguments(form: ArgumentForm) -> None:
    """State directory, from when to when, or a bundle and what follows which head."""
    form.state()
    form.text("--from", "from this instant on (RFC 3339)", metavar="T", dest="begin")
    form.text("--to", "up to this instant, not included", metavar="T", dest="end")
    form.path("--bundle", "all of it with its chain, as one file that the other party can verify", metavar="FILE.zip")
    form.text("--after", "with --bundle: only what follows this head", metavar="'SEQ HASH'")


def run(options: argparse.Namespace) -> int:
    """Works beside a running agent; always 0 where it can be done."""
    if options.bundle is not None:
        return _bundle(options)
    begin, end = _instant("--from", options.begin), _instant("--to", options.end)
    view = LedgerView.open(options.state)
    try:
        for record in view.export(begin, end):
            sys.stdout.write(record)
    finally:
        view.close()
    return OK


def _instant(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_instant(text)
    except ValueError as error:
        raise UsageError("{option}: {reason}", option=name, reason=reason_of(error)) from None


def _bundle(options: argparse.Namespace) -> int:
    """Write a bundle, and the verifier beside it."""
    bundle = options.bundle
    head = write_bundle(options.state, bundle, after=_after(options))
    program = bundle.with_name(VERIFIER)
    shutil.copyfile(Path(verifier.__file__), program)
    print_line(options, "{file}: entries up to {seq}, {hash}", file=bundle, seq=head.seq, hash=head.hash)
    text = "Verify it where the other party cannot reach: python3 {name} {file} --heads YOUR-HEADS.txt"
    print_line(options, text, name=program, file=bundle)
    print_line(options, "SHA-256 of {file}: {hash}", file=program, hash=sha256_of(program))
    note_file(options.state, "bundle", bundle, head)
    return OK


def _after(options: argparse.Namespace) -> Head | None:
    if options.after is None:
        return None
    found = heads_in(options.after)
    if len(found) != 1:
        raise UsageError("--after: wanted a head, as in: 4711 <64 hexadecimal digits>")
    return Head(*found[0])
