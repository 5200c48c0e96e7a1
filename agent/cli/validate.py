"""`sla-agent validate`: read site and contract files as `run` would."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from agent.cli.output import line
from agent.exit_codes import OK

if TYPE_CHECKING:
    import argparse

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """Site file and contract."""
    form.site_files()


def run(options: argparse.Namespace) -> int:
    """Print how much stands in each file. ConfigError: every mistake of the first file that has any."""
    from config.site.file import load  # noqa: PLC0415 - pydantic only where files are read
    from probes.registry import OPTIONS  # noqa: PLC0415 - the probes with all their libraries
    from sla.contract.file import read_contract  # noqa: PLC0415 - pydantic

    site = load(options.site, probe_options=OPTIONS)
    counts = line(
        options,
        "{assets} assets, {checks} checks, {channels} channels",
        assets=len(site.assets),
        checks=len(site.checks),
        channels=len(site.channels),
    )
    sys.stdout.write(f"{options.site}: {counts}\n")
    if options.contract is not None:
        contract = read_contract(options.contract)
        count = line(options, "{count} obligations", count=len(contract.obligations))
        sys.stdout.write(f"{options.contract}: {count}\n")
    return OK
