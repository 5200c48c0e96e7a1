"""`sla-agent practice`: the whole product at work on this machine, on a practice site."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """Where its files go, and whether somebody is watching."""
    form.path("--dir", "where its files go (default: a new temporary directory)", metavar="DIR")
    form.flag("--fast", "a shorter outage, for machines")


def run(options: argparse.Namespace) -> int:
    """0 if every step came about, 1 if one did not."""
    from agent.demo.practice import practice  # noqa: PLC0415 - the ledger and the judge's words

    return practice(options)
