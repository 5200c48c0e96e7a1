"""Evidence files: the one place of this folder that opens a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.evidence.lines import read_lines

if TYPE_CHECKING:
    from pathlib import Path

    from sla.evidence.evidence import Evidence


def read_evidence(path: Path) -> Evidence:
    """The evidence of a JSON Lines file.

    Raises EvidenceError with file, line and reason for everything malformed or contradictory (SPEC
    §0), OSError where the file cannot be read. Nothing of a file with a problem is taken.
    """
    with path.open("rb", buffering=1 << 20) as file:
        return read_lines(file, str(path))
