"""What a question to `sla-check` is answered with."""

from __future__ import annotations

from dataclasses import dataclass

EXIT_OF = {"met": 0, "breached": 1, "not_assessable": 3}
"""SPEC §10: a verdict's exit code."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to print or to write, and the exit code. Bytes are for files, not for a terminal."""

    content: str | bytes
    code: int
