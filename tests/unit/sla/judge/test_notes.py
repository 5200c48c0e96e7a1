"""What a result says beside its figures (SPEC §9, Notes), each with the ids concerned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sla.evidence.records import Reading, Settled
from tests.support.timelines import at, availability, calendar, contract, evidence_of, inspection, judged, records

CAM = "asset cam camera\ncheck cam/icmp 1h reach\ncam/icmp 10-01 00:00 ok 10-02 00:00\n"
SIGNED = "settled 2026-09 1.00 0.00 10-05 09:00\n"
WHAT = contract(availability(), inspection("month"), term="2026-10-01 2026-12-31")
EARLIER = contract(availability(), term="2026-08-01 2026-12-31")


def notes(said, what=WHAT, month="2026-10", as_of="12-31 24:00", more=()):
    found = judged(what, evidence_of([*records(CAM + said), *more]), month, as_of)
    return {each["note"]: {key: value for key, value in each.items() if key != "note"} for each in found.notes}


def ids(name, *args, **keys):
    return notes(*args, **keys).get(name, {}).get("ids")


def test_of_nothing_there_is_no_note():
    assert notes("") == {}


# ---- signatures


def test_earlier_months_of_the_term_without_both_signatures_are_unsigned():
    assert ids("unsigned", "", EARLIER) == ["2026-08", "2026-09"]
    assert ids("unsigned", SIGNED, EARLIER) == ["2026-08"]
    assert ids("unsigned", "settled vendor 2026-09 1.00 0.00 10-05 09:00\n", EARLIER) == ["2026-08", "2026-09"]
    assert ids("unsigned", SIGNED, EARLIER, month="2026-08") is None


def test_earlier_months_whose_last_signatures_differ_are_disputed():
    apart = "settled customer 2026-09 2.00 0.00 10-06 09:00\n"
    assert notes(SIGNED + apart, EARLIER) == {"disputed": {"ids": ["2026-09"]}, "unsigned": {"ids": ["2026-08"]}}
    assert ids("disputed", SIGNED + apart, EARLIER, month="2026-09") is None
    assert ids("disputed", SIGNED + apart + "settled vendor 2026-09 2.00 0.00 10-07 09:00\n", EARLIER) is None
    assert ids("disputed", SIGNED + apart, EARLIER, as_of="10-05 12:00") is None


def test_a_month_settled_under_another_contract_file_is_told():
    def signed(sha256):
        return [replace(each, contract=sha256) for each in records(SIGNED) if isinstance(each, Settled)]

    mine = replace(EARLIER, sha256="a" * 64)
    assert ids("contract_changed", "", mine, more=signed("a" * 64)) is None
    assert ids("contract_changed", "", mine, more=signed("b" * 64)) == ["2026-09"]
    assert ids("contract_changed", "", mine, more=signed("")) is None


# ---- definitions


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("asset cam dome from=10-10T00:00\n", ["cam"]),
        ("check cam/icmp 30m reach from=10-10T00:00\n", ["cam/icmp"]),
        ("asset cam dome from=11-01T00:00\n", None),  # begins to hold in another month
        ("asset cam dome from=10-01T00:00\n", ["cam"]),
        ("asset box x from=10-10T00:00\n", None),  # the first of its id
        ("asset box x from=10-10T00:00 replaces=cam\n", ["box"]),
    ],
)
def test_a_definition_that_begins_to_hold_in_the_month_is_a_change(said, changed):
    assert ids("changed", said) == changed


def test_a_definition_that_governs_an_instant_of_the_month_before_its_r_is_redefined():
    late = "asset cam dome from=10-10T00:00 recorded 10-20 00:00\n"
    assert (ids("redefined", late), ids("changed", late)) == (["cam"], ["cam"])
    assert ids("redefined", late.replace("recorded 10-20", "recorded 10-10")) is None
    assert ids("redefined", late, month="2026-11") is None
    whole = "asset cam dome recorded 11-20 00:00\n"
    assert (ids("redefined", whole), ids("changed", whole)) == (["cam"], None)


def test_from_e_on_what_was_recorded_late_is_redefined_too():
    late = SIGNED + "asset cam dome from=09-10T00:00 recorded 10-06 09:00\n"
    assert ids("redefined", late, EARLIER) == ids("changed", late, EARLIER) == ["cam"]
    assert ids("redefined", late, EARLIER, month="2026-09") is None  # nothing before E was changed


def test_a_service_that_ended_in_the_month_is_removed():
    gone = "asset cam camera from=10-20T00:00 to=10-20T00:00\n"
    assert ids("removed", gone) == ["cam", "cam/icmp"]
    assert ids("removed", gone, month="2026-11") is None
    assert ids("removed", "check cam/icmp 1h reach from=10-20T00:00 to=10-20T00:00\n") == ["cam/icmp"]
    assert ids("removed", "check cam/icmp 1h reach from=10-01T00:00 to=11-20T00:00\n", as_of="11-01 00:00") is None


# ---- what was put in later


def test_what_counts_at_its_instant_although_it_was_recorded_later_is_backdated():
    what = contract(availability(), term="2026-10-01 2026-12-31", backdate="2d")
    answer = "acknowledged cam/icmp 10-10 09:00 recorded 10-12 09:00\n"
    assert ids("backdated", answer, what) == ["cam/icmp"]
    assert ids("backdated", answer) is None  # it counts at R there
    assert ids("backdated", answer.replace("recorded 10-12", "recorded 10-13"), what) is None
    assert ids("backdated", answer.replace(" recorded 10-12 09:00", ""), what) is None
    assert ids("backdated", answer, what, month="2026-11") is None
    round_ = (
        "inspection i1 I1 cam 10-10 09:00 recorded 10-11 09:00\narrived cam/icmp 10-10 09:00 recorded 10-11 09:00\n"
    )
    assert ids("backdated", round_, what) == ["cam/icmp", "i1"]


def imported(text, **keys):
    return [
        replace(each, **keys)
        for each in records(CAM + text)
        if isinstance(each, Reading) and each.at > at("10-03 00:00")
    ]


@pytest.mark.parametrize(
    ("keys", "count"),
    [
        ({"source": "乙"}, 3),
        ({}, None),
        ({"recorded_at": at("10-10 03:00")}, 2),  # 2 h and 1 h after; the one at 03:00 itself is not late
        ({"recorded_at": at("10-10 03:01")}, 2),  # a minute is allowed
        ({"recorded_at": at("10-10 03:01") + 1}, 3),
    ],
)
def test_readings_that_another_made_or_that_were_recorded_late_are_imported(keys, count):
    told = notes("", more=imported("cam/icmp 10-10 01:00 ok 03:00\n", **keys)).get("imported")
    assert told == (None if count is None else {"ids": ["cam/icmp"], "count": count})


def test_what_may_be_backdated_may_be_recorded_so_much_later():
    what = contract(availability(), term="2026-10-01 2026-12-31", backdate="2h")
    late = imported("cam/icmp 10-10 01:00 ok 03:00\n", recorded_at=at("10-10 03:01") + 1)
    assert notes("", what, more=late)["imported"]["count"] == 1


def test_identical_readings_are_imported_once():
    one = imported("cam/icmp 10-10 01:00 ok 03:00\n", source="乙", metrics={"a": 1, "b": 2})
    other = [replace(each, metrics={"b": 2, "a": 1}) for each in one]
    assert notes("", more=[*one, *one, *other])["imported"]["count"] == 3


def test_readings_out_of_service_or_of_another_month_are_not_imported():
    assert notes("", month="2026-11", more=imported("cam/icmp 10-10 01:00 ok 03:00\n", source="乙")) == {
        "unsigned": {"ids": ["2026-10"]}
    }
    gone = "check cam/icmp 1h reach from=10-05T00:00 to=10-05T00:00\n"
    assert "imported" not in notes(gone, more=imported("cam/icmp 10-10 01:00 ok 03:00\n", source="乙"))


# ---- people


def test_what_was_taken_back_is_named_with_who_did():
    said = "arrived cam/icmp 10-10 09:00\ncorrected arrived check=cam/icmp 10-11 09:00\n"
    assert notes(said) == {"corrected": {"ids": ["cam/icmp"], "by": ["甲"]}}
    assert notes(said, as_of="10-11 08:59") == {}
    claim = "claim c1 cam 10-10 08:00 09:00 power said 10-11 09:00\ncorrected claim id=c1 10-12 09:00\n"
    assert ids("corrected", claim) == ["c1"]


def test_what_came_too_late_is_named():
    ruled = "claim c1 cam 09-10 08:00 09:00 power said 09-11 09:00 rejected 09-12 09:00\n" + SIGNED
    assert ids("too_late", ruled + "ruling c1 accepted 10-20 09:00\n", EARLIER) == ["c1"]
    assert ids("too_late", ruled + "corrected ruling claim=c1 10-20 09:00\n", EARLIER) == ["c1"]
    assert ids("too_late", ruled, EARLIER) is None
    work = "maintenance m1 kind=camera 09-10 08:00 09:00 said 09-01 09:00 unapproved\n" + SIGNED
    assert ids("too_late", work + "approved m1 10-20 09:00\n", EARLIER) == ["m1"]
    assert ids("too_late", work + "approved m1 10-04 09:00\n", EARLIER) is None


def test_ids_that_nobody_defined_are_named():
    assert ids(
        "unknown_id", "acknowledged cam/rtsp 10-10 09:00\nclaim c1 pole 10-10 08:00 09:00 power said 10:00\n"
    ) == [
        "cam/rtsp",
        "pole",
    ]


# ---- calendars


def test_a_verdict_that_leans_on_a_computed_calendar_names_the_year():
    what = contract(
        availability(calendar="office"),
        availability(id="A2"),
        term="2041-01-01 2041-12-31",
        calendars={"office": calendar("08:00-18:00", "workdays", "CN")},
    )
    found = judged(
        what, evidence_of(records("asset a x\nagent 2041-03-01 00:00 start\n")), "2041-01", "2041-03-01 00:00"
    )
    assert {"note": "calendar_not_official", "year": 2041, "obligations": ["A1"]} in found.notes


def test_notes_come_by_name():
    found = judged(
        EARLIER,
        evidence_of(records(CAM + "acknowledged x 10-10 09:00\nasset cam d from=10-03T00:00\n")),
        "2026-10",
        "11-30 00:00",
    )
    names = [each["note"] for each in found.notes]
    assert names == sorted(names) == ["changed", "unknown_id", "unsigned"]
