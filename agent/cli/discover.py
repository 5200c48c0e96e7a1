"""`sla-agent discover` drafts an inventory; `sla-agent baseline` keeps what a camera usually shows."""

from __future__ import annotations

import asyncio
import csv
import io
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress

from agent.cli.probe import asked_of, seconds_of
from agent.cli.usage import BAD_USE, OK, UsageError
from config.input.mistakes import reason_of
from config.site.inventory import COLUMNS
from config.text.i18n import in_language
from config.text.reasons import reason_in
from config.text.sentence import Sentence
from probes.discovery import Found, discovered, networks
from probes.faults import AssetFaultError, OwnFaultError
from probes.kinds import frame, snapshot
from probes.picture.assessment import verdict, with_profile
from probes.picture.decoder import Decoder

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from rich.progress import TaskID

STAGES = ("pinging", "asking")
"""Their words for people are translated: see `_bar`."""
_PICTURES: dict[str, Any] = {"frame": frame, "snapshot": snapshot}


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

    def told(stage: str, done: int, every: int) -> None:
        if stage not in tasks:
            tasks[stage] = progress.add_task(words[stage], total=every)
        progress.update(tasks[stage], completed=done)

    return told


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


def baseline(options: argparse.Namespace) -> int:
    """Look at a camera now and keep the picture's measures as its profile of that name."""
    kind = _PICTURES.get(options.kind)
    if kind is None:
        raise UsageError("a baseline is of a picture: {kinds}", kinds=_PICTURES)
    if not options.profile.strip():
        raise UsageError("a name is wanted, like day or night")
    asked, timeout_s = asked_of(options, kind.Options), seconds_of(options)
    decoder = Decoder()
    try:
        found = asyncio.run(kind.measured(options.address, asked, timeout_s, decoder))
        wrong = verdict(found, asked, ()).reason
        text = with_profile(options.file, options.profile, found)
    except (AssetFaultError, OwnFaultError) as fault:
        sys.stderr.write(reason_in(fault.reason, options.lang) + "\n")
        return BAD_USE
    except ValueError as error:
        raise UsageError(reason_of(error)) from None
    finally:
        decoder.close()
    if wrong:
        text = "{reason}: no usual picture, so nothing was kept"
        sys.stderr.write(in_language(text, options.lang).format(reason=reason_in(wrong, options.lang)) + "\n")
        return BAD_USE
    options.file.write_text(text, encoding="utf-8")
    kept = "{file}: {name} is kept, brightness {brightness}, sharpness {sharpness}. Look at the picture yourself"
    shown = in_language(kept, options.lang).format(
        file=options.file,
        name=options.profile,
        brightness=found["brightness_ratio"],
        sharpness=found["sharpness"],
    )
    sys.stdout.write(shown + "\n")
    return OK
