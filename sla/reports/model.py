"""The report model: a judgement as titled tables of texts, made once; every form only lays it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.i18n import Language, in_language
from sla.chinese_money import in_characters
from sla.contract import AvailabilityClause, InspectionClause, Obligation, RepairClause
from sla.judgement import AvailabilityItem, InspectionItem, Judgement, RepairItem
from sla.reports.words import STAGES, duration, harmless, local_time, percent, verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.judgement import ObligationResult

MOST_ROWS = 500
"""Longer tables say how many rows they leave out; the JSON form has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`tones`: a verdict word (met, breached, …) for each row, for colour; `right`: columns of figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    tones: tuple[str, ...] = ()
    right: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a form shows, in order. `facts` are (name, text) pairs; `tone` is the overall verdict."""

    title: str
    subtitle: str
    marks: tuple[str, ...]
    tone: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    rules: tuple[str, ...]


def report_of(judgement: Judgement, language: Language) -> Report:
    """The model of a judgement, in Chinese or English."""
    return _Writer(judgement, language).report()


class _Writer:
    """Holds the judgement, the language and the contract's clock while the model is made."""

    def __init__(self, judgement: Judgement, language: Language) -> None:
        self.judgement = judgement
        self.language = language
        self.contract = judgement.contract
        self.at: Callable[[int | None], str] = local_time(self.contract.timezone)

    def say(self, text: str) -> str:
        return in_language(text, self.language)

    def report(self) -> Report:
        judgement, contract = self.judgement, self.contract
        tables = [self._obligations()]
        tables += [table for each in judgement.obligations if each.items for table in [self._items(each)]]
        tables += [self._incidents(), *self._adjustments()]
        return Report(
            title=f"{self.say('Monthly acceptance report')} {judgement.month}",
            subtitle=harmless(f"{contract.contract} {contract.title}"),
            marks=self._marks(),
            tone=judgement.verdict,
            facts=self._facts(),
            tables=tuple(tables),
            rules=self._rules(),
        )

    def _marks(self) -> tuple[str, ...]:
        found = []
        for note in self.judgement.notes:
            if note["note"] == "practice":
                found.append(self.say("PRACTICE: made-up data, of no consequence"))
            else:
                text = self.say("The official calendar of {year} was not known; working days were computed.")
                found.append(text.format(year=note["year"]))
        return tuple(found)

    def _facts(self) -> tuple[tuple[str, str], ...]:
        judgement, contract = self.judgement, self.contract
        score, paid = judgement.score, judgement.payment
        points = self.say("none") if score is None else f"{score.points} {score.grade or ''}".rstrip()
        facts = [
            ("Customer", harmless(contract.customer["name"])),
            ("Vendor", harmless(contract.vendor["name"])),
            ("Judged with what was known at", f"{self.at(judgement.as_of)} {contract.timezone}"),
            ("Verdict", verdict(judgement.verdict, self.language)),
            ("Score", points),
            ("Monthly fee", self._money(paid.fee)),
            ("Earned", self._money(paid.earned)),
            ("Deductions", self._money(paid.deductions)),
            ("Payable", self._money(paid.payable)),
            ("Adjustment of earlier months", self._money(paid.adjustment)),
            ("Due", f"{self._money(paid.due)}  {in_characters(paid.due)}"),
        ]
        return tuple((self.say(name), text) for name, text in facts)

    def _money(self, amount: Decimal) -> str:
        return f"{amount:,} {self.contract.fee.currency}"

    def _obligations(self) -> Table:
        names = ("Clause", "Obligation", "Promised", "Measured", "Bounds", "Verdict", "Deduction", "Points lost")
        rows = tuple(self._obligation(each) for each in self.judgement.obligations)
        return Table(
            title=self.say("Obligations"),
            columns=tuple(self.say(name) for name in names),
            rows=rows,
            tones=tuple(each.verdict for each in self.judgement.obligations),
            right=frozenset({6, 7}),
        )

    def _obligation(self, result: ObligationResult) -> tuple[str, ...]:
        clause = result.obligation
        unsure = "" if result.certain or result.certain is None else f" ({self.say('not certain')})"
        bounds = "–" if result.low is None else f"{percent(result.low)} … {percent(result.high, up=True)}"
        lost = "–" if clause.points is None else f"{result.lost.normalize():f}/{clause.points}"
        return (
            harmless(clause.clause),
            harmless(f"{clause.id} {clause.title}"),
            self._promised(clause),
            percent(result.value),
            bounds,
            verdict(result.verdict, self.language) + unsure,
            str(result.deduction),
            lost,
        )

    def _promised(self, clause: Obligation) -> str:
        if isinstance(clause, AvailabilityClause):
            return f"≥ {percent(clause.target)}"
        if isinstance(clause, RepairClause):
            stage = self.say(STAGES[clause.stage])
            return f"{stage} ≤ {duration(clause.limit, self.language)}, ≥ {percent(clause.share)}"
        if isinstance(clause, InspectionClause):
            return f"{self.say('every ' + clause.every)}, ≥ {percent(clause.coverage)}"
        return "–"

    def _items(self, result: ObligationResult) -> Table:
        write = {AvailabilityItem: self._availability, RepairItem: self._repair, InspectionItem: self._inspection}
        shown = result.items[:MOST_ROWS]
        columns, row = write[type(shown[0])]()
        left_out = len(result.items) - len(shown)
        text = self.say("{count} more rows are in the JSON form").format(count=left_out)
        return Table(
            title=harmless(f"{result.obligation.id} {result.obligation.title}"),
            columns=tuple(self.say(name) for name in columns),
            rows=tuple(row(item) for item in shown),
            tones=tuple(item.verdict for item in shown),
            note=text if left_out else "",
        )

    def _availability(self) -> tuple[tuple[str, ...], Callable[[Any], tuple[str, ...]]]:
        columns = ("Asset", "Availability", "Bounds", "Coverage", "Up", "Down", "Changing", "Unknown", "Verdict")

        def row(item: AvailabilityItem) -> tuple[str, ...]:
            times = (item.up, item.down, item.changing, item.unknown)
            return (
                harmless(item.asset),
                percent(item.value),
                "–" if item.low is None else f"{percent(item.low)} … {percent(item.high, up=True)}",
                percent(item.coverage),
                *(duration(each, self.language) for each in times),
                verdict(item.verdict, self.language),
            )

        return columns, row

    def _repair(self) -> tuple[tuple[str, ...], Callable[[Any], tuple[str, ...]]]:
        columns = (
            "Check",
            "Began after",
            "Detected",
            "Last fail",
            "Restored",
            "Deadline",
            "Used",
            "Verdict",
            "Deduction",
        )

        def row(item: RepairItem) -> tuple[str, ...]:
            said = verdict(item.verdict, self.language)
            carried = f" ({self.say('carried')})" if item.carried else ""
            return (
                harmless(item.check),
                *(self.at(each) for each in (item.began_after, item.detected, item.last_fail, item.restored)),
                self.at(item.deadline),
                duration(item.elapsed, self.language),
                said + carried + ("" if item.certain else f" ({self.say('not certain')})"),
                str(item.deduction),
            )

        return columns, row

    def _inspection(self) -> tuple[tuple[str, ...], Callable[[Any], tuple[str, ...]]]:
        columns = ("Period from", "to", "Covered", "Required", "Contradicted", "Verdict")

        def row(item: InspectionItem) -> tuple[str, ...]:
            return (
                self.at(item.begin),
                self.at(item.end),
                str(item.covered),
                str(item.required),
                harmless(", ".join(item.contradicted)) or "–",
                verdict(item.verdict, self.language),
            )

        return columns, row

    def _incidents(self) -> Table:
        columns = ("Check", "Began after", "Detected", "Last fail", "Restored", "Explains", "Closed")
        listed = self.judgement.incidents
        shown = listed[:MOST_ROWS]
        rows = []
        for incident, explains in shown:
            closed = "blip" if incident.blip else "yes" if incident.closed else "no"
            instants = (incident.began_after, incident.detected, incident.last_fail, incident.restored)
            rows.append(
                (harmless(incident.check), *(self.at(each) for each in instants), str(explains), self.say(closed))
            )
        text = self.say("{count} more rows are in the JSON form").format(count=len(listed) - len(shown))
        return Table(
            title=f"{self.say('Incidents')} ({len(listed)})",
            columns=tuple(self.say(name) for name in columns),
            rows=tuple(rows),
            right=frozenset({5}),
            note=text if len(listed) > len(shown) else "",
        )

    def _adjustments(self) -> list[Table]:
        columns = tuple(self.say(name) for name in ("Obligation", "Item", "Then", "Now"))
        return [
            Table(
                title=f"{self.say('Adjustment of')} {each.month}: {each.settled} → {each.payable}",
                columns=columns,
                rows=tuple(
                    (harmless(i.obligation), harmless(i.item), i.before or "–", i.after or "–") for i in each.items
                ),
            )
            for each in self.judgement.adjustments
        ]

    def _rules(self) -> tuple[str, ...]:
        """How was reckoned, in plain words; both parties should know before they look at a figure."""
        rules = self.contract.measurement
        benefit = {"vendor": "the vendor", "customer": "the customer", "split": "both, by halves"}[rules.doubt]
        unknown = {"exclude": "left out", "up": "counted as up", "down": "counted as down"}[rules.unknown]
        excused = {"remove": "taken out of the service time", "up": "counted as up"}[rules.excused]
        return (
            self.say("Time between an ok and a fail reading is to the benefit of: {who}.").format(
                who=self.say(benefit)
            ),
            self.say("Time that nobody observed is {how}; the bounds say what it could have been.").format(
                how=self.say(unknown)
            ),
            self.say("Excused time (approved maintenance, accepted claims) is {how}.").format(how=self.say(excused)),
            self.say("Observation is unknown after a gap of more than {gap} intervals.").format(gap=rules.max_gap),
        )
