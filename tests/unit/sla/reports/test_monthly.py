"""What the monthly report says, part by part."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from sla.obligations.registry import OBLIGATIONS
from sla.reports.basis import Source
from sla.reports.layout.document import Facts, Figure, Grid, Paragraph, text_of
from sla.reports.monthly.conclusion import characters
from sla.reports.monthly.document import monthly_document
from sla.reports.monthly.registry import EVIDENCE
from tests.support.reports import months
from tests.support.timelines import at, availability, contract, evidence, inspection, repair

WORLD = """
asset link link
asset cam camera behind=link
check link/x 1m critical reach
check cam/x 1m reach
link/x 10-01 00:00 ok 08:00 fail 12:00 ok 10-03 00:00
cam/x 10-01 00:00 ok 08:00 fail 12:00 ok 10-02 10:00 fail 16:00 ok 10-03 00:00
"""


def document(world, *clauses, language="en", **keys):
    return monthly_document(months.basis(evidence(world), contract(*clauses, **keys)), language)


def grid(found, first):
    """The table whose title begins so."""
    return next(block for block in found.blocks if isinstance(block, Grid) and block.title.startswith(first))


def row(table, name, column=0):
    return [text_of(cell) for cell in next(each for each in table.rows if text_of(each[column]) == name)]


def test_every_kind_of_obligation_has_its_evidence():
    assert EVIDENCE.keys() == OBLIGATIONS.keys()


def test_raw_and_net_stand_side_by_side_with_who_ruled():
    """Four hours by readings, of which one is excused: raw 4 h less the last minute, net one hour less."""
    said = "claim c1 link 10-01 09:00 10:00 power said 11:00 accepted 10-02 12:00"
    found = document(WORLD + said, repair("1h", {"severity": "critical"}))
    line = row(grid(found, "Reckoning"), "link/x", 1)
    assert line[5:8] == ["3h 59m", "1h", "2h 59m"]
    assert "Claim c1" in line[8]
    assert "accepted by not named at 2026-10-02 12:00:00" in line[8]


def test_notified_acknowledged_and_arrived_belong_to_the_incident_in_which_they_were_said():
    said = """
    notified cam/x 10-02 10:01
    acknowledged cam/x 10-02 10:05
    arrived cam/x 10-02 18:00
    notified link/x 10-01 08:01
    """
    table = grid(document(WORLD + said, repair("1h")), "Incidents, both ends")
    assert row(table, "cam/x", 1)[6:] == ["2026-10-02 10:01:00", "2026-10-02 10:05:00", "2026-10-02 18:00:00"]
    assert row(table, "link/x", 1)[6:] == ["2026-10-01 08:01:00", "–", "–"]


def test_open_claims_are_named_in_a_mark():
    said = "claim c9 cam 10-02 10:00 12:00 power said 10-02 13:00"
    found = document(WORLD + said, availability())
    told = [block.text for block in found.blocks if isinstance(block, Paragraph) and block.tone == "mark"]
    assert "Not ruled yet, and therefore not excused: c9." in told
    assert row(grid(found, "Claims"), "c9")[7:] == ["not ruled yet", "–", "–"]


@pytest.mark.parametrize(
    ("said", "excuses"),
    [
        ("said 10-01 01:00", "yes"),
        ("said 10-02 01:00", "no, announced too late"),
        ("said 10-01 01:00 unapproved", "no, not approved"),
    ],
)
def test_maintenance_says_whether_it_excuses_and_why_not(said, excuses):
    found = document(f"{WORLD}maintenance m1 kind=camera 10-02 10:00 12:00 {said}", availability(), notice="24h")
    assert row(grid(found, "Maintenance"), "m1")[6] == excuses


def test_rounds_that_monitoring_contradicts_are_named_in_calendar_and_table():
    said = "inspection i1 I1 cam,link 10-01 09:00\ninspection i2 I1 cam,link 10-02 09:00"
    found = document(WORLD + said, inspection("day"))
    table = grid(found, "Periods")
    assert row(table, "2026-10-01 00:00:00")[5:] == ["cam, link", "cam, link", "missed"]
    assert row(table, "2026-10-02 00:00:00")[7] == "done"
    words = next(block.words for block in found.blocks if getattr(block, "title", "") == "Inspection calendar")
    assert words.endswith("Contradicted 1")


def test_what_changed_a_settled_month_is_named():
    said = """
    settled 2026-10 9000.00 0.00 11-04 00:00
    claim c1 link 10-01 08:00 12:00 power said 12:00 accepted 11-05 12:00
    agent 11-20 00:00 start
    """
    clause = repair("1h", {"severity": "critical"}, deduct={"per_breach": "500"})
    basis = months.basis(evidence(WORLD + said), contract(clause), "2026-11")
    found = monthly_document(basis, "en")
    assert row(grid(found, "Settled"), "2026-10") == ["2026-10", "9,000.00", "10,000.00", "1,000.00"]
    changed = grid(found, "What changed of 2026-10")
    assert {text_of(line[4]) for line in changed.rows} == {"ruling on claim c1 by – at 2026-11-05 12:00:00"}
    assert any(text_of(line[2]).startswith("breached 500.00") for line in changed.rows)


def test_deductions_are_shown_before_and_after_their_cap():
    clause = repair("1h", deduct={"per_breach": "3000"})
    money = grid(document(WORLD, clause, deduction_cap="5%"), "Payment")
    assert row(money, "Deductions of all obligations")[1] == "6,000.00"
    assert row(money, "Cap on deductions")[1] == "500.00"
    assert row(money, "Deductions")[1] == "500.00"
    formulas = {text_of(line[0]): line[1].formula for line in money.rows if isinstance(line[1], Figure)}
    assert formulas["Deductions"] == "MIN({summed},{cap})"


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        ("904100.00", "CNY", "人民币玖拾万肆仟壹佰元整"),
        ("-1.05", "CNY", "人民币负壹元零伍分"),
        ("1.00", "USD", "壹元整"),
    ],
)
def test_amounts_in_characters(amount, currency, told):
    assert characters(Decimal(amount), currency) == told


def test_times_that_nobody_saw_are_told_by_asset_the_longest_first():
    world = """
    asset a camera
    asset b camera
    check a/x 1m
    check b/x 1m
    a/x 10-01 00:00 ok 10-05 00:00 gap 10-06 00:00 ok 11-01 01:00
    b/x 10-01 00:00 ok 10-05 00:00 gap 10-08 00:00 ok 11-01 01:00
    agent 10-05 00:00 stop
    agent 10-07 00:00 clock_step
    """
    found = document(world, availability())
    table = grid(found, "Time that nobody observed")
    assert [text_of(line[0]) for line in table.rows] == ["b", "a"]
    assert row(table, "b")[2:4] == ["3d 1m", "1"]
    events = [text_of(line[1]) for line in grid(found, "What happened").rows]
    assert events == ["the agent stopped", "the clock was set"]


def test_a_calendar_without_an_official_table_is_a_mark_on_every_report_that_leans_on_it():
    from tests.support.timelines import calendar

    office = calendar("08:00-18:00", days="workdays", holidays="CN")
    clause = availability(calendar="office")
    later = contract(clause, term="2031-01-01 2031-12-31", calendars={"office": office})
    said = evidence("asset a camera\ncheck a/x 1h\na/x 2031-10-01 00:00 ok 2031-10-31 00:00")
    found = monthly_document(months.basis(said, later, "2031-10"), "en")
    assert found.marks == ("The official calendar of 2031 was not known; working days were computed.",)


def test_practice_data_is_marked():
    from sla.evidence.records import AgentEvent
    from tests.support.timelines import evidence_of, records

    event = AgentEvent(at=at("11-01 00:00"), event="start", details={"practice": True})
    found = monthly_document(months.basis(evidence_of([*records(WORLD), event])), "zh")
    assert found.marks == ("演练数据：虚构，不产生任何后果",)


def test_every_page_carries_the_mark_of_the_evidence():
    basis = replace(months.rich(), source=Source(kind="ledger", mark="8123 " + "ab" * 32))
    found = monthly_document(basis, "zh")
    assert found.foot == ("ZH-2026-OM", "2026-10", "8123 abababababababab")
    cover = next(block for block in found.blocks if isinstance(block, Facts))
    assert ("台账链头", "8123 " + "ab" * 32) in cover.pairs
