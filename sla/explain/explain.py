"""Why a number is what it is: for one obligation, item, incident, deduction or payment, the chain of evidence.

`explained(analysis, judgement, id)` asks the same functions that judged, and adds nothing of its own:
every final figure is the judgement's. Ids (docs/explain.md):

    A1                                     an obligation in that month
    A1:deduction                           its deduction alone
    A1:cam-7                               one item of it: an asset,
    R1:cam-7/icmp@2026-10-03T08:00:12+08:00    an incident under this clause,
    I1:2026-10-03                          a period by its first day
    cam-7/icmp@2026-10-03T08:00:12+08:00   an incident, under every clause that is about it
    payment                                score, fee, deductions, adjustment
"""

from __future__ import annotations

from bisect import bisect_left
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from sla.contract.calendars import local_day
from sla.contract.clauses.availability import AvailabilityClause
from sla.contract.clauses.inspection import InspectionClause
from sla.contract.clauses.manual import ManualClause
from sla.contract.clauses.online import OnlineClause
from sla.contract.clauses.quality import QualityClause
from sla.contract.clauses.repair import RepairClause
from sla.contract.clauses.repeat import RepeatClause
from sla.contract.clauses.replace import ReplaceClause
from sla.contract.clauses.report import ReportClause
from sla.evidence.instants import parse_instant
from sla.evidence.intervals import contains
from sla.explain import availability, course, further, handed, inspection, payment, repair
from sla.explain.incident import READING_COLUMNS, incident_id, incident_section, reading_row
from sla.explain.model import Amount, At, Explanation, Name, Section, Share, rows_of, say, step, verdict_word
from sla.explain.others import item_name, other_sections
from sla.explain.payment import points_steps
from sla.obligations.availability import AvailabilityItem
from sla.obligations.inspection import InspectionItem
from sla.obligations.quality import QualityItem
from sla.obligations.repair import RepairItem
from sla.obligations.replace import ReplaceItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sla.explain.model import Step, Value
    from sla.incidents.incident import Incident
    from sla.judge.judgement import Judgement
    from sla.measure.analysis import Analysis
    from sla.obligations.result import AnyResult, Item

Kind = Literal["obligation", "item", "incident", "deduction", "payment"]
PAYMENT: Literal["payment"] = "payment"
DEDUCTION = "deduction"
DEDUCT = " deduct"
"""How the rule of a step ends that comes to a deduction."""
MOST_NEAREST = 8
SECTIONS: Mapping[type, Callable[[AnyResult, Analysis, str], tuple[Section, ...]]] = {
    AvailabilityClause: availability.sections,
    RepairClause: repair.sections,
    InspectionClause: inspection.sections,
    QualityClause: further.quality,
    RepeatClause: further.repeat,
    OnlineClause: further.online,
    ReportClause: handed.report,
    ReplaceClause: handed.replace,
    ManualClause: handed.manual,
}
"""Kind of clause → how its result is explained; a kind that is not here is told item by item (`explain_others`)."""


class UnknownIdError(ValueError):
    """Nothing of that id; `nearest` are ids that exist, the likest first."""

    def __init__(self, name: str, nearest: tuple[str, ...]) -> None:
        self.name = name
        self.nearest = nearest
        super().__init__(name)


def explained(analysis: Analysis, judgement: Judgement, name: str) -> Explanation:
    """The chain behind what `name` names. UnknownIdError where nothing is called so."""
    return _Explainer(analysis, judgement).explain(name)


def known_ids(analysis: Analysis, judgement: Judgement) -> tuple[str, ...]:
    """Every id of the month that can be asked for, obligations first."""
    timezone = analysis.contract.timezone
    found = [PAYMENT, *(each.obligation.id for each in judgement.obligations)]
    found += [f"{each.obligation.id}:{DEDUCTION}" for each in judgement.obligations]
    found += [
        f"{each.obligation.id}:{_item_id(item, timezone)}" for each in judgement.obligations for item in each.items
    ]
    found += [incident_id(each.incident.check, each.incident.detected, timezone) for each in judgement.incidents]
    return tuple(dict.fromkeys(found))


def _item_id(item: Item, timezone: str) -> str:
    if isinstance(item, AvailabilityItem):
        return item.asset
    if isinstance(item, RepairItem):
        return incident_id(item.check, item.detected, timezone)
    if isinstance(item, InspectionItem):
        return local_day(item.begin, timezone).isoformat()
    return item_name(item)


class _Explainer:
    """Holds the month's analysis and judgement while one id is explained."""

    def __init__(self, analysis: Analysis, judgement: Judgement) -> None:
        self.analysis = analysis
        self.judgement = judgement
        self.timezone = analysis.contract.timezone
        self.results = {each.obligation.id: each for each in judgement.obligations}

    def explain(self, name: str) -> Explanation:
        if name in self.results:
            return self._obligation(name)
        if name == PAYMENT:
            return self._payment()
        found = self._part(name) or self._incident(name)
        if found is None:
            ids = known_ids(self.analysis, self.judgement)
            near = get_close_matches(name, ids, n=MOST_NEAREST, cutoff=0.4)
            raise UnknownIdError(name, tuple(near or ids[:MOST_NEAREST]))
        return found

    def _made(
        self,
        kind: Kind,
        name: str,
        sections: tuple[Section, ...],
        subject: object,
        figures: Mapping[str, Value],
        *,
        obligation: str = "",
    ) -> Explanation:
        return Explanation(
            kind=kind,
            id=name,
            month=self.judgement.month,
            as_of=self.judgement.as_of,
            timezone=self.timezone,
            contract=self.analysis.contract.contract,
            sections=sections,
            subject=subject,
            obligation=obligation,
            figures=figures,
        )

    def _obligation(self, name: str) -> Explanation:
        result = self.results[name]
        explain = SECTIONS.get(type(result.obligation), other_sections)
        first, *others = explain(result, self.analysis, self.judgement.month)
        official = (
            step("§5", say("The official calendar of {year} was not known; it was computed.", year=Name(str(year))))
            for year in sorted(result.years)
        )
        first = Section(title=first.title, steps=(*first.steps, *points_steps(result), *official))
        figures: dict[str, Value] = {
            "verdict": verdict_word(result.verdict),
            "value": Share(result.value),
            "deduction": Amount(result.deduction),
        }
        return self._made("obligation", name, (first, *others), result, figures, obligation=name)

    def _payment(self) -> Explanation:
        paid = self.judgement.payment
        names = ("fee", "earned", "deductions", "payable", "adjustment", "due")
        figures: dict[str, Value] = {name: Amount(getattr(paid, name)) for name in names}
        return self._made(PAYMENT, PAYMENT, payment.sections(self.judgement), paid, figures)

    def _part(self, name: str) -> Explanation | None:
        """`A1:…`: the deduction or an item of an obligation."""
        for known in sorted(self.results, key=len, reverse=True):
            if name.startswith(known + ":"):
                found = self._part_of(self.results[known], name, name.removeprefix(known + ":"))
                if found is not None:
                    return found
        return None

    def _part_of(self, result: AnyResult, name: str, part: str) -> Explanation | None:
        if part == DEDUCTION:
            return self._deduction(result, name)
        wanted = self._instant_of(part)
        for item in result.items:
            if _item_id(item, self.timezone) == part:
                return self._item(result, item, name)
            if isinstance(item, RepairItem) and wanted == (item.check, item.detected):
                return self._item(result, item, name)
        return None

    def _deduction(self, result: AnyResult, name: str) -> Explanation:
        clause, items = result.obligation, list(result.items)
        title = say("Deduction of {id} {title} in {month}", **self._named(result))
        if isinstance(clause, AvailabilityClause):
            steps = tuple(availability.deduction_steps(result, items))  # type: ignore[arg-type]
        elif isinstance(clause, RepairClause):
            steps = tuple(repair.deduction_steps(result, items))  # type: ignore[arg-type]
        elif isinstance(clause, InspectionClause):
            steps = tuple(inspection.deduction_steps(result, items))  # type: ignore[arg-type]
        else:
            whole = SECTIONS.get(type(clause), other_sections)(result, self.analysis, self.judgement.month)
            steps = tuple(each for each in whole[0].steps if each.rule.endswith(DEDUCT))
        sections = [Section(title=title, steps=(*steps, *points_steps(result)))]
        if isinstance(clause, RepairClause):
            sections += self._billed(clause, result)
        paid = payment.sections(self.judgement)
        figures: dict[str, Value] = {"deduction": Amount(result.deduction)}
        return self._made("deduction", name, (*sections, *paid), result, figures, obligation=clause.id)

    def _billed(self, clause: RepairClause, result: AnyResult) -> Iterator[Section]:
        """The chain of each incident that costs money this month, at most as many as an obligation shows."""
        billed = [item for item in result.items if isinstance(item, RepairItem) and item.deduction]
        for item in billed[: repair.MOST_CHAINS]:
            yield self._course(clause, item)

    def _course(self, clause: RepairClause, item: RepairItem) -> Section:
        incident = self._find(item.check, item.detected)
        followed = None if incident is None else course.course_of(clause, self.analysis, incident)
        assert followed is not None  # noqa: S101 - the item was made from it
        return course.course_section(clause, self.analysis, followed, self.judgement.month, item)

    def _named(self, result: AnyResult) -> dict[str, Value]:
        clause = result.obligation
        return {"id": Name(clause.id), "title": Name(clause.title), "month": Name(self.judgement.month)}

    def _item(self, result: AnyResult, item: Item, name: str) -> Explanation:
        clause = result.obligation
        figures: dict[str, Value] = {"verdict": Name(item.verdict)}
        if isinstance(item, RepairItem) and isinstance(clause, RepairClause):
            incident = self._find(item.check, item.detected)
            assert incident is not None  # noqa: S101 - the item was made from it
            sections = (incident_section(self.analysis, incident), self._course(clause, item))
            figures["deduction"] = Amount(item.deduction)
        elif isinstance(item, AvailabilityItem) and isinstance(clause, AvailabilityClause):
            section = availability.item_section(clause, item, self.analysis, self.judgement.month)
            sections, figures["value"] = (section,), Share(item.value)  # type: ignore[assignment]
        elif isinstance(item, InspectionItem) and isinstance(clause, InspectionClause):
            sections = (inspection.item_section(clause, item, self.analysis),)  # type: ignore[assignment]
        elif isinstance(item, QualityItem) and isinstance(clause, QualityClause):
            section = further.quality_item(clause, item, self.analysis, self.judgement.month)
            sections, figures["value"] = (section,), Share(item.value)  # type: ignore[assignment]
        elif isinstance(item, ReplaceItem) and isinstance(clause, ReplaceClause):
            sections = (handed.replace_item(clause, item, self.analysis),)  # type: ignore[assignment]
            figures["deduction"] = Amount(item.deduction)
        else:
            sections = other_sections(result, self.analysis, self.judgement.month, only=item)  # type: ignore[assignment]
        return self._made("item", name, sections, item, figures, obligation=clause.id)

    def _instant_of(self, text: str) -> tuple[str, int] | None:
        """`CHECK@INSTANT` in any spelling of the instant; None for anything else."""
        check, mark, when = text.rpartition("@")
        if not mark or check not in self.analysis.evidence.checks:
            return None
        try:
            return check, parse_instant(when)
        except ValueError:
            return None

    def _find(self, check: str, detected: int) -> Incident | None:
        return next((each for each in self.analysis.detection.incidents(check) if each.detected == detected), None)

    def _incident(self, name: str) -> Explanation | None:
        """An incident by its detection, or by any fail reading of it; an explained fail by what explains it."""
        found = self._instant_of(name)
        if found is None:
            return None
        check, at = found
        fails = self.analysis.detection.runs(check).fails
        place = bisect_left(fails, at)
        if place == len(fails) or fails[place] != at:
            return None
        if contains(self.analysis.detection.shadow(check), at):
            return self._explained_fail(name, check, at)
        incident = next(
            each for each in self.analysis.detection.incidents(check) if each.detected <= at <= each.last_fail
        )
        return self._of_incident(incident)

    def _of_incident(self, incident: Incident) -> Explanation:
        sections = [incident_section(self.analysis, incident)]
        untested = []
        for result in self.judgement.obligations:
            clause = result.obligation
            if not isinstance(clause, RepairClause):
                continue
            followed = course.course_of(clause, self.analysis, incident)
            if followed is None:
                untested.append(step("§7", course.why_not_tested(clause, self.analysis, incident)))
                continue
            key = (incident.check, incident.detected)
            items = (each for each in result.items if isinstance(each, RepairItem))
            item = next((each for each in items if (each.check, each.detected) == key), None)
            month = self.judgement.month
            sections.append(course.course_section(clause, self.analysis, followed, month, item))
        if untested:
            sections.append(Section(title=say("Clauses that are not about it"), steps=tuple(untested)))
        name = incident_id(incident.check, incident.detected, self.timezone)
        return self._made("incident", name, tuple(sections), incident, {"detected": At(incident.detected)})

    def _explained_fail(self, name: str, check: str, at: int) -> Explanation:
        """A fail that is no incident of its own: what was out then, and whose incident that is."""
        detection = self.analysis.detection
        asset = self.analysis.evidence.checks[check].asset
        row = reading_row(self.analysis, check, say("fail"), at)
        steps = [
            step(
                "§3",
                say(
                    "This fail is explained: it is no incident of {check}, and counts for availability.",
                    check=Name(check),
                ),
                rows_of(READING_COLUMNS, [row], 1),
            )
        ]
        for above in detection.order:
            is_above = asset in detection.below(above) or (above == asset and not detection.checks[check].reach)
            if is_above and contains(detection.reach_out(above), at):
                steps.append(step("§3", say("{asset} was out then by its own reach check.", asset=Name(above))))
                steps += self._causes(above, at)
        section = Section(title=say("Fail of {check} at {at}", check=Name(check), at=At(at)), steps=tuple(steps))
        return self._made("incident", name, (section,), None, {"at": At(at)})

    def _causes(self, asset: str, at: int) -> Iterator[Step]:
        for check in self.analysis.detection.checks_of(asset):
            if check.reach:
                before = [
                    each
                    for each in self.analysis.detection.incidents(check.id)
                    if each.detected <= at + self.analysis.gap(check.id)
                ]
                if before:
                    name = incident_id(check.id, before[-1].detected, self.timezone)
                    yield step("§3", say("Its incident is {id}.", id=Name(name)))
