"""What a score that nobody gave can cost (docs/obligations.md §6, Range)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.support.clauses import clause, result, scored
from tests.support.timelines import at, contract, evidence_of, judged

M1 = {
    "every": "quarter",
    "target": "90%",
    "grace": "15d",
    "points": "10",
    "lose": {"per": "1%", "amount": "0.5"},
    "deduct": {"per": "1%", "amount": "7", "cap": "500"},
}


def found(*records, as_of, month="2026-12", **keys):
    return result(contract(clause("manual", **(M1 | keys))), "", records, month, as_of)


def test_without_a_score_it_may_be_anything_from_the_target_to_nothing():
    judged = found(as_of="2027-01-16 00:00")
    assert (judged.verdict, judged.lost) == ("not_assessable", 0)
    # 90 steps × 0.5 = 45, at most the clause's 10 points; 90 × 7 = 630, at most 500
    assert (judged.least, judged.most) == ((0, 0), (Decimal("500.00"), Decimal(10)))
    pending = found(as_of="2027-01-15 23:59")
    assert (pending.verdict, pending.may_score) == ("not_applicable", True)
    assert (pending.least, pending.most) == (judged.least, judged.most)


def test_a_quarter_that_has_not_begun_is_of_no_range():
    ahead = found(as_of="09-30 12:00")
    assert [item.verdict for item in ahead.items] == ["pending"]
    assert (ahead.least, ahead.most, ahead.may_score) == ((0, 0), (0, 0), False)
    assert found(as_of="10-01 00:00").may_score


def test_with_a_score_nothing_is_unknown():
    judged = found(scored("2026-12", "80", "2027-01-04 09:00"), as_of="2027-02-01 00:00")
    assert judged.least == judged.most == (Decimal("70.00"), Decimal(5))
    met = found(scored("2026-12", "90", "2027-01-04 09:00"), as_of="2027-02-01 00:00")
    assert met.least == met.most == (0, 0)


def test_the_range_of_the_score_holds_what_the_person_may_yet_say():
    # the other 90 points got 85: 94.44 without the clause, 95.00 if it is met, 85.00 if it is scored 0
    other = clause("manual", id="M2", target="90%", points="90", lose={"amount_each": "5"})
    bands = [(95, "A", "100%"), (90, "B", "90%"), (0, "C", "80%")]
    what = contract(clause("manual", **(M1 | {"deduct": None})), other, bands=bands)
    given = evidence_of([scored("2026-12", "10", "2027-01-04 09:00", plan="M2")])
    judgement = judged(what, given, "2026-12", "2027-02-01 00:00")
    assert judgement.score.points == Decimal("94.44")
    payment = judgement.payment
    fee = payment.fee
    assert (payment.payable, payment.high, payment.low) == (fee * 9 / 10, fee, fee * 8 / 10)


def test_of_several_scores_the_one_recorded_last_stands():
    early = replace(scored("2026-12", "95", "2027-01-04 09:00"), recorded_at=at("2027-01-08 09:00"))
    late = scored("2026-12", "50", "2027-01-06 09:00")
    judged = found(early, late, as_of="2027-02-01 00:00")
    assert (judged.verdict, judged.items[0].score, judged.items[0].replaced) == ("met", Decimal(95), 1)
