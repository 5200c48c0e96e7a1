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

from sla.contract.terms import own_term
from sla.evidence.instants import parse_instant
from sla.evidence.intervals import contains
from sla.explain import payment
from sla.explain.clause_steps import item_word
from sla.explain.incident import READING_COLUMNS, incident_id, incident_section, reach_checks, reading_row
from sla.explain.model import Amount, At, Day, Explanation, Name, Section, Share, rows_of, say, step, verdict_word
from sla.explain.payment import points_steps, range_step
from sla.explain.registry import explanation_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sla.contract.clause import Clause
    from sla.explain.model import Statement, Step, Value
    from sla.incidents.incident import Incident
    from sla.judge.judgement import Judgement
    from sla.measure.analysis import Analysis
    from sla.obligations.result import AnyResult, Item

Kind = Literal["obligation", "item", "incident", "deduction", "payment"]
PAYMENT: Literal["payment"] = "payment"
DEDUCTION = "deduction"
MOST_NEAREST = 8


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
    for each in judgement.obligations:
        name_of = explanation_of(each).item_name
        found += [f"{each.obligation.id}:{name_of(item, timezone)}" for item in each.items]
    found += [incident_id(each.incident.check, each.incident.detected, timezone) for each in judgement.incidents]
    return tuple(dict.fromkeys(found))


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
        figure_names: Mapping[str, Statement] | None = None,
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
            figure_names=figure_names or {},
        )

    def _obligation(self, name: str) -> Explanation:
        result = self.results[name]
        first, *chains = explanation_of(result).sections(result, self.analysis, self.judgement.month)
        official = (
            step("§5", say("The official calendar of {year} was not known; it was computed.", year=Name(str(year))))
            for year in sorted(result.years)
        )
        held, ends = self._validity(result.obligation), (*points_steps(result), range_step(result), *official)
        first = Section(title=first.title, steps=(*held, *first.steps, *ends))
        figures: dict[str, Value] = {
            "verdict": verdict_word(result.verdict),
            "value": Share(result.value),
            "deduction": Amount(result.deduction),
        }
        return self._made("obligation", name, (first, *chains), result, figures, obligation=name)

    def _validity(self, clause: Clause) -> Iterator[Step]:
        """In which days the clause holds, where it says any of its own."""
        term = own_term(self.analysis.contract, clause)
        if clause.valid is not None and term is not None:
            days = {"first": Day(term.first.isoformat()), "last": Day(term.last.isoformat())}
            yield step("§5 valid", say("The clause holds from {first} to {last}, both days included.", **days))

    def _payment(self) -> Explanation:
        paid = self.judgement.payment
        names = ("fee", "earned", "deductions", "payable", "low", "high", "adjustment", "due")
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
        name_of = explanation_of(result).item_name
        for item in result.items:
            if name_of(item, self.timezone) in (part, self._canonical(part)):
                return self._item(result, item, name)
        return None

    def _canonical(self, part: str) -> str:
        """An incident's id with its instant in any spelling, as `incident_id` spells it; anything else as it is."""
        found = self._instant_of(part)
        return part if found is None else incident_id(*found, self.timezone)

    def _deduction(self, result: AnyResult, name: str) -> Explanation:
        explanation, month = explanation_of(result), self.judgement.month
        title = say("Deduction of {id} {title} in {month}", **self._named(result))
        steps = (
            *explanation.deduction_steps(result, self.analysis, month),
            *points_steps(result),
            range_step(result),
        )
        billed = explanation.billed_sections(result, self.analysis, month)
        sections = (Section(title=title, steps=steps), *billed, *payment.sections(self.judgement))
        figures: dict[str, Value] = {"deduction": Amount(result.deduction)}
        return self._made("deduction", name, sections, result, figures, obligation=result.obligation.id)

    def _named(self, result: AnyResult) -> dict[str, Value]:
        clause = result.obligation
        return {"id": Name(clause.id), "title": Name(clause.title), "month": Name(self.judgement.month)}

    def _item(self, result: AnyResult, item: Item, name: str) -> Explanation:
        explanation = explanation_of(result)
        figures = {"verdict": item_word(item.verdict), **explanation.item_figures(item)}
        sections = explanation.item_sections(result, item, self.analysis, self.judgement.month)
        clause, names = result.obligation.id, explanation.figure_names
        return self._made("item", name, sections, item, figures, obligation=clause, figure_names=names)

    def _instant_of(self, text: str) -> tuple[str, int] | None:
        """`CHECK@INSTANT` in any spelling of the instant; None for anything else."""
        check, mark, when = text.rpartition("@")
        check = self.analysis.known.check_named(check)
        if not mark or check not in self.analysis.known.checks:
            return None
        try:
            return check, parse_instant(when)
        except ValueError:
            return None

    def _incident(self, name: str) -> Explanation | None:
        """An incident by its detection, or by any fail reading of it; an explained fail by what explains it."""
        found = self._instant_of(name)
        if found is None:
            return None
        check, at = found
        fails = self.analysis.detection.fails(check)
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
            about = explanation_of(result).about_incident
            if about is None:
                continue
            found = about(result, self.analysis, self.judgement.month, incident)
            if isinstance(found, Section):
                sections.append(found)
            else:
                untested.append(step("§7", found))
        if untested:
            sections.append(Section(title=say("Clauses that are not about it"), steps=tuple(untested)))
        name = incident_id(incident.check, incident.detected, self.timezone)
        return self._made("incident", name, tuple(sections), incident, {"detected": At(incident.detected)})

    def _explained_fail(self, name: str, check: str, at: int) -> Explanation:
        """A fail that is no incident of its own: what was out then, and whose incident that is."""
        detection = self.analysis.detection
        asset = self.analysis.asset_of(check)
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
        is_reach = detection.checks[check].at(at).reach
        for above in detection.epochs[-1].order:
            is_above = detection.is_behind(asset, above, at) if above != asset else not is_reach
            if is_above and contains(detection.reach_out(above), at):
                steps.append(step("§3", say("{asset} was out then by its own reach check.", asset=Name(above))))
                steps += self._causes(above, at)
        section = Section(title=say("Fail of {check} at {at}", check=Name(check), at=At(at)), steps=tuple(steps))
        return self._made("incident", name, (section,), None, {"at": At(at)})

    def _causes(self, asset: str, at: int) -> Iterator[Step]:
        for check in reach_checks(self.analysis, asset, at):
            latest = at + self.analysis.gap(check, at)
            before = [each for each in self.analysis.detection.incidents(check) if each.detected <= latest]
            if before:
                name = incident_id(check, before[-1].detected, self.timezone)
                yield step("§3", say("Its incident is {id}.", id=Name(name)))
