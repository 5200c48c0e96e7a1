"""What the parts of a monthly report share: the judgement, what stands behind it, and the pen that writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import NONE
from sla.evidence.intervals import clip
from sla.measure.grounds import Ground, Grounds
from sla.reports.text.pen import Pen
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from config.text.i18n import Language
    from sla.reports.basis import Basis


class MonthlyContext:
    """One report while it is made."""

    def __init__(self, basis: Basis, language: Language) -> None:
        self.judgement = basis.judgement
        self.analysis = basis.analysis
        self.source = basis.source
        self.pen = Pen(basis.judgement.contract, language)
        self.grounds = Grounds(basis.analysis)

    def asset_of(self, check: str) -> str:
        """The asset of a check."""
        return self.analysis.asset_of(check)

    def ground_words(self, ground: Ground) -> tuple[str, str]:
        """(what excuses, by whose word) in the report's language."""
        pen = self.pen
        via = pen.say(", by way of {asset}", asset=harmless(ground.via)) if ground.via else ""
        if ground.kind == "claim":
            who = harmless(ground.by) or pen.say("not named")
            said = pen.say("accepted by {who} at {at}", who=who, at=pen.moment(ground.at))
            return pen.say("Claim {id}", id=harmless(ground.id)) + via, said
        announced = pen.say("approved; announced at {at}", at=pen.moment(ground.at))
        return pen.say("Maintenance {id}", id=harmless(ground.id)) + via, announced

    def grounds_in(self, check: str, calendar: str, begin: int, end: int) -> str:
        """By whose word time of the calendar in [begin, end) is excused for the check's asset; a dash for none."""
        spans = clip(self.analysis.calendar(calendar).spans(begin, end), begin, end) if begin < end else ()
        told = (self.ground_words(ground) for ground, _ in self.grounds.excusing(self.asset_of(check), spans))
        return self.pen.joined(f"{what}: {who}" for what, who in told) or NONE
