"""What a document that is not there yet can cost (docs/obligations.md §4, Range), and what is recorded late."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.support.clauses import clause, delivered, result
from tests.support.timelines import at, calendar, contract, evidence_of, judged

OFFICE = {"office": calendar("09:00-17:00", "workdays", "CN")}
D1 = {
    "due": 5,
    "calendar": "office",
    "grace": "3d",
    "deduct": {"per_missed": "1000", "per_day": "100"},
    "points": "10",
    "lose": {"per_missed": "4", "per_late": "1", "per_day": "2"},
}


def found(*records, as_of, month="2026-10", **keys):
    return result(contract(clause("report", **(D1 | keys)), calendars=OFFICE), "", records, month, as_of)


def money(judged):
    return judged.deduction, judged.least.deduction, judged.most.deduction


def test_a_pending_document_may_cost_the_dearer_of_missed_and_late():
    # September's is due on the fifth working day of October, the 13th; grace until 10-16 24:00
    pending = found(as_of="10-14 12:00")
    assert [item.verdict for item in pending.items] == ["pending"]
    assert money(pending) == (0, 0, Decimal("1000.00"))  # max(1000, 3 × 100)
    assert (pending.least.lost, pending.most.lost) == (0, Decimal(7))  # max(4, 1 + 3 × 2)
    missed = found(as_of="10-17 00:00")
    assert [item.verdict for item in missed.items] == ["missed"]
    assert money(missed) == (Decimal("1000.00"),) * 3


def test_without_grace_it_cannot_be_late():
    rule = {"per_missed": "10", "per_late": "500"}
    assert money(found(as_of="10-12 12:00", grace="0s", deduct=rule)) == (0, 0, Decimal("10.00"))


def test_the_most_is_capped_with_what_is_sure():
    # December owes the documents of November and, as January is after the term, its own
    rule = {"per_missed": "1000", "cap": "1500"}
    both = found(month="2026-12", as_of="12-20 00:00", deduct=rule)
    assert [item.verdict for item in both.items] == ["missed", "pending"]
    assert money(both) == (Decimal("1000.00"), Decimal("1000.00"), Decimal("1500.00"))


def test_a_period_that_has_not_begun_is_of_no_range():
    ahead = found(month="2026-12", as_of="10-31 23:00")
    assert [item.verdict for item in ahead.items] == ["pending", "pending"]
    assert (money(ahead), ahead.may_score) == ((0, 0, 0), False)


def test_what_is_pending_counts_in_the_score_of_the_range():
    clauses = (clause("report", **(D1 | {"lose": {"per_missed": "10"}, "deduct": None})),)
    what = contract(*clauses, calendars=OFFICE, bands=[(90, "A", "100%"), (0, "B", "50%")])
    payment = judged(what, evidence_of([]), "2026-10", "10-14 12:00").payment
    assert (payment.payable, payment.high) == (payment.fee, payment.fee)
    assert payment.low == payment.fee / 2
    assert found(as_of="10-14 12:00").may_score
    assert not found(as_of="10-17 00:00").may_score


def test_a_delivery_that_is_recorded_late_counts_at_its_instant_and_is_noted():
    late = replace(delivered("d", "2026-09", "10-12 09:00"), recorded_at=at("11-02 09:00"))
    what = contract(clause("report", **D1), calendars=OFFICE)
    judgement = judged(what, evidence_of([late]), "2026-10", "11-03 00:00")
    assert [item.verdict for item in judgement.obligations[0].items] == ["done"]
    assert {"note": "backdated", "ids": ["X1"]} in judgement.notes
    in_time = replace(late, recorded_at=at("10-31 24:00"))
    notes = judged(what, evidence_of([in_time]), "2026-10", "11-03 00:00").notes
    assert all(note["note"] != "backdated" for note in notes)
