"""Why evidence is refused: sentences as values, each with the line that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.input.mistakes import MalformedError, RefusalError
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with evidence: the line of the file (or the number of the record), and why."""

    line: int
    reason: Sentence


class EvidenceError(RefusalError, ValueError):
    """Malformed or contradictory evidence; nothing of it is taken.

    `source`: the file, or what else the records came from. `problems`: everything that is wrong, in line order.
    `str()` of it is English, one problem a line.
    """

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        line = "{file}:{line}: {reason}"
        super().__init__(
            one_a_line([Sentence(line, file=source, line=each.line, reason=each.reason) for each in self.problems])
        )


def one_a_line(sentences: Sequence[Sentence]) -> Sentence:
    """Sentences as one, each on a line of its own; halved again and again, so as not to be deep. ValueError: none."""
    if not sentences:
        raise ValueError("nothing is refused without a reason")
    if len(sentences) == 1:
        return sentences[0]
    half = len(sentences) // 2
    return Sentence("{first}\n{rest}", first=one_a_line(sentences[:half]), rest=one_a_line(sentences[half:]))


def cut_short(value: object) -> str:
    """A value as Python writes it, cut to a readable length."""
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "…"  # noqa: PLR2004 - a readable line


def wrong(got: Any, wanted: Sentence | str) -> MalformedError:
    """The error that says which value was found and what was wanted in its place."""
    mend = wanted if isinstance(wanted, Sentence) else Sentence(wanted)
    return MalformedError("got {got}, wanted {wanted}", got=cut_short(got), wanted=mend)


def about(key: str, error: RefusalError) -> MalformedError:
    """This error, said of the value of a key."""
    return MalformedError("{key}: {reason}", key=key, reason=error.sentence)
