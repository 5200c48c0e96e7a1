"""Drafts an inventory of what answers in address ranges."""

from __future__ import annotations

import asyncio
import csv
import io
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

from agent.exit_codes import BAD_USE, OK
from config.input.mistakes import reason_of
from config.input.usage import UsageError
from config.site.inventory import COLUMNS
from config.text.i18n import in_language
from config.text.reasons import reason_in
from config.text.sentence import Sentence
from probes.discovery import Found, discovered, networks
from probes.faults import OwnFaultError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from rich.progress import TaskID

STAGES = ("pinging", "asking")
"""The stages of a discovery, as `probes.discovery` names them; `_bar` has their words for people."""


def discover(options: argparse.Namespace) -> int:
    """Write a CSV of what answers in the named ranges, to the standard output or to a file that is not there yet."""
    if options.out is not None and options.out.exists():
        text = Sentence(
            "{file} is there already, and may have been corrected by hand: name another file", file=str(options.out)
        )
        raise UsageError(text)
    try:
        ranges = networks(options.ranges)
    except ValueError as error:
        raise UsageError(reason_of(error)) from None

    def say(text: str) -> str:
        return in_language(text, options.lang)

    with Progress(console=Console(stderr=True), transient=True) as progress:
        try:
            found = asyncio.run(discovered(ranges, _bar(progress, say)))
        except OwnFaultError as fault:
            sys.stderr.write(reason_in(fault.reason, options.lang) + "\n")
            return BAD_USE
    table = inventory(found)
    if options.out is None:
        sys.stdout.write(table)
    else:
        options.out.write_text(table, encoding="utf-8-sig")  # so that Excel reads its Chinese
    sys.stderr.write(
        say("{count} found; correct the draft by hand before it is used").format(count=len(found)) + "\n"
    )
    return OK


def _bar(progress: Progress, say: Callable[[str], str]) -> Callable[[str, int, int], None]:
    words = {"pinging": say("pinging"), "asking": say("asking what answers")}
    tasks: dict[str, TaskID] = {}

    def advance(stage: str, done: int, every: int) -> None:
        if stage not in tasks:
            tasks[stage] = progress.add_task(words[stage], total=every)
        progress.update(tasks[stage], completed=done)

    return advance


def inventory(found: Sequence[Found]) -> str:
    """The draft as CSV, as `inventory` of a site file takes it. A cell never begins like a spreadsheet's formula."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for each in found:
        row = {
            "id": f"{each.kind}-{each.address.replace(':', '-').replace('.', '-')}",
            "kind": each.kind,
            "name": each.name or each.address,
            "address": each.address,
            "probes": ";".join(each.probes),
            "note": each.note,
        }
        writer.writerow({key: _plain(value) for key, value in row.items()})
    return out.getvalue()


def _plain(cell: str) -> str:
    return "'" + cell if cell[:1] in "=+-@" and cell else cell
