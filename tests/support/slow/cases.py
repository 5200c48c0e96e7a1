"""The worked cases of SPEC's second edition: read, judged by the model, compared as their README says."""

from __future__ import annotations

import hashlib
import json
import tomllib
from typing import TYPE_CHECKING

from tests.support import results
from tests.support.slow.model import judged

if TYPE_CHECKING:
    from pathlib import Path

NOT_COMPARED = ("later", "calendar_not_official")
"""Notes whose ids the cases leave out."""


def modelled(case: Path) -> dict:
    """What the model says of a case's folder."""
    words = (case / "args").read_text(encoding="utf-8").split()
    options = dict(zip(words[::2], words[1::2], strict=True))
    text = (case / "contract.toml").read_bytes()
    lines = (case / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    contract = tomllib.loads(text.decode())
    found = judged(
        contract,
        [json.loads(line) for line in lines],
        options["--month"],
        options.get("--as-of"),
        hashlib.sha256(text).hexdigest(),
    )
    return json.loads(json.dumps(found))


def compared_notes(notes: list[dict]) -> list[dict]:
    """Names and ids."""
    return [{"note": n["note"], "ids": n["ids"]} for n in notes if n["note"] not in NOT_COMPARED]


def differences(case: Path, got: dict) -> list[str]:
    """Every place where a result is not what the case expects: only keys that it gives are compared."""
    wanted = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    if "notes" in wanted:
        wanted, got = (each | {"notes": compared_notes(each["notes"])} for each in (wanted, got))
    return results.differences(wanted, got)
