"""Records of docs/obligations.md on the command line: their arguments, and what they say. The one table of them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping


class Argument(NamedTuple):
    """One argument: its name, its help in English, and what argparse is told besides."""

    name: str
    text: str
    more: Mapping[str, Any]


class FurtherRecord(NamedTuple):
    """What it is for, its arguments, and what it says beside `type`, `at` and `by`."""

    purpose: str
    arguments: tuple[Argument, ...]
    said: Callable[[argparse.Namespace], dict[str, Any]]


def _hash_of(path: Path | None) -> dict[str, str]:
    """The file's SHA-256; the file itself stays where it is. OSError where it cannot be read."""
    if path is None:
        return {}
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _delivered(options: argparse.Namespace) -> dict[str, Any]:
    return {"id": options.id, "plan": options.plan, "month": options.month, **_hash_of(options.file)}


def _diagnosed(options: argparse.Namespace) -> dict[str, Any]:
    return {"id": options.id, "asset": options.asset, "part": options.part}


def _replaced(options: argparse.Namespace) -> dict[str, Any]:
    return {"diagnosis": options.diagnosis, "temporary": options.temporary, "serial": options.serial}


def _scored(options: argparse.Namespace) -> dict[str, Any]:
    score = {"score": options.score, "of": options.of, "reason": options.reason}
    return {"plan": options.plan, "month": options.month, **score, **_hash_of(options.file)}


_ID = Argument("id", "a number of its own", {"metavar": "ID"})
_MONTH = Argument("month", "the last month that it is about", {"metavar": "YYYY-MM"})
FURTHER_RECORDS: Mapping[str, FurtherRecord] = {
    "delivered": FurtherRecord(
        "A document came in",
        (
            _ID,
            Argument("plan", "the contract's report obligation", {"metavar": "OBLIGATION"}),
            _MONTH,
            Argument("--file", "the document; its SHA-256 is recorded", {"metavar": "FILE", "type": Path}),
        ),
        _delivered,
    ),
    "diagnosed": FurtherRecord(
        "A part of an asset has to be replaced",
        (
            _ID,
            Argument("asset", "the asset", {"metavar": "ASSET"}),
            Argument("--part", "what has to be replaced", {"metavar": "PART", "default": ""}),
        ),
        _diagnosed,
    ),
    "replaced": FurtherRecord(
        "The part of a diagnosis was replaced, or a spare was lent",
        (
            Argument("diagnosis", "the diagnosis' number", {"metavar": "ID"}),
            Argument("--temporary", "a spare was lent for the time being", {"action": "store_true"}),
            Argument("--serial", "the new part's serial number", {"metavar": "SERIAL", "default": ""}),
        ),
        _replaced,
    ),
    "scored": FurtherRecord(
        "A person's score of a month",
        (
            Argument("plan", "the contract's manual obligation", {"metavar": "OBLIGATION"}),
            _MONTH,
            Argument("score", "the score, e.g. 92.5", {"metavar": "SCORE"}),
            Argument("--of", "the best possible score (default: 100)", {"metavar": "SCORE", "default": "100"}),
            Argument("--reason", "why", {"metavar": "TEXT", "required": True}),
            Argument(
                "--file",
                "what the score rests on; its SHA-256 is recorded",
                {"metavar": "FILE", "type": Path, "required": True},
            ),
        ),
        _scored,
    ),
}
"""Record type → what `sla-agent record` asks for and makes of it."""
