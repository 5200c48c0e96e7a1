"""Small acts that once moved money or a verdict, each with its figure before and after (SPEC §1, §4, §6 to §9).

One camera is looked at every five minutes. In September it fails from the 10th, 09:00, to 14:55: 5 h 55 min, 1 h 55
min beyond the limit of 4 h, so two started hours at 910.00 each; of a fee of 10,000.00 there remain 8,180.00, which
both parties sign on 5 October.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from sla.evidence.records import Reading
from tests.support.timelines import (
    at,
    availability,
    contract,
    evidence,
    evidence_of,
    inspection,
    judged,
    records,
    repair,
)

ASSETS = """
asset link link
asset cam camera tags=north
check link/icmp 5m minor reach
check cam/icmp 5m critical reach
"""
LATE = "cam/icmp 09-01 00:00 ok 09-10 09:00 fail 15:00 ok 11-01 00:00\n"
LINK = "link/icmp 09-01 00:00 ok 09-10 08:50 fail 15:10 ok 11-01 00:00\n"
"""The link was out a little longer than the camera, which is not behind it."""
SEPTEMBER = ASSETS + LATE + LINK
SIGNED = "settled 2026-09 8180.00 0.00 10-05 09:00\n"
HOURS = {"per_started": "1h", "amount": "910"}
SCOPE = {"kind": "camera", "severity": "critical", "tags": "north"}
OVERTIME = repair("4h", SCOPE, deduct=HOURS)
TERM = {"term": "2026-09-01 2026-12-31", "fee": "40000.00"}
WHAT = contract(availability("99%", {"kind": "camera"}), OVERTIME, **TERM)


def found(said, month="2026-10", what=WHAT, as_of="11-01 00:00"):
    return judged(what, said if not isinstance(said, str) else evidence(said), month, as_of)


def money(judgement):
    return str(judgement.payment.payable), str(judgement.payment.adjustment), str(judgement.payment.due)


def notes(judgement):
    return {each["note"]: each.get("ids") for each in judgement.notes}


def changed_items(judgement):
    return [(each.obligation, each.item) for one in judgement.adjustments for each in one.items]


def test_what_september_comes_to():
    assert money(found(SEPTEMBER, "2026-09")) == ("8180.00", "0.00", "8180.00")
    assert money(found(SEPTEMBER + SIGNED)) == ("10000.00", "0.00", "10000.00")


EDITS = {
    "interval": "check cam/icmp 60s critical reach",
    "severity": "check cam/icmp 5m minor reach",
    "counts": "check cam/icmp 5m critical reach counts=no",
    "reach": "check cam/icmp 5m critical",
    "tags": "asset cam camera tags=south",
    "kind": "asset cam box tags=north",
    "behind": "asset cam camera tags=north behind=link",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_of_a_definition_changes_no_month_that_is_signed(edit):
    after = found(f"{SEPTEMBER}{SIGNED}{edit} recorded 10-20 09:00\n")
    assert money(after)[1] == "0.00"
    assert changed_items(after) == []
    assert found(f"{SEPTEMBER}{SIGNED}{edit} recorded 10-20 09:00\n", "2026-09").payment.payable == 8180


@pytest.mark.parametrize(
    ("edit", "payable"),
    [("severity", "10000.00"), ("tags", "10000.00"), ("kind", "10000.00"), ("behind", "10000.00")],
)
def test_the_same_edit_before_the_signature_is_seen_in_what_is_signed(edit, payable):
    after = found(f"{SEPTEMBER}{EDITS[edit]} recorded 10-04 09:00\n", "2026-09")
    assert str(after.payment.payable) == payable
    assert notes(after)["redefined"]


def test_an_interval_edited_in_october_leaves_september_measured():
    dated = f"{SEPTEMBER}check cam/icmp 60s critical reach from=10-20T00:00 recorded 10-20 09:00\n"
    before, after = found(SEPTEMBER, "2026-09"), found(dated, "2026-09")
    assert before.obligations[0] == after.obligations[0]
    assert (after.obligations[0].coverage, after.obligations[0].verdict) == (1, "met")
    # in October every reading after the 20th is five minutes from the next, more than three intervals
    october = found(dated)
    assert october.obligations[0].verdict == "not_assessable"
    assert notes(october)["changed"] == ["cam/icmp"]


def test_a_reach_check_renamed_is_the_same_check():
    # once: September 9,400.00 → 7,600.00, adjustment −1,800.00, items that changed: none
    renamed = f"{SEPTEMBER}check cam/ping 5m critical reach from=10-20T00:00 replaces=cam/icmp recorded 10-20 09:00\n"
    after = found(renamed + SIGNED)
    assert money(after) == ("10000.00", "0.00", "10000.00")
    assert changed_items(after) == []
    (incident,) = found(renamed, "2026-09").obligations[1].items
    assert (incident.check, incident.verdict) == ("cam/ping", "breached")


def test_a_check_removed_leaves_what_it_saw():
    after = found(f"{SEPTEMBER}{SIGNED}check cam/icmp 5m critical reach from=10-20T00:00 to=10-20T00:00\n")
    assert money(after)[1] == "0.00"
    assert notes(after)["removed"] == ["cam/icmp"]


def test_a_second_signature_of_one_party_changes_nothing():
    # once: due 10,000.00 → 18,180.00
    after = found(f"{SEPTEMBER}{SIGNED}settled vendor 2026-09 0.00 0.00 10-20 09:00\n")
    assert money(after) == ("10000.00", "0.00", "10000.00")
    assert notes(after)["disputed"] == ["2026-09"]


def test_a_month_that_one_party_alone_signed_adjusts_nothing():
    after = found(f"{SEPTEMBER}settled vendor 2026-09 10000.00 0.00 10-05 09:00\n")
    assert money(after) == ("10000.00", "0.00", "10000.00")
    assert notes(after)["unsigned"] == ["2026-09"]


def test_an_amendment_from_october_bills_september_as_it_was_signed():
    old = repair("4h", SCOPE, deduct=HOURS, valid="- 2026-09-30")
    new = repair("1h", SCOPE, deduct=HOURS, valid="2026-10-01 -", id="R2")
    amended = contract(availability("99%", {"kind": "camera"}), old, new, changes={"2026-10": "9000"}, **TERM)
    assert money(found(SEPTEMBER + SIGNED, what=amended)) == ("9000.00", "0.00", "9000.00")
    # the same amendment without days of its own would have billed September again: 5 units at 910.00
    flat = contract(availability("99%", {"kind": "camera"}), repair("1h", SCOPE, deduct=HOURS), **TERM)
    assert money(found(SEPTEMBER + SIGNED, what=flat))[1] == "-2730.00"


CLAIM = "claim c1 cam 09-10 08:00 16:00 power said 09-11 09:00\n"


def test_a_ruling_turned_after_the_signature_moves_nothing():
    # once: 1,820.00
    ruled = f"{SEPTEMBER}{CLAIM}ruling c1 rejected 09-12 09:00\n"
    assert str(found(ruled, "2026-09").payment.payable) == "8180.00"
    after = found(f"{ruled}{SIGNED}ruling c1 accepted 10-20 09:00\n")
    assert money(after) == ("10000.00", "0.00", "10000.00")
    assert notes(after)["too_late"] == ["c1"]
    in_time = found(f"{ruled}ruling c1 accepted 10-04 09:00\n", "2026-09")
    assert str(in_time.payment.payable) == "10000.00"


def test_a_first_ruling_after_the_signature_is_adjusted():
    after = found(f"{SEPTEMBER}{CLAIM}{SIGNED}ruling c1 accepted 10-20 09:00\n")
    assert money(after) == ("10000.00", "1820.00", "11820.00")
    assert ("R1", "cam/icmp 2026-09-10T01:00:00Z") in changed_items(after)


def test_a_ruling_taken_back_after_the_signature_moves_nothing():
    ruled = f"{SEPTEMBER}{CLAIM}ruling c1 rejected 09-12 09:00\n{SIGNED}"
    after = found(f"{ruled}corrected ruling claim=c1 10-20 09:00\n")
    assert money(after)[1] == "0.00"
    assert notes(after)["too_late"] == ["c1"]


ANSWER = contract(repair("30m", SCOPE, stage="respond", points="100", lose={"per_breach": "40"}), **TERM)


@pytest.mark.parametrize(("backdate", "score", "told"), [("0s", "60.00", None), ("2d", "100.00", ["cam/icmp"])])
def test_an_answer_put_in_a_day_later_counts_when_it_came_or_is_marked(backdate, score, told):
    what = contract(*ANSWER.obligations, backdate=backdate, **TERM)
    late = f"{SEPTEMBER}acknowledged cam/icmp 09-10 09:10 recorded 09-11 09:10\n"
    after = found(late, "2026-09", what)
    assert str(after.score.points) == score
    assert notes(after).get("backdated") == told
    assert str(found(SEPTEMBER, "2026-09", what).score.points) == "60.00"


def test_imported_readings_are_told_of():
    # nobody of ours looked from 09:00 to 21:00; 144 ok readings at 5 min say that all was well
    ours = ASSETS + "cam/icmp 09-01 00:00 ok 09-10 08:55 gap 21:00 ok 10-01 00:00\n"
    theirs = "cam/icmp 09-10 09:00 ok*144\n"
    imported = [
        *records(ours),
        *(replace(each, source="乙") for each in records(ASSETS + theirs) if _is_reading(each)),
    ]
    for said, note in ((evidence_of(imported), ["cam/icmp"]), (evidence(ours), None)):
        assert notes(found(said, "2026-09")).get("imported") == note
    (told,) = [each for each in found(evidence_of(imported), "2026-09").notes if each["note"] == "imported"]
    assert told["count"] == 144


def _is_reading(record):
    return isinstance(record, Reading)


def test_readings_put_in_after_the_signature_are_adjusted_with_what_changed():
    theirs = [
        replace(each, source="乙", recorded_at=at("10-20 09:00"))
        for each in records(ASSETS + "cam/icmp 09-20 09:00 fail*60\n")
        if _is_reading(each)
    ]
    without = ASSETS + LATE.replace("11-01 00:00", "09-20 08:55 gap 14:00 ok 11-01 00:00") + SIGNED
    after = found(evidence_of([*records(without), *theirs]))
    # 60 fails at 5 min from 09:00 to 13:55: 4 h 55 min, one started hour
    assert money(after) == ("10000.00", "-910.00", "9090.00")
    assert ("R1", "cam/icmp 2026-09-20T01:00:00Z") in changed_items(after)


def test_whoever_stops_the_agent_in_a_fault_is_not_met():
    # once: 8,180.00 → 10,000.00, "met"; the last fail that anybody saw is at 09:05, the first ok at 15:00
    what = contract(OVERTIME, **TERM)
    stopped = ASSETS + "cam/icmp 09-01 00:00 ok 09-10 09:00 fail 09:10 gap 15:00 ok 10-01 00:00\n"
    after = found(stopped, "2026-09", what)
    assert (after.verdict, after.obligations[0].items[0].verdict) == ("not_assessable", "not_assessable")
    # whole hours beyond 4 of 09:00 (08:55 for the customer) to 15:00: 1 h 55 min to 2 h 5 min
    assert (after.payment.low, after.payment.payable, after.payment.high) == (
        10000 - 3 * 910, 10000, 10000,
    )  # fmt: skip


HUNDRED = "".join(f"asset c{n} camera\ncheck c{n}/icmp 6h\n" for n in range(100))


def _fleet(bad):
    """A hundred cameras looked at every six hours; `bad` is the timeline of the last four."""
    good = "".join(f"c{n}/icmp 09-01 00:00 ok 10-01 00:00\n" for n in range(96))
    return HUNDRED + good + "".join(bad.format(n=n) for n in range(96, 100))


def test_the_few_that_nobody_saw_may_be_the_bad_ones():
    # once: 96 % breached → 100 % met
    what = contract(availability("98%"), **TERM)
    seen = found(_fleet("c{n}/icmp 09-01 00:00 fail 10-01 00:00\n"), "2026-09", what).obligations[0]
    assert (seen.verdict, seen.value) == ("breached", Decimal("0.96"))
    hidden = found(_fleet(""), "2026-09", what).obligations[0]
    assert (hidden.verdict, hidden.value, hidden.low) == ("not_assessable", 1, Decimal("0.96"))
    assert found(_fleet("c{n}/icmp 09-01 00:00 ok 10-01 00:00\n"), "2026-09", what).obligations[0].verdict == "met"


def test_a_month_without_data_pays_in_full_and_says_how_little_it_may_be_worth():
    what = contract(availability("98%", deduct={"per": "1%", "amount": "10", "cap": "900"}), **TERM)
    after = found(ASSETS + "agent 09-01 00:00 start\n", "2026-09", what)
    assert after.verdict == "not_assessable"
    assert (after.payment.low, after.payment.payable, after.payment.high) == (9100, 10000, 10000)


def test_our_own_stop_of_two_days_costs_the_vendor_nothing_where_it_cannot_have_mattered():
    # two of thirty days unseen: coverage 93.3 % < 95 %; once the clause dropped out of the score, and with it the
    # points that the vendor had earned: 100 × (60 − 30) / 60 = 50 instead of 100 × (100 − 30) / 100 = 70
    bad = repair("4h", points="60", lose={"per_breach": "30"})
    said = ASSETS + "cam/icmp 09-01 00:00 ok 09-10 09:00 fail 15:00 ok 09-20 00:00 gap 09-22 00:00 ok 10-01 00:00\n"
    for target, points, verdict in (("90%", "70.00", "met"), ("98%", "50.00", "not_assessable")):
        what = contract(
            availability(target, {"kind": "camera"}, points="40", lose={"per": "1%", "amount": "1"}),
            bad,
            bands=[("70", "优", "100%"), ("0", "差", "60%")],
            **TERM,
        )
        after = found(said, "2026-09", what)
        assert (after.obligations[0].verdict, str(after.score.points)) == (verdict, points)
        assert after.payment.high == 10000  # what the vendor could have had is told


def test_a_port_looked_at_before_the_ping_after_a_start_is_one_fault():
    # once: 20 dead cameras, 39 incidents
    cameras = "".join(f"asset d{n} camera\ncheck d{n}/icmp 60s reach\ncheck d{n}/rtsp 60s\n" for n in range(20))
    seen = "".join(
        f"d{n}/rtsp 10-01 08:00:{n:02d} fail 09:00:{n:02d}\nd{n}/icmp 10-01 08:00:{n + 20:02d} fail 09:00:{n + 20:02d}\n"
        for n in range(20)
    )
    incidents = found(cameras + seen, what=contract(OVERTIME, **TERM)).incidents
    assert [each.incident.check for each in incidents] == [f"d{n}/icmp" for n in range(20)]
    assert {each.explains for each in incidents} == {1}


WRONG = {
    "maintenance": ("maintenance m1 kind=camera 09-10 08:00 16:00 said 09-01 09:00", "maintenance id=m1"),
    "claim": ("claim c1 cam 09-10 08:00 16:00 power said 09-11 09:00 accepted 09-12 09:00", "claim id=c1"),
}


@pytest.mark.parametrize(("record", "named"), WRONG.values(), ids=WRONG)
def test_a_wrong_record_can_be_taken_back(record, named):
    # once refused: "contradicts the one on line 0"
    before = found(f"{SEPTEMBER}{record}\n", "2026-09")
    after = found(f"{SEPTEMBER}{record}\ncorrected {named} 09-20 09:00\n", "2026-09")
    assert (str(before.payment.payable), str(after.payment.payable)) == ("10000.00", "8180.00")
    assert notes(after)["corrected"] == [named.rpartition("=")[2]]


def test_a_wrong_round_can_be_taken_back():
    what = contract(inspection("month", {"kind": "camera"}, deduct={"per_missed": "300"}), **TERM)
    wrong = ASSETS + "inspection i1 I1 cam 09-10 09:00\n"
    before = found(wrong, "2026-09", what)
    after = found(wrong + "corrected inspection id=i1 09-20 09:00\n", "2026-09", what)
    assert (before.payment.payable, after.payment.payable) == (10000, 9700)
    # the right one has an id of its own
    right = found(
        wrong + "corrected inspection id=i1 09-20 09:00\ninspection i2 I1 cam 09-11 09:00\n", "2026-09", what
    )
    assert right.payment.payable == 10000
