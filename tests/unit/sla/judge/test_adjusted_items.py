"""A signed month whose items of the further kinds come to something else later (SPEC §9, docs/obligations.md)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from sla.contract.losses import ShortfallLoss
from sla.evidence.records import Diagnosed
from sla.measure.charges import summed
from sla.measure.ratios import shortfall_charges
from tests.support.clauses import clause, delivered, diagnosed, readings, replaced, scored
from tests.support.timelines import at, contract, evidence_of, judged, records

SAID = """
asset cam camera
check cam/icmp 1h critical
settled 2026-10 10000.00 0.00 11-02 09:00
claim c1 cam 10-04 00:00 10-06 00:00 power said 10-07 09:00 accepted 11-03 09:00
"""
"""The claim is ruled on after both parties signed."""

CLAUSES = (
    clause("quality", id="Q1", metric="rtt_ms", at_most=20, share="100%"),
    clause("repeat", id="F1", within="30d", repeats=0),
    clause("online", id="O1", at="08:00", target="98%"),
    clause("report", id="D1", due=5),
    clause("replace", id="S1", limit="1d", deduct={"per_breach": "50"}),
    clause("manual", id="M1", target="90%"),
)


def november(*more, clauses=CLAUSES):
    # ok but for one hour on the 2nd and, excused later, one on the 5th at 08:00; slow on the 5th at 12:00
    day = "10*24"
    text = " ".join([day, "10*8 fail 10*15", day, day, "10*8 fail 10*3 99 10*11", *[day] * 27])
    known = [*records(SAID), *readings("cam/icmp", "rtt_ms", "10-01 00:00", "1h", text), *more]
    found = judged(contract(*clauses, term="2026-09-01 2026-12-31"), evidence_of(known), "2026-11", "11-30 24:00")
    (adjustment,) = found.adjustments
    return found, {(each.obligation, each.item): (each.before, each.after) for each in adjustment.items}


def test_every_item_that_changed_is_told_with_what_it_was():
    diagnosis = diagnosed("x1", "cam", "10-04 12:00")
    _, changed = november(diagnosis, replaced("x1", "10-06 11:00"), scored("2026-10", "95", "11-01 09:00", plan="M1"),
                          scored("2026-10", "80", "11-05 09:00", plan="M1"))  # fmt: skip
    # 744 hours: two failed; the last but one was slow; then 2 days are excused, the slow hour among them
    assert changed["Q1", "cam"] == ("breached 741/742", "met 695/695")
    assert changed["F1", "cam/icmp"] == ("breached 2 incidents, 1 too many", "met 1 incidents, 0 too many")
    assert changed["O1", "2026-10-05"] == ("not_applicable up 0 down 0 changing 1 unknown 0", None)
    # 47 hours, of which 36 are excused now
    assert changed["S1", "x1"] == ("breached 50.00", "met 0.00")
    assert changed["M1", "2026-10"] == ("met 95/100", "breached 80/100")
    assert ("D1", "2026-09") not in changed


def test_a_document_s_record_that_comes_late_changes_what_was_missed_only_if_it_says_an_earlier_instant():
    late = delivered("d1", "2026-09", "11-10 09:00", plan="D1")
    assert ("D1", "2026-09") not in november(late)[1]  # still missed: it came in November
    # said on the 4th of October, known to whoever judged then too: nothing changed since
    found, changed = november(delivered("d1", "2026-09", "10-04 09:00", plan="D1"))
    assert ("D1", "2026-09") not in changed
    assert found.obligations[3].items[0].summary == "missed"  # November's own: the document about October


def test_a_score_that_was_wanting_is_told_as_such():
    _, changed = november(scored("2026-10", "95", "11-05 09:00", plan="M1"))
    assert changed["M1", "2026-10"] == ("not_assessable", "met 95/100")


def test_two_months_reports_bill_a_late_swap_once_after_settlement():
    # due on 10-29 12:00, swapped on 11-03 12:00: five days late, three of them October's (29th, 30th, 31st at noon)
    rule = {"per_started": "1d", "amount": "50"}
    clauses = (clause("replace", id="S1", limit="1d", deduct=rule),)
    diagnosis = Diagnosed(id="x1", asset="cam", at=at("10-28 12:00"))
    found, changed = november(diagnosis, replaced("x1", "11-03 12:00"), clauses=clauses)
    assert ("S1", "x1") not in changed  # whoever signed on 11-02 knew of those three
    assert found.obligations[0].deduction == Decimal("100.00")
    # October was signed at 10,000.00 and comes to 9,850.00: 30,000 a quarter of the fee of 120,000 over four months
    assert found.payment.fee == Decimal("30000.00")
    assert found.payment.adjustment == Decimal("29850.00") - Decimal("10000.00")


def test_a_rule_without_any_amount_takes_nothing():
    assert summed(shortfall_charges(ShortfallLoss(), Fraction(1), [("", Fraction(1, 2))])) == 0
