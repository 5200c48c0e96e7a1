"""`sla-agent countersign`: sign a seal's text with one's own key, on one's own machine; no ledger is needed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from agent.cli.output import print_line
from agent.exit_codes import OK
from config.input.mistakes import reason_of
from config.input.usage import UsageError

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """The text, the key, and the signer's name."""
    form.path("file", "the seal's text", metavar="SEAL.txt")
    form.path("--key", "your Ed25519 private key (PEM)", metavar="KEY.pem", required=True)
    form.text("--name", "your name under it, without spaces", metavar="NAME", required=True)


def run(options: argparse.Namespace) -> int:
    """0: the signature is in the file, and the key that verifies it is printed."""
    from sla.ledger.signing import KeyUnusableError, signed  # noqa: PLC0415 - cryptography only to sign

    note = options.file.read_text(encoding="utf-8")
    try:
        text, key = signed(note, options.key.read_bytes(), options.name)
    except KeyUnusableError as error:
        raise UsageError("{place}: {reason}", place=str(options.key), reason=reason_of(error)) from None
    options.file.write_text(text, encoding="utf-8")
    print_line(options, "{file}: signed. Your verification key, for the other party:", file=options.file)
    sys.stdout.write(key + "\n")
    return OK
