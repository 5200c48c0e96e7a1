"""`sla-agent run`: watch a site in the foreground until SIGTERM or Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """Site file, contract and state directory."""
    form.site_files()
    form.state()


def run(options: argparse.Namespace) -> int:
    """0 after a clean end, 1 where an error ended it."""
    from agent.foreground import watch_site  # noqa: PLC0415 - the whole agent: two seconds that `--help` need not wait

    return watch_site(options.site, options.contract, options.state)
