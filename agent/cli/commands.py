"""What each command of `sla-agent` but `run` does. Every function returns the exit code."""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from agent.cli.usage import BAD_USE, NO_AGENT, NOT_WELL, OK, UsageError
from agent.control_socket import user_name
from agent.ledger.record_types import FURTHER_RECORDS, FurtherRecord
from agent.requests.asking import answer_to
from config.input.mistakes import RefusalError, reason_of
from config.text.i18n import in_language
from sla.evidence.evidence import EvidenceError
from sla.evidence.instants import format_instant, parse_instant

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from config.text.i18n import Language


def _say(options: argparse.Namespace, text: str, /, **values: object) -> str:
    language: Language = options.lang
    return in_language(text, language).format(**values)


def validate(options: argparse.Namespace) -> int:
    """Read the files as `run` would; ConfigError with every mistake."""
    from config.site.file import load  # noqa: PLC0415 - pydantic only where files are read
    from probes.registry import OPTIONS  # noqa: PLC0415 - likewise
    from sla.contract.file import read_contract  # noqa: PLC0415 - likewise

    site = load(options.site, probe_options=OPTIONS)
    counts = _say(
        options,
        "{assets} assets, {checks} checks, {channels} channels",
        assets=len(site.assets),
        checks=len(site.checks),
        channels=len(site.channels),
    )
    sys.stdout.write(f"{options.site}: {counts}\n")
    if options.contract is not None:
        contract = read_contract(options.contract)
        count = _say(options, "{count} obligations", count=len(contract.obligations))
        sys.stdout.write(f"{options.contract}: {count}\n")
    return OK


def probe(options: argparse.Namespace) -> int:
    """One look by hand, or what kinds look for."""
    from agent.cli.probe import probe as look  # noqa: PLC0415 - likewise

    return look(options)


def show_status(options: argparse.Namespace) -> int:
    """Ask the agent; without one, tell how it was when it last wrote."""
    from agent.status_text import is_well, status_text  # noqa: PLC0415 - probes' words only where they are shown

    found = answer_to(options.state, {"ask": "status"}, timeout_s=10)
    if options.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(status_text(found, options.lang))
    if found["state"] != "running":
        return NO_AGENT
    return OK if is_well(found) else NOT_WELL


def export(options: argparse.Namespace) -> int:
    """Print evidence, or write a bundle; works beside a running agent."""
    if options.bundle is not None:
        from agent.cli.ledger import export_bundle  # noqa: PLC0415 - likewise

        return export_bundle(options)
    from sla.ledger import LedgerView  # noqa: PLC0415 - SQLite only where a ledger is read

    begin, end = (_instant(name, text) for name, text in (("--from", options.begin), ("--to", options.end)))
    view = LedgerView.open(options.state)
    try:
        for line in view.export(begin, end):
            sys.stdout.write(line)
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


def import_file(options: argparse.Namespace) -> int:
    """Take in a file of records."""
    if str(options.file) == "-":
        return _hand_in(options, sys.stdin.read().splitlines(), "-")
    try:
        text = options.file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            "{file}: no UTF-8: byte {value:#04x} at byte {place}",
            file=str(options.file),
            value=error.object[error.start],
            place=error.start + 1,
        ) from None
    return _hand_in(options, text.split("\n"), str(options.file))


def record(options: argparse.Namespace) -> int:
    """Put one record, made of the arguments, on record."""
    line = json.dumps(RECORD_OF[options.type](options), ensure_ascii=False)
    return _hand_in(options, [line], options.type)


def _hand_in(options: argparse.Namespace, lines: list[str], source: str) -> int:
    """To the running agent; without one, into the ledger ourselves."""
    try:
        answer = answer_to(options.state, {"ask": "take", "lines": lines, "source": source})
    except (RefusalError, EvidenceError) as error:
        sys.stderr.write(str(error).rstrip("\n") + "\n")
        sys.stderr.write(_say(options, "Nothing of it was taken.") + "\n")
        return BAD_USE
    text = "On record: {records} records; ledger entry {seq}, {hash}"
    sys.stdout.write(_say(options, text, **answer) + "\n")
    return OK


# Records made of arguments


def _now() -> str:
    from agent.clock import SystemClock  # noqa: PLC0415 - the stamp of a ledger comes with it

    return format_instant(SystemClock().now().wall_ms)


def _said(options: argparse.Namespace) -> dict[str, Any]:
    by = user_name(os.getuid()).removeprefix("local:") if options.by is None else options.by
    return {"type": options.type, "at": options.at or _now(), "by": by}


def _of_check(options: argparse.Namespace) -> dict[str, Any]:
    return {**_said(options), "check": options.check}


def _claim(options: argparse.Namespace) -> dict[str, Any]:
    span = {"from": options.begin, "to": options.end}
    return {**_said(options), "id": options.id, "asset": options.asset, **span, "cause": options.cause}


def _ruling(options: argparse.Namespace) -> dict[str, Any]:
    return {**_said(options), "claim": options.claim, "accepted": options.word == "accepted"}


def _maintenance(options: argparse.Namespace) -> dict[str, Any]:
    scope = {key: _listed(values) for key, _, values in (each.partition("=") for each in options.scope)}
    return {
        "type": "maintenance",
        "id": options.id,
        "scope": scope,
        "from": options.begin,
        "to": options.end,
        "announced_at": options.announced_at or _now(),
        "approved": options.approved,
    }


def _inspection(options: argparse.Namespace) -> dict[str, Any]:
    found = {"covers": _listed(options.covers), "result": options.result}
    return {**_said(options), "id": options.id, "plan": options.plan, **found}


def _settled(options: argparse.Namespace) -> dict[str, Any]:
    amounts = {"payable": options.payable, "adjustment": options.adjustment}
    return {**_said(options), "month": options.month, **amounts}


def _further(record: FurtherRecord, options: argparse.Namespace) -> dict[str, Any]:
    return {**_said(options), **record.said(options)}


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


RECORD_OF: Mapping[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "acknowledged": _of_check,
    "arrived": _of_check,
    "claim": _claim,
    "ruling": _ruling,
    "maintenance": _maintenance,
    "inspection": _inspection,
    "settled": _settled,
    **{name: partial(_further, each) for name, each in FURTHER_RECORDS.items()},
}


def discover(options: argparse.Namespace) -> int:
    """Draft an inventory of what answers in address ranges."""
    from agent.cli.discover import discover as draft  # noqa: PLC0415 - probes and bars only where they are wanted

    return draft(options)


def baseline(options: argparse.Namespace) -> int:
    """Keep what a camera usually shows."""
    from agent.cli.discover import baseline as keep  # noqa: PLC0415 - likewise

    return keep(options)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "discover": discover,
    "baseline": baseline,
    "validate": validate,
    "probe": probe,
    "status": show_status,
    "export": export,
    "import": import_file,
    "record": record,
}
