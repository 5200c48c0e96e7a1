"""The same evidence under another contract: matched by id, before settlement, within a term that holds the month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sla.judge.what_if import what_if
from sla.reports.text.what_if_text import document_of, to_json
from tests.support.reports.columns import column
from tests.support.timelines import at, availability, calendar, contract, evidence, repair

OUTAGE = """
    asset cam camera
    check cam/icmp 10m critical reach
    cam/icmp 10-01 00:00 ok 10-02 08:00 fail 12:00 ok 10-03 00:00
"""


def compared(one, other, said=OUTAGE, month="2026-10", as_of="10-03 00:00"):
    return what_if(one, other, evidence(said), month, at(as_of))


def by_id(found):
    return {each.id: each for each in found.obligations}


def test_obligations_are_matched_by_id_and_told_apart():
    old = contract(availability("99%"), repair("4h", id="R1"), repair("8h", id="R3"))
    new = contract(availability("90%"), repair("4h", id="R1"), repair("1h", id="R2"))
    changes = {name: each.change for name, each in by_id(compared(old, new)).items()}
    assert changes == {"A1": "changed", "R1": "same", "R3": "removed", "R2": "added"}


def test_the_same_value_is_met_under_a_lower_target():
    # 48 h of service, down from 08:00 to 11:50 (fails), changing twice 10 min in the vendor's favour:
    # value = (48 h − 3 h 50 min) / 48 h = 2650 / 2880 = 92.01 %
    found = by_id(compared(contract(availability("99%")), contract(availability("90%"))))["A1"]
    assert found.before.value == found.after.value
    assert (found.before.verdict, found.after.verdict) == ("breached", "met")


def test_a_contract_beside_itself_differs_in_nothing():
    what = contract(availability("99%", deduct={"per": "1%", "amount": "10"}), repair("1h"))
    found = compared(what, what)
    assert found.rules == ()
    assert {each.change for each in found.obligations} == {"same"}
    assert found.before.payment == found.after.payment
    assert [getattr(each, "text", "") for each in document_of(found, "en").blocks].count("Rules that differ") == 0


def test_the_line_of_a_clause_is_no_difference():
    found = compared(contract(availability("99%", line=3)), contract(availability("99%", line=30)))
    assert by_id(found)["A1"].change == "same"


def test_a_draft_for_another_year_is_judged_with_the_term_in_force():
    draft = contract(availability("99%"), term="2027-01-01 2027-12-31", fee="240000.00")
    found = compared(contract(availability("99%")), draft)
    assert found.term_moved
    assert found.after.payment.fee == Decimal("20000.00")
    assert by_id(found)["A1"].after.verdict == "breached"


def test_a_draft_whose_term_holds_the_month_keeps_its_own():
    draft = contract(availability("99%"), term="2026-10-02 2027-10-01")
    found = compared(contract(availability("99%")), draft)
    assert not found.term_moved
    assert found.after.payment.fee == Decimal("9230.76")  # 120000 / 13 months that the term touches


def test_what_was_signed_under_one_contract_adjusts_neither():
    settled = OUTAGE + "\n    settled 2026-09 9000.00 0.00 10-01 09:00"
    found = compared(contract(availability("99%")), contract(availability("90%")), said=settled)
    assert (found.before.adjustments, found.after.adjustments) == ((), ())


def test_rules_for_the_whole_contract_that_differ_are_named():
    found = compared(contract(availability("99%")), contract(availability("99%"), doubt="customer", notice="24h"))
    assert {each.key: (each.before, each.after) for each in found.rules} == {
        "measurement.doubt": ("vendor", "customer"),
        "maintenance.notice": (None, 86_400_000),
    }


def test_every_sort_of_rule_that_differs_is_told_and_written():
    old = contract(availability("99%"), calendars={"w": calendar("08:00-18:00", ("mon",))}, max_gap=3)
    new = contract(
        availability("99%", points="100", lose={"per": "1%", "amount": "1"}),
        term="2026-01-01 2027-12-31",
        deduction_cap="10%",
        min_coverage="80%",
        stable_for="30m",
        max_gap=5,
        notice="24h",
        allowance="8h",
        bands=[("0", "差", "60%")],
        public_days={date(2027, 1, 1): False},
        zone="UTC",
    )
    found = compared(old, new)
    written = {each["key"]: each["after"] for each in to_json(found)["rules"]}
    assert written["measurement.max_gap"] == "5"
    assert written["public_days"] == "2027-01-01=False"
    assert written["calendars.w"] is None
    for language, hour, rule, other in (
        ("en", "30m", "Rule", "The other contract"),
        ("zh", "30分", "规则", "另一合同"),
    ):
        (rules,) = (b for b in document_of(found, language).blocks if rule in getattr(b, "columns", ()))
        shown = dict(zip(column(rules, rule), column(rules, other), strict=True))
        assert shown["measurement.stable_for"] == hour
        assert (shown["fee.deduction_cap"], shown["measurement.min_coverage"]) == ("10%", "80%")
        assert shown["timezone"] == "UTC"


def test_a_moved_term_is_a_mark_that_nobody_overlooks():
    draft = contract(availability("99%"), term="2027-01-01 2027-12-31")
    found = compared(contract(availability("99%")), draft)
    marks = [block.text for block in document_of(found, "en").blocks if getattr(block, "tone", "") == "mark"]
    assert len(marks) == 1
