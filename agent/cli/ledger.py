"""The commands of `sla-agent` that look after the ledger. Each works beside a running agent, but `restore`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.usage import BAD_USE, NOT_WELL, OK, UsageError
from agent.control_socket import user_name
from agent.requests.asking import answer_to
from agent.state_dir import STATUS_FILE
from config.input.mistakes import reason_of
from config.text.i18n import in_language

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from sla.ledger import Head

VERIFIER = "sla-verifier.py"
"""How the verifier is called beside a bundle."""


def _print(options: argparse.Namespace, text: str, /, **values: object) -> None:
    sys.stdout.write(in_language(text, options.lang).format(**values) + "\n")


def export_bundle(options: argparse.Namespace) -> int:
    """Write a bundle, and the verifier beside it."""
    from sla.ledger.bundle import write_bundle  # noqa: PLC0415 - SQLite only where a ledger is read

    head = write_bundle(options.state, options.bundle, after=_after(options))
    verifier = _lay_verifier_beside(options.bundle)
    _print(options, "{file}: entries up to {seq}, {hash}", file=options.bundle, seq=head.seq, hash=head.hash)
    _print(options, "Verify it where the other party cannot reach: python3 {name} {file} --heads YOUR-HEADS.txt",
           name=verifier, file=options.bundle)  # fmt: skip
    _print(options, "SHA-256 of {file}: {hash}", file=verifier, hash=_sha256(verifier))
    _note(options, "bundle", options.bundle, head)
    return OK


def _after(options: argparse.Namespace) -> Head | None:
    from sla.ledger import Head  # noqa: PLC0415 - likewise
    from sla.ledger.verifier import heads_in  # noqa: PLC0415 - likewise

    if options.after is None:
        return None
    found = heads_in(options.after)
    if len(found) != 1:
        raise UsageError("--after: wanted a head, as in: 4711 <64 hexadecimal digits>")
    return Head(*found[0])


def _lay_verifier_beside(bundle: Path) -> Path:
    from sla.ledger import verifier  # noqa: PLC0415 - likewise

    target = bundle.with_name(VERIFIER)
    shutil.copyfile(Path(verifier.__file__), target)
    return target


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note(options: argparse.Namespace, kind: str, path: Path, head: Head) -> None:
    """An entry that says what was made; the name only, since directories may tell more than they should."""
    body = {"file": path.name, "sha256": _sha256(path), "head": {"seq": head.seq, "hash": head.hash}}
    answer_to(options.state, {"ask": "note", "kind": kind, "body": body})


def backup(options: argparse.Namespace) -> int:
    """Copy the ledger while it may be written."""
    from sla.ledger.backup import back_up  # noqa: PLC0415 - likewise

    head = back_up(options.state, options.file)
    _print(options, "{file}: entries up to {seq}, {hash}", file=options.file, seq=head.seq, hash=head.hash)
    _note(options, "backup", options.file, head)
    return OK


def restore(options: argparse.Namespace) -> int:
    """Put a backup in the ledger's place."""
    from agent.clock import SystemClock  # noqa: PLC0415 - only for this
    from agent.requests.alone import site_of  # noqa: PLC0415 - likewise
    from agent.version import software  # noqa: PLC0415 - likewise
    from sla.ledger import LedgerError, LedgerView  # noqa: PLC0415 - likewise
    from sla.ledger.backup import restore as put_back  # noqa: PLC0415 - likewise

    try:
        site = site_of(options.state)
    except LedgerError:
        site = site_of(options.file)
    (options.state / STATUS_FILE).unlink(missing_ok=True)  # it tells of a later head, which is given up knowingly
    put_back(options.file, options.state, site=site, stamp=SystemClock().now(), software=software())
    view = LedgerView.open(options.state)
    try:
        (entry,) = list(view.entries(("restore",)))[-1:]
        _print(options, "Restored; ledger entry {seq}, {hash}", seq=entry.seq, hash=entry.hash)
        if entry.body["kept"]:
            text = "What was there is kept as {file}; its last entry was {seq}, {hash}"
            _print(options, text, **entry.body["kept"])
    finally:
        view.close()
    return OK


def ledger(options: argparse.Namespace) -> int:
    """`ledger stats`, `ledger compact`, `ledger check`, `ledger name`."""
    return {"stats": _stats, "compact": _compact, "check": _check, "name": _name}[options.what](options)


def _stats(options: argparse.Namespace) -> int:
    from sla.ledger import LedgerView  # noqa: PLC0415 - SQLite only where a ledger is read

    view = LedgerView.open(options.state)
    try:
        found, head, site = view.stats(), view.head, view.site
    finally:
        view.close()
    readings = found["plain_readings"] + found["sealed_readings"]
    if options.json:
        told = {"site": site, **found, "head": {"seq": head.seq, "hash": head.hash}}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return OK
    _print(options, "Site {site}: {entries} entries, {readings} readings", site=site, readings=readings, **found)
    text = "Readings: {plain_readings} in plain rows, {sealed_readings} in {blocks} sealed blocks"
    _print(options, text, **found)
    each = f"{found['payload_bytes'] / found['sealed_readings']:.2f}" if found["sealed_readings"] else "–"
    text = "Size: {mib:.1f} MiB; a sealed reading takes {each} bytes packed, without summary and chain"
    _print(options, text, mib=found["file_bytes"] / (1 << 20), each=each)
    _print(options, "Ledger: entry {seq}, {hash}", seq=head.seq, hash=head.hash)
    return OK


def _compact(options: argparse.Namespace) -> int:
    answer = answer_to(options.state, {"ask": "compact"})
    _print(options, "{sealed} blocks sealed", **answer)
    return OK


def _check(options: argparse.Namespace) -> int:
    from sla.ledger.check import check_ledger  # noqa: PLC0415 - likewise

    found = check_ledger(options.state)
    for problem in found.problems:
        sys.stderr.write(problem + "\n")
    if found.problems:
        _print(options, "{count} findings: what is on disk is not what was written", count=len(found.problems))
        return BAD_USE if found.is_unread else NOT_WELL
    text = "As it was written: {seq} entries, {readings} readings; head {hash}"
    _print(options, text, seq=found.head.seq, readings=found.readings, hash=found.head.hash)
    _print(options, "Whether it was rewritten, only a head kept elsewhere can tell: sla-check verify")
    return OK


def _name(options: argparse.Namespace) -> int:
    """Put on record that a file had this content now, so that the verifier's `--file` can prove it."""
    if options.file is None:
        raise UsageError("ledger name: wanted a file")
    body = {"file": options.file.name, "sha256": _sha256(options.file)}
    answer = answer_to(options.state, {"ask": "note", "kind": "report", "body": body})
    _print(options, "On record: {file}; ledger entry {seq}, {hash}", file=options.file, **answer)
    return OK


def seal(options: argparse.Namespace) -> int:
    """Close a month and print the text that both parties sign; or put on record that a party signed it."""
    if options.signed is None and not options.on_paper:
        answer = answer_to(options.state, {"ask": "seal", "month": options.month})
        sys.stdout.write(answer["text"])
        return OK
    said = {"month": options.month, "party": options.party, "by": options.by or _me()}
    if options.signed is not None:
        said |= {"text": options.signed.read_text(encoding="utf-8"), "key": options.key or ""}
    answer = answer_to(options.state, {"ask": "countersign", **said})
    _print(options, "On record: {month} signed by {party}; ledger entry {seq}, {hash}", **said, **answer)
    return OK


def _me() -> str:
    return user_name(os.getuid()).removeprefix("local:")


def countersign(options: argparse.Namespace) -> int:
    """Sign a seal's text with one's own key, on one's own machine; no ledger is needed for it."""
    from sla.ledger.signing import KeyUnusableError, signed  # noqa: PLC0415 - only who signs needs it

    note = options.file.read_text(encoding="utf-8")
    try:
        text, key = signed(note, options.key.read_bytes(), options.name)
    except KeyUnusableError as error:
        raise UsageError("{place}: {reason}", place=str(options.key), reason=reason_of(error)) from None
    options.file.write_text(text, encoding="utf-8")
    _print(options, "{file}: signed. Your verification key, for the other party:", file=options.file)
    sys.stdout.write(key + "\n")
    return OK


LEDGER_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "backup": backup,
    "restore": restore,
    "ledger": ledger,
    "seal": seal,
    "countersign": countersign,
}
