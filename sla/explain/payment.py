"""Score and payment of a month step by step (SPEC §9)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sla.contract.calendars import months_between
from sla.contract.fees import fee_change, monthly_fee
from sla.explain.causes import cause_text
from sla.explain.clause_steps import item_word
from sla.explain.model import Amount, Name, Number, Row, Section, Share, Step, rows_of, say, step, verdict_word
from sla.judge.payment import is_scored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.explain.model import Statement, Value
    from sla.judge.judgement import ChangedItem, Judgement
    from sla.obligations.result import AnyResult, Item

MOST_ROWS = 200


def sections(judgement: Judgement) -> tuple[Section, ...]:
    """What the month's results mean in points and in money."""
    steps = (
        *_score(judgement),
        *_fee(judgement),
        *_deductions(judgement),
        _payable(judgement),
        _range(judgement),
        *_adjustment(judgement),
        _due(judgement),
    )
    return (Section(title=say("Payment of {month}", month=Name(judgement.month)), steps=steps),)


def points_steps(result: AnyResult) -> Iterator[Step]:
    """What the obligation loses of its points, where it has any."""
    points = result.obligation.points
    if points is not None:
        values: dict[str, Value] = {"lost": Amount(result.lost), "points": Amount(points)}
        yield step("§9", say("It loses {lost} of its {points} points.", **values))


def _score(judgement: Judgement) -> Iterator[Step]:
    scored = [result for result in judgement.obligations if result.obligation.points]
    if not scored:
        return
    rows: list[Row] = [
        (
            Name(each.obligation.id),
            Amount(each.obligation.points or Decimal(0)),
            Amount(each.lost),
            verdict_word(each.verdict),
            say("yes") if is_scored(judgement.contract, each) else say("drops out"),
        )
        for each in scored
    ]
    columns = (say("Obligation"), say("Points"), say("Points lost"), say("Verdict"), say("Counts"))
    table = rows_of(columns, rows, MOST_ROWS)
    if judgement.score is None:
        yield step("§9 score", say("No obligation with points could be judged: no score."), table)
        return
    statement = say(
        "score = 100 × (Σ points − Σ lost) / Σ points = 100 × ({total} − {lost}) / {total} = {score}.",
        total=Amount(judgement.score.total),
        lost=Amount(judgement.score.lost),
        score=Amount(judgement.score.points),
    )
    yield step("§9 score", statement, table)
    values: dict[str, Value] = {"grade": Name(judgement.score.grade or "–"), "pay": Share(judgement.score.pay)}
    if judgement.score.grade is None:
        yield step("§9 band", say("No band is reached: {pay} of the fee.", **values))
    else:
        yield step("§9 band", say("The highest band reached is {grade}: {pay} of the fee.", **values))


def _fee(judgement: Judgement) -> Iterator[Step]:
    contract, payment = judgement.contract, judgement.payment
    yield step("§9 fee", _fee_of_month(judgement))
    values: dict[str, Value] = {"fee": Amount(payment.fee), "earned": Amount(payment.earned)}
    score = judgement.score
    if score is None or not contract.bands:
        yield step("§9 earned", say("Without bands or score the whole fee is earned: {earned}.", **values))
    else:
        values["pay"] = Share(score.pay)
        yield step("§9 earned", say("earned = {fee} × {pay} = {earned}.", **values))


def _fee_of_month(judgement: Judgement) -> Statement:
    contract, month = judgement.contract, judgement.month
    months = months_between(contract.term.first, contract.term.last)
    values: dict[str, Value] = {"fee": Amount(judgement.payment.fee), "month": Name(month)}
    change = fee_change(contract.fee, month)
    if month not in months:
        return say("{month} lies outside the term: fee {fee}.", **values)
    if change is not None:
        return say("From {begins} on a month costs {fee}.", begins=Name(change.begins), **values)
    if contract.fee.total is None:
        return say("A month costs {fee}.", **values)
    values["total"] = Amount(contract.fee.total)
    if month == months[-1]:
        values |= {"each": Amount(monthly_fee(contract, months[0])), "others": Number(len(months) - 1)}
        return say("The last month takes the rest: {total} − {others} × {each} = {fee}.", **values)
    values["months"] = Number(len(months))
    return say("{total} / {months} months, rounded down to the cent: fee {fee}.", **values)


def _deductions(judgement: Judgement) -> Iterator[Step]:
    contract, payment = judgement.contract, judgement.payment
    rows: list[Row] = [
        (Name(each.obligation.id), Name(each.obligation.title), Amount(each.deduction))
        for each in judgement.obligations
    ]
    values: dict[str, Value] = {"sum": Amount(payment.summed), "deductions": Amount(payment.deductions)}
    table = rows_of((say("Obligation"), say("Title"), say("Deduction")), rows, MOST_ROWS)
    cap = contract.fee.deduction_cap
    if cap is None or payment.cap is None:
        yield step("§9 deductions", say("Deductions together: {deductions}.", **values), table)
        return
    values |= {"cap": Share(cap), "fee": Amount(payment.fee), "most": Amount(payment.cap)}
    statement = say("Deductions together {sum}, at most {cap} × {fee} = {most}: {deductions}.", **values)
    yield step("§9 deduction_cap", statement, table)


def _payable(judgement: Judgement) -> Step:
    payment = judgement.payment
    values: dict[str, Value] = {
        "earned": Amount(payment.earned),
        "deductions": Amount(payment.deductions),
        "payable": Amount(payment.payable),
    }
    return step("§9 payable", say("payable = {earned} − {deductions}, never below 0 = {payable}.", **values))


def range_step(result: AnyResult) -> Step:
    """What the obligation would cost had all that nobody saw gone well, and badly."""
    least, most = result.least, result.most
    values: dict[str, Value] = {"least": Amount(least.deduction), "most": Amount(most.deduction)}
    if result.obligation.points is None or least.lost == most.lost:
        statement = say("Whatever happened unseen, it costs at least {least} and at most {most}.", **values)
    else:
        values |= {"few": Amount(least.lost), "many": Amount(most.lost)}
        statement = say(
            "Whatever happened unseen, it costs at least {least} and at most {most}, and {few} to {many} points.",
            **values,
        )
    return step("§9 range", statement)


def _range(judgement: Judgement) -> Step:
    payment = judgement.payment
    values: dict[str, Value] = {"low": Amount(payment.low), "high": Amount(payment.high)}
    if payment.low == payment.high:
        return step("§9 range", say("Nothing that nobody saw could change that: low = high = {low}.", **values))
    rows: list[Row] = [
        (
            Name(each.obligation.id),
            Amount(each.least.deduction),
            Amount(each.deduction),
            Amount(each.most.deduction),
            Amount(each.least.lost),
            Amount(each.lost),
            Amount(each.most.lost),
        )
        for each in judgement.obligations
    ]
    columns = (
        say("Obligation"),
        say("Deducts at least"),
        say("Deduction"),
        say("Deducts at most"),
        say("Loses at least"),
        say("Points lost"),
        say("Loses at most"),
    )
    statement = say(
        "What nobody saw could be worth money: with the most of each obligation payable is low = {low}, with the "
        "least high = {high}; the score leaves out only what does not apply.",
        **values,
    )
    return step("§9 range", statement, rows_of(columns, rows, MOST_ROWS))


def _adjustment(judgement: Judgement) -> Iterator[Step]:
    if not judgement.adjustments:
        yield step("§9", say("No earlier month was settled: no adjustment."))
        return
    rows: list[Row] = [
        (Name(each.month), Amount(each.payable), Amount(each.settled), Amount(each.difference))
        for each in judgement.adjustments
    ]
    columns = (say("Month"), say("Computed again"), say("As settled"), say("Difference"))
    statement = say(
        "adjustment = Σ payable, computed again now, − Σ (payable + adjustment) as settled = {adjustment}.",
        adjustment=Amount(judgement.payment.adjustment),
    )
    yield step("§9 settlement", statement, rows_of(columns, rows, MOST_ROWS))
    changed = [row for each in judgement.adjustments for item in each.items for row in _changed(each.month, item)]
    if changed:
        names = (say("Month"), say("Obligation"), say("Item"), say("Then"), say("Now"), say("What changed it"))
        yield step("§9", say("The items that changed since they were settled."), rows_of(names, changed, MOST_ROWS))
    for each in judgement.adjustments:
        if each.unexplained is not None:
            told: dict[str, Value] = {"month": Name(each.month), "settled": Amount(each.signed.payable)}
            statement = say("The evidence of then already came to another amount than {settled} of {month}.", **told)
            yield step("§9", statement, rows_of((say("What changed it"),), [(cause_text(each.unexplained),)], 1))


def _changed(month: str, item: ChangedItem) -> Iterator[Row]:
    """A row for each cause; the second and later ones say the cause alone."""
    named: Row = (Name(month), Name(item.obligation), Name(item.item) if item.item else say("as a whole"))
    for number, cause in enumerate(item.causes):
        if number == 0:
            yield (*named, _state(item.then), _state(item.now), cause_text(cause))
        else:
            yield (*named, Name(""), Name(""), cause_text(cause))


def _state(one: AnyResult | Item | None) -> Value | Statement:
    """What it came to: the verdict, and the money where it has any."""
    if one is None:
        return Name("–")
    amount = getattr(one, "deduction", None)
    if amount is None:
        return item_word(one.verdict)
    return say("{verdict}, {deduction}", verdict=item_word(one.verdict), deduction=Amount(amount))


def _due(judgement: Judgement) -> Step:
    payment = judgement.payment
    values: dict[str, Value] = {
        "payable": Amount(payment.payable),
        "adjustment": Amount(payment.adjustment),
        "due": Amount(payment.due),
    }
    return step("§9 due", say("due = payable {payable} + adjustment {adjustment} = {due}.", **values))
