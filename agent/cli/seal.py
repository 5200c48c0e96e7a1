"""`sla-agent seal`: close a month, or put on record that a party signed it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from agent.cli.output import print_line
from agent.exit_codes import OK
from agent.local_user import own_name
from agent.requests.asking import answer_to

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """The month; with a signature: how it was signed, by which party, and by whom."""
    form.text("month", "a month that is over", metavar="YYYY-MM")
    form.state()
    form.path("--signed", "put this signed seal on record", metavar="SEAL.txt")
    form.text("--key", "with --signed: the signer's verification key", metavar="KEY")
    form.flag("--on-paper", "put on record that it was signed on paper")
    form.text("--party", "who signed", choices=("vendor", "customer"), default="vendor")
    form.text("--by", "who (default: you)", metavar="WHO")


def run(options: argparse.Namespace) -> int:
    """0: the text that both parties sign is printed, or the signature is on record."""
    if options.signed is None and not options.on_paper:
        sys.stdout.write(answer_to(options.state, {"ask": "seal", "month": options.month})["text"])
        return OK
    signature = {"month": options.month, "party": options.party, "by": options.by or own_name()}
    if options.signed is not None:
        signature |= {"text": options.signed.read_text(encoding="utf-8"), "key": options.key or ""}
    answer = answer_to(options.state, {"ask": "countersign", **signature})
    print_line(options, "On record: {month} signed by {party}; ledger entry {seq}, {hash}", **signature, **answer)
    return OK
