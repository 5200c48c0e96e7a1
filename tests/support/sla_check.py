"""`sla-check` called in the test's own process: what it prints, what it complains about, its exit code."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sla.cli.program import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.worlds.worlds import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One call's outcome."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> dict:
        """SPEC section 10's object."""
        return json.loads(self.out)


def sla_check(arguments: list[str]) -> Answered:
    """Call it; nothing that it raises is caught."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline=""), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    out.flush()
    return Answered(code=code, out=out.buffer.getvalue().decode(), err=err.getvalue())


def sla_check_world(world: World, folder: Path) -> Answered:
    """Write the world's two files, and judge them."""
    contract, evidence = folder / "contract.toml", folder / "evidence.jsonl"
    contract.write_text(world.contract_text, encoding="utf-8")
    evidence.write_text(world.evidence_text, encoding="utf-8")
    return sla_check(world.arguments(contract, evidence))
