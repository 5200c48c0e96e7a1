"""`sla-agent discover`: draft an inventory of what answers in address ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """Address ranges, and the file for the draft."""
    form.text("ranges", "an address range; nothing outside of those named is spoken to", nargs="+", metavar="CIDR")
    form.path("--out", "the CSV file (default: the standard output)", metavar="FILE.csv")


def run(options: argparse.Namespace) -> int:
    """0: the draft is written; 2: this machine could not ask."""
    from agent.by_hand.inventory import discover  # noqa: PLC0415 - the probes, and the bars of rich

    return discover(options)
