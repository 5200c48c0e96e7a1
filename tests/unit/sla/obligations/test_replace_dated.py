"""Replace clauses while assets come and go, and what is taken back (docs/obligations.md §0, §5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sla.evidence.records import Corrected
from tests.support.clauses import clause, diagnosed, replaced, result
from tests.support.timelines import DAY, at, contract, evidence_of, judged, records

UNITS = {"per_started": "1d", "amount": "50"}
X1 = diagnosed("x1", "cam", "10-02 10:00")
CAM = "asset cam camera\n"
GONE = CAM + "asset cam camera from=2026-10-01T00:00 to=2026-10-10T00:00\n"


def found(said, *more, month="2026-10", as_of=None, valid=None, **keys):
    keys = {"limit": "15d", "deduct": UNITS} | keys
    if valid is not None:
        keys["valid"] = valid
    return result(contract(clause("replace", **keys)), said, [X1, *more], month, as_of)


def told(judged):
    return [(item.diagnosis, item.verdict, item.decided) for item in judged.items]


def test_the_worked_example_costs_four_started_days():
    judged = found(CAM, diagnosed("x2", "cam", "10-01 10:00"), as_of="10-20 10:00")
    second = next(item for item in judged.items if item.diagnosis == "x2")
    assert second.elapsed == 19 * DAY
    assert second.deduction == Decimal("200.00")  # units 0 to 3, reached on 10-16 to 10-19 at 10:00
    assert judged.least == judged.most == (judged.deduction, judged.lost)


def test_what_leaves_before_its_limit_is_over_no_longer_applies():
    judged = found(GONE)
    assert (judged.verdict, told(judged)) == ("not_applicable", [("x1", "not_applicable", at("10-10 00:00"))])
    assert told(found(GONE, as_of="10-09 12:00")) == [("x1", "pending", None)]
    assert told(found(GONE, month="2026-11")) == []


def test_what_was_swapped_first_or_was_late_already_is_judged():
    assert told(found(GONE, replaced("x1", "10-09 10:00"))) == [("x1", "met", at("10-09 10:00"))]
    assert told(found(GONE, limit="5d")) == [("x1", "breached", at("10-07 10:00"))]


def test_while_out_of_service_no_time_runs_and_what_is_back_goes_on():
    # out from the 10th to the 20th: 15 days of service after 10-02 10:00 end on 10-27 10:00
    back = GONE + "asset cam camera from=2026-10-20T00:00\n"
    judged = found(back, replaced("x1", "10-27 10:00"))
    assert told(judged) == [("x1", "met", at("10-27 10:00"))]
    assert judged.items[0].elapsed == 15 * DAY


def test_the_end_of_the_clause_s_own_term_ends_it():
    judged = found(CAM, valid={"to": date(2026, 10, 15)})
    assert told(judged) == [("x1", "not_applicable", at("10-15 24:00"))]
    # one that was late by then costs its days of the term, whatever happens later
    late = found(CAM, valid={"to": date(2026, 10, 20)})
    assert (told(late), late.deduction) == ([("x1", "breached", at("10-17 10:00"))], Decimal("200.00"))


def test_of_an_asset_that_was_not_in_scope_then_nothing_is_asked():
    later = "asset cam link\nasset cam camera from=2026-10-03T00:00\n"
    assert told(found(later, scope={"kind": "camera"})) == []
    assert [name for name, *_ in told(found(later, scope={"kind": "link"}))] == ["x1"]


def test_a_diagnosis_that_is_taken_back_is_none_and_its_swap_counts_for_nothing():
    swap = replaced("x1", "10-30 10:00")
    back = Corrected(of={"type": "diagnosed", "id": "x1"}, by="甲", at=at("10-31 09:00"), reason="误报")
    assert [name for name, *_ in told(found(CAM, swap))] == ["x1"]
    assert told(found(CAM, swap, back)) == []
    no_swap = Corrected(of={"type": "replaced", "diagnosis": "x1"}, by="甲", at=at("10-31 09:00"), reason="误记")
    assert found(CAM, swap, no_swap, as_of="10-31 10:00").items[0].done is None


def test_an_asset_is_named_by_its_newest_id_and_what_was_recorded_late_is_noted():
    said = "asset old camera\nasset cam camera from=2026-10-20T00:00 replaces=old\n"
    early = replace(diagnosed("x1", "old", "10-02 10:00"), recorded_at=at("11-02 09:00"))
    what = contract(clause("replace", limit="15d", deduct=UNITS))
    judgement = judged(what, evidence_of([*records(said), early]), "2026-10", "11-03 00:00")
    (item,) = judgement.obligations[0].items
    assert (item.asset, item.verdict) == ("cam", "breached")
    assert {"note": "backdated", "ids": ["cam"]} in judgement.notes
