"""What the parties sign first: cover, conclusion with figures and 大写, one row for every obligation."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from config.text.figures import NONE
from sla.reports.layout.document import Block, Cell, Facts, Figure, Grid, Heading, Paragraph
from sla.reports.text.chinese_money import in_characters
from sla.reports.text.promises.registry import promised
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.obligations.result import AnyResult
    from sla.reports.monthly.context import MonthlyContext

_COUNTED = ("met", "breached", "not_assessable", "not_applicable")


def cover(context: MonthlyContext) -> Facts:
    """Contract and parties."""
    pen, contract = context.pen, context.pen.contract
    pairs: list[tuple[str, Cell]] = [
        ("Contract No.", harmless(contract.contract)),
        ("Project", harmless(contract.title)),
        ("Month", context.judgement.month),
        ("Customer", harmless(contract.customer["name"])),
        ("Vendor", harmless(contract.vendor["name"])),
        ("Term", f"{contract.term.first.isoformat()} – {contract.term.last.isoformat()}"),
        ("Judged with what was known at", f"{pen.moment(context.judgement.as_of)} {contract.timezone}"),
    ]
    if context.source.mark:
        name = {"ledger": "Head of the ledger", "evidence": "Mark of the evidence file"}[context.source.kind]
        pairs.append((name, context.source.mark))
    return Facts(tuple((pen.say(name), cell) for name, cell in pairs))


def conclusion(context: MonthlyContext) -> Iterator[Block]:
    """The verdict, the score and the money."""
    pen, judgement = context.pen, context.judgement
    yield Heading(1, pen.say("1. Conclusion"), "conclusion")
    told = pen.joined(f"{pen.verdict(word)} {judgement.verdicts[word]}" for word in _COUNTED)
    yield Paragraph(
        pen.say("{count} obligations were examined one by one: {told}.", count=len(judgement.obligations), told=told)
    )
    if not judgement.is_over:
        yield Paragraph(
            pen.say("The month was not over when this was judged: figures and verdicts are provisional."), "mark"
        )
    score = judgement.score
    yield Facts(
        (
            (pen.say("Verdict"), pen.verdict(judgement.verdict)),
            (pen.say("Score"), NONE if score is None else Figure(text=str(score.points), value=score.points)),
            (pen.say("Grade"), NONE if score is None or score.grade is None else harmless(score.grade)),
            (pen.say("Due"), f"{judgement.payment.due:,} {pen.currency}"),
            (pen.say("Due in characters"), characters(judgement.payment.due, pen.contract.fee.currency)),
        )
    )
    yield _money(context)
    yield Paragraph(
        pen.say("The verdict says whether clauses were kept; the grade belongs to the score alone."), "note"
    )


def characters(amount: Decimal, currency: str) -> str:
    """大写, with 人民币 before renminbi."""
    return ("人民币" if currency == "CNY" else "") + in_characters(amount)


def _money(context: MonthlyContext) -> Grid:
    pen, paid, score, contract = context.pen, context.judgement.payment, context.judgement.score, context.pen.contract
    rows: list[tuple[str, Figure]] = [("Monthly fee", pen.money(paid.fee, "fee"))]
    if score is not None and contract.bands:
        share = pen.share(score.pay)
        if isinstance(share, Figure):
            named = Figure(text=share.text, value=share.value, form="share", name="pay")
            rows.append(("Share of the fee by score", named))
        earned = pen.money(paid.earned, "earned", "ROUND({fee}*{pay},2)")
    else:
        earned = pen.money(paid.earned, "earned", "{fee}")
    rows += [("Earned", earned), ("Deductions of all obligations", pen.money(paid.summed, "summed"))]
    capped = "{summed}"
    if paid.cap is not None:
        rows.append(("Cap on deductions", pen.money(paid.cap, "cap")))
        capped = "MIN({summed},{cap})"
    rows += [
        ("Deductions", pen.money(paid.deductions, "deductions", capped)),
        ("Payable", pen.money(paid.payable, "payable", "MAX({earned}-{deductions},0)")),
        ("Payable at least, had all that is unseen gone badly", pen.money(paid.low, "low")),
        ("Payable at most, had all that is unseen gone well", pen.money(paid.high, "high")),
        ("Adjustment of earlier months", pen.money(paid.adjustment, "adjustment")),
        ("Due", pen.money(paid.due, "due", "{payable}+{adjustment}")),
    ]
    return Grid(
        title=pen.say("Payment"),
        columns=(pen.say("Item"), pen.say("Amount, {currency}", currency=pen.currency), pen.say("In characters")),
        rows=tuple((pen.say(name), figure, _in_characters(figure, contract.fee.currency)) for name, figure in rows),
        right=frozenset({1}),
        widths=(30, 20, 50),
        total=True,
    )


def _in_characters(figure: Figure, currency: str) -> str:
    return characters(figure.value, currency) if figure.form == "money" and isinstance(figure.value, Decimal) else ""


def overview(context: MonthlyContext) -> Iterator[Block]:
    """One row for every obligation."""
    pen, judgement = context.pen, context.judgement
    yield Heading(1, pen.say("2. Obligations one by one"), "obligations")
    rows = [_obligation(each, context) for each in judgement.obligations]
    rows.append((pen.say("Together"), *("",) * 7, pen.money(judgement.payment.summed, formula="SUM"), ""))
    yield Grid(
        columns=pen.columns(
            "Clause", "Obligation", "Promised", "Measured", "Lower bound", "Upper bound", "Coverage", "Verdict",
            "Deduction", "Points lost",
        ),
        rows=tuple(rows),
        tones=(*(each.verdict for each in judgement.obligations), ""),
        right=frozenset({3, 4, 5, 6, 8, 9}),
        widths=(8, 20, 20, 9, 9, 9, 9, 12, 11, 9),
        total=True,
        wide=True,
    )  # fmt: skip


def _obligation(result: AnyResult, context: MonthlyContext) -> tuple[Cell, ...]:
    pen, clause = context.pen, result.obligation
    return (
        harmless(clause.clause),
        harmless(f"{clause.id} {clause.title}"),
        promised(clause, pen),
        pen.share(result.value),
        pen.share(result.low),
        pen.share(result.high, up=True),
        pen.share(result.coverage),
        pen.verdict(result.verdict, is_certain=result.certain),
        pen.money(result.deduction),
        pen.lost(result),
    )
