"""`sla-agent probe`: probe one thing once by hand; without an address, read what a kind does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """Kind and address, which may be left out, options of the kind, and how long to wait."""
    form.probe("the probe kind, e.g. icmp, tcp, http, host", nargs="?")
    form.after_example(
        "Without an address: what that kind looks for, with its options. Without a kind: which kinds there are.",
        "Exit code: 0 it was looked at, whatever was seen; 2 it could not be asked for so.",
    )
    form.parser.epilog = f"{form.parser.epilog}\n"


def run(options: argparse.Namespace) -> int:
    """0 whatever was seen: that it was seen is the success."""
    from agent.by_hand.probing import probe  # noqa: PLC0415 - the probes with all their libraries

    return probe(options)
