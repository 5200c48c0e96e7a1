"""Records that somebody took back (SPEC §1, `corrected`)."""

from __future__ import annotations

import pytest

from sla.evidence.records import Acknowledged, Approved, Arrived, Claim, Corrected, Inspection, Maintenance, Ruling
from sla.evidence.refusals import EvidenceError
from sla.history.known import known
from tests.support.timelines import at, availability, contract, evidence

WHAT = contract(availability(), term="2026-08-01 2026-12-31")
CAM = "asset cam camera\ncheck cam/icmp 60s\n"
TWICE = "arrived cam/icmp 09-10 09:00\narrived cam/icmp 09-10 10:00\n"
"""In UTC at 01:00 and 02:00."""


def found_of(said, as_of="12-31 24:00"):
    return known(evidence(CAM + said), WHAT, at(as_of))


def refused(said):
    with pytest.raises(EvidenceError) as caught:
        found_of(said)
    return [each.reason.text() for each in caught.value.problems]


@pytest.mark.parametrize(
    ("record", "named", "cls"),
    [
        ("acknowledged cam/icmp 09-10 09:00", "acknowledged check=cam/icmp", Acknowledged),
        ("arrived cam/icmp 09-10 09:00", "arrived check=cam/icmp", Arrived),
        ("claim c1 cam 09-10 08:00 09:00 power said 10:00", "claim id=c1", Claim),
        ("claim c1 cam 09-10 08:00 09:00 power said 10:00 accepted 11:00", "ruling claim=c1", Ruling),
        ("maintenance m1 kind=camera 09-10 08:00 09:00 said 07:00", "maintenance id=m1", Maintenance),
        ("approved m1 09-10 09:00", "approved maintenance=m1", Approved),
        ("inspection i1 I1 cam 09-10 09:00", "inspection id=i1", Inspection),
    ],
)
def test_what_was_a_mistake_is_as_if_it_had_never_been(record, named, cls):
    said = f"{record}\ncorrected {named} 09-20 09:00\n"
    found = found_of(said)
    assert found.of(cls) == ()
    (correction,) = found.corrections
    assert (type(correction.record), correction.by.by) == (cls, "甲")
    assert len(found_of(said, as_of="09-20 08:59").of(cls)) == 1  # until that is known, it stands


def test_as_many_keys_as_single_it_out_with_instants_compared_as_instants():
    for instant in ("2026-09-10T01:00:00Z", "2026-09-10T09:00:00+08:00", "2026-09-10T01:00:00.000z"):
        found = found_of(f"{TWICE}corrected arrived at={instant} 09-20 09:00\n")
        assert [each.at for each in found.of(Arrived)] == [at("09-10 10:00")]


def test_one_that_names_several_is_refused():
    assert refused(f"{TWICE}corrected arrived check=cam/icmp 09-20 09:00\n") == [
        "of: names 2 records, wanted one: give as many of its keys as single it out"
    ]


def test_one_that_names_none_is_refused():
    assert refused(f"{TWICE}corrected arrived check=cam/rtsp 09-20 09:00\n")[0].startswith("of: names 0 records")


def test_it_looks_among_the_records_known_at_its_own_r():
    late = "arrived cam/icmp 09-10 11:00 recorded 09-21 09:00\n"
    one = "arrived cam/icmp 09-10 09:00\n"
    # the second one was taken in after the correction, which means the first
    found = found_of(f"{one}{late}corrected arrived check=cam/icmp 09-20 09:00\n")
    assert [each.at for each in found.of(Arrived)] == [at("09-10 11:00")]
    assert refused(f"{late}corrected arrived check=cam/icmp 09-20 09:00\n")
    # told earlier but taken in later, it sees both, and singles none out
    assert refused(f"{one}{late}corrected arrived check=cam/icmp 09-20 09:00 recorded 09-22 09:00\n")


def test_a_check_that_was_renamed_may_be_named_by_any_of_its_ids():
    renamed = "check cam/ping 60s from=09-15T00:00 replaces=cam/icmp\narrived cam/icmp 09-10 09:00\n"
    for name in ("cam/icmp", "cam/ping"):
        found = found_of(f"{renamed}corrected arrived check={name} 09-20 09:00\n")
        assert found.of(Arrived) == ()


def test_a_key_that_the_text_does_not_name_is_compared_as_it_stands():
    assert refused(f"{TWICE}corrected arrived note=x 09-20 09:00\n")


def test_a_key_that_is_malformed_is_refused():
    (reason,) = refused(f"{TWICE}corrected arrived at=yesterday 09-20 09:00\n")
    assert reason.startswith("of: ")


def test_a_correction_said_twice_is_one():
    same = "corrected arrived at=2026-09-10T01:00:00Z 09-20 09:00\n"
    found = found_of(TWICE + same + same)
    assert len(found.of(Corrected)) == len(found.corrections) == 1


def test_two_corrections_of_one_record_leave_it_taken_back():
    said = f"{TWICE}corrected arrived at=2026-09-10T01:00:00Z 09-20 09:00\n"
    found = found_of(said + "corrected arrived at=2026-09-10T01:00:00Z 09-21 09:00\n")
    assert [each.at for each in found.of(Arrived)] == [at("09-10 10:00")]


def test_what_is_taken_back_contradicts_nothing():
    wrong = "claim c1 cam 09-10 08:00 09:00 power said 10:00\n"
    right = "claim c1 cam 09-10 08:00 09:30 power said 09-21 10:00\n"
    (found,) = found_of(f"{wrong}corrected claim id=c1 09-20 09:00\n{right}").of(Claim)
    assert found.end == at("09-10 09:30")
