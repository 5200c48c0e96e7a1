"""季度、年度汇总: the months' reports of a quarter or a year added up, as a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import NONE, percent
from sla.contract.calendars import local_day
from sla.reports.basis import Source
from sla.reports.layout.document import Boxes, Bullets, Document, Facts, Figure, Grid, Heading, Paragraph, Picture
from sla.reports.period.trend_chart import trend
from sla.reports.text.chinese_money import in_characters
from sla.reports.text.marks import marks_of, notes_text
from sla.reports.text.pen import Pen
from sla.reports.text.promises.registry import promised
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from config.text.i18n import Language
    from sla.judge.offenders import Offender
    from sla.judge.period import ClauseInPeriod, MonthPaid, PeriodResult
    from sla.reports.layout.document import Block, Cell

MOST_ROWS = 20
"""Of repeat offenders; JSON has all."""
_NOWHERE = Source()
_WORDS = ("met", "breached", "not_assessable", "not_applicable")


def period_document(result: PeriodResult, language: Language, source: Source = _NOWHERE) -> Document:
    """The paper; `source` is where the evidence was read, so that both parties sign the same figures."""
    pen = Pen(result.contract, language)
    is_year = len(result.period.months) > 3  # noqa: PLR2004 - months of a quarter
    title = pen.say("Yearly report on the service") if is_year else pen.say("Quarterly report on the service")
    contract = harmless(result.contract.contract)
    return Document(
        title=f"{title} {result.period.name}",
        subtitle=f"{contract} {harmless(result.contract.title)}",
        language=language,
        marks=_marks(result, pen),
        tone=result.verdict,
        blocks=tuple(_blocks(result, pen, source)),
        foot=tuple(text for text in (contract, result.period.name, source.short) if text),
        wide=True,
        dated=local_day(result.as_of, result.contract.timezone),
    )


def _blocks(result: PeriodResult, pen: Pen, source: Source) -> Iterator[Block]:
    facts = _facts(result, pen)
    if source.mark:
        name = {"ledger": "Head of the ledger", "evidence": "Mark of the evidence file"}[source.kind]
        facts.append((name, source.mark))
    yield Facts(tuple((pen.say(name), cell) for name, cell in facts))
    yield Heading(1, pen.say("1. Obligations over the whole period"))
    yield _obligations(result, pen)
    yield Heading(1, pen.say("2. Month by month"))
    yield _months(result, pen)
    trends = tuple(_trends(result, pen))
    yield Heading(1, pen.say("3. Trends"))
    yield from trends or (Paragraph(pen.say("Nothing was measured in two months or more."), "note"),)
    yield Heading(1, pen.say("4. What failed again and again"))
    yield _offenders(pen.say("Assets"), result.assets, pen)
    yield _offenders(pen.say("Checks"), result.checks, pen)
    yield Heading(1, pen.say("5. Payment sheet"))
    yield _payments(result, pen)
    yield _due(result, pen)
    yield Heading(1, pen.say("6. How was added up"))
    yield Bullets(_rules(pen))
    yield Heading(1, pen.say("7. Notes"))
    told = notes_text(result.notes, pen)
    yield Bullets(told) if told else Paragraph(pen.say("Nothing has to be noted."), "note")
    yield Boxes((pen.say("Customer (seal, signature, date)"), pen.say("Vendor (seal, signature, date)")))


def _marks(result: PeriodResult, pen: Pen) -> tuple[str, ...]:
    found = [*marks_of(result.notes, pen)]
    running = [each.month for each in result.payments if not each.is_over]
    if running:
        found.append(pen.say("Not over yet, so not final: {months}", months=", ".join(running)))
    if result.left_out:
        found.append(pen.say("Not begun yet, so not in it: {months}", months=", ".join(result.left_out)))
    return tuple(found)


def _facts(result: PeriodResult, pen: Pen) -> list[tuple[str, Cell]]:
    contract, score = result.contract, result.score
    return [
        ("Customer", harmless(contract.customer["name"])),
        ("Vendor", harmless(contract.vendor["name"])),
        ("Months", ", ".join(each.month for each in result.payments)),
        ("Judged with what was known at", f"{pen.moment(result.as_of)} {contract.timezone}"),
        ("Verdict", pen.verdict(result.verdict)),
        ("Mean score of the months", NONE if score is None else Figure(text=str(score), value=score)),
        ("Incidents", pen.count(result.faults)),
        ("Payable", _money(result.sums.payable, pen)),
        ("Still due", f"{_money(result.sums.due, pen).text}  {in_characters(result.sums.due)}"),
    ]


def _money(amount: Decimal, pen: Pen) -> Figure:
    return Figure(text=f"{amount:,} {pen.currency}", value=amount, form="money")


def _obligations(result: PeriodResult, pen: Pen) -> Grid:
    names = ("Clause", "Obligation", "Promised", "All months together", "Lower bound", "Upper bound", "Coverage")
    more = ("Months met", "Months breached", "Months not assessable", "Deduction", "Points lost")
    rows: list[tuple[Cell, ...]] = [_obligation(each, pen) for each in result.clauses]
    if rows:
        rows.append((pen.say("Together"), *("",) * 9, pen.money(result.deduction, formula="SUM"), ""))
    return Grid(
        columns=pen.columns(*names, *more),
        rows=tuple(rows),
        tones=(*(each.worst or "" for each in result.clauses), *([""] if rows else [])),
        right=frozenset({3, 4, 5, 6, 7, 8, 9, 10, 11}),
        widths=(6, 18, 18, 9, 9, 9, 9, 7, 7, 8, 10, 8),
        total=bool(rows),
        wide=True,
        note=pen.say("Deductions by clause are before the month's cap; the payment sheet has them after it."),
    )


def _obligation(clause: ClauseInPeriod, pen: Pen) -> tuple[Cell, ...]:
    obligation, pooled = clause.obligation, clause.pooled
    lost = f"{pen.points(clause.lost).text}/{pen.points(clause.points).text}" if obligation.points else NONE
    return (
        harmless(obligation.clause),
        harmless(f"{obligation.id} {obligation.title}"),
        promised(obligation, pen),
        pen.share(pooled.value),
        pen.share(pooled.low),
        pen.share(pooled.high, up=True),
        pen.share(pooled.coverage),
        *(pen.count(clause.verdicts.get(word, 0)) for word in _WORDS[:3]),
        pen.money(clause.deduction),
        lost,
    )


def _months(result: PeriodResult, pen: Pen) -> Grid:
    """Clauses down, months across: the value, and the verdict where it is not met."""
    rows: list[tuple[Cell, ...]] = []
    for clause in result.clauses:
        cells: list[Cell] = [harmless(f"{clause.obligation.id} {clause.obligation.title}")]
        for each in clause.results:
            said = "" if each.verdict == "met" else pen.verdict(each.verdict)
            cells.append(
                " ".join(text for text in (percent(each.value) if each.value is not None else "", said) if text)
            )
        rows.append(tuple(cells))
    rows.append((pen.say("Incidents"), *(pen.count(each.faults) for each in result.judgements)))
    rows.append((pen.say("Score"), *(_score(each) for each in result.payments)))
    rows.append((pen.say("Deductions"), *(pen.money(each.deductions) for each in result.payments)))
    rows.append((pen.say("Payable"), *(pen.money(each.payable) for each in result.payments)))
    count = len(result.judgements)
    return Grid(
        columns=(pen.say("Obligation"), *(each.month for each in result.judgements)),
        rows=tuple(rows),
        right=frozenset(range(1, count + 1)),
        widths=(24, *(8,) * count),
        wide=True,
    )


def _score(paid: MonthPaid) -> Cell:
    if paid.score is None:
        return NONE
    grade = "" if paid.grade is None else f" {harmless(paid.grade)}"
    return Figure(text=f"{paid.score}{grade}", value=paid.score)


def _trends(result: PeriodResult, pen: Pen) -> Iterator[Picture]:
    """A chart for each clause that was measured in at least two months."""
    for clause in result.clauses:
        obligation = clause.obligation
        if sum(each.value is not None for each in clause.results) > 1:
            told = ", ".join(
                f"{judgement.month} {percent(each.value)}"
                for judgement, each in zip(result.judgements, clause.results, strict=True)
            )
            yield Picture(
                title=harmless(f"{obligation.id} {obligation.title}"),
                svg=trend(clause, [each.month for each in result.judgements], promised(obligation, pen)),
                words=told,
            )


def _offenders(title: str, found: tuple[Offender, ...], pen: Pen) -> Grid:
    names = ("Name", "Incidents", "Blips", "Too late", "Overtime", "Down", "Deduction")
    shown = found[:MOST_ROWS]
    left = len(found) - len(shown)
    return Grid(
        title=title,
        columns=pen.columns(*names),
        rows=tuple(
            (
                harmless(f"{each.id} {each.name}" if each.name not in ("", each.id) else each.id),
                *(pen.count(number) for number in (each.incidents, each.blips, each.late)),
                pen.span(each.overtime),
                NONE if each.down is None else pen.span(each.down),
                pen.money(each.deduction),
            )
            for each in shown
        ),
        right=frozenset({1, 2, 3, 4, 5, 6}),
        widths=(30, 8, 8, 8, 14, 14, 12),
        note=pen.say("{count} more rows are in the JSON form", count=left) if left else "",
    )


def _payments(result: PeriodResult, pen: Pen) -> Grid:
    names = (
        "Month",
        "Score",
        "Monthly fee",
        "Earned",
        "Deductions",
        "Payable",
        "Signed for",
        "Signed at",
        "Still open",
    )
    rows: list[tuple[Cell, ...]] = [_paid(each, pen) for each in result.payments]
    sums = result.sums
    rows.append(
        (
            pen.say("Together"),
            "",
            *(pen.money(each, formula="SUM") for each in (sums.fee, sums.earned, sums.deductions, sums.payable)),
            pen.money(sums.signed, formula="SUM"),
            "",
            pen.money(sums.open, "open", "SUM"),
        )
    )
    return Grid(
        title=f"{pen.say('Payment sheet')} ({pen.currency})",
        columns=pen.columns(*names),
        rows=tuple(rows),
        right=frozenset({1, 2, 3, 4, 5, 6, 8}),
        total=True,
        wide=True,
    )


def _paid(paid: MonthPaid, pen: Pen) -> tuple[Cell, ...]:
    signed: Cell = NONE if paid.settled is None else pen.money(paid.signed)
    return (
        paid.month,
        _score(paid),
        *(pen.money(each) for each in (paid.fee, paid.earned, paid.deductions, paid.payable)),
        signed,
        pen.say("not signed") if paid.settled is None else pen.at(paid.settled.at),
        pen.money(paid.open),
    )


def _due(result: PeriodResult, pen: Pen) -> Facts:
    sums = result.sums
    return Facts(
        (
            (pen.say("Carried from months signed before"), _money(sums.carried, pen)),
            (pen.say("Open from this period"), _money(sums.open, pen)),
            (pen.say("Still due"), _money(sums.due, pen)),
            (pen.say("Still due, in characters"), in_characters(sums.due)),
        )
    )


def _rules(pen: Pen) -> tuple[str, ...]:
    return (
        pen.say("Each month is judged once, by the same rules and to the same figures as its own report as of then."),
        pen.say(
            "All months together: the clause's own formula over the times and items of all"
            " months; it decides nothing."
        ),
        pen.say(
            "Payable is the sum of the months. Still due = carried + payable − signed for; a"
            " signed month is not paid twice."
        ),
        pen.say("An incident that touches several months is listed in each of them and counted once here."),
        pen.say(
            "Overtime is working time beyond the limit, over all repair clauses; down time that"
            " of the clause with most."
        ),
    )
