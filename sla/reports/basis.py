"""What a report is made from: the judgement, the analysis behind it, and where they were read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sla.judge.judgement import Judgement
    from sla.measure.analysis import Analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the evidence was read, as a mark that both parties can check.

    Of a ledger the head of its chain (`8123 4f…`), of a file its SHA-256 (`sha256:4f…`); "" where nobody told.
    """

    kind: Literal["ledger", "evidence"] = "evidence"
    mark: str = ""

    @property
    def short(self) -> str:
        """Enough of the mark to tell it from others on every page."""
        digest = self.mark.replace(":", " ").rpartition(" ")[2]
        return self.mark[: len(self.mark) - len(digest) + 16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """`analysis` are those that the judgement was made from."""

    judgement: Judgement
    analysis: Analysis
    source: Source = Source()
