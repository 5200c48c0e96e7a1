"""A check's readings over time: those in its service, each with the G of its instant (SPEC §1, §2)."""

from __future__ import annotations

from sla.contract.model import Measurement
from sla.history.known import known
from sla.incidents.detection import Detection
from sla.incidents.sides import side_at, sides_of
from sla.incidents.states import check_states
from tests.support.timelines import MINUTE, at, availability, contract, evidence

RULES = Measurement()
WHAT = contract(availability(), term="2026-08-01 2026-12-31")
CAM = "asset cam camera\n"


def found_of(said, as_of="12-31 24:00", check="cam/icmp"):
    seen = evidence(CAM + said)
    now = known(seen, WHAT, at(as_of))
    return sides_of(seen.readings, now.checks[check], RULES, at(as_of))


def runs(said, as_of="12-31 24:00", check="cam/icmp"):
    (side,) = found_of(said, as_of, check)
    return [(run.first, run.last, run.ok) for run in side.runs.runs]


def detection(said, as_of="12-31 24:00"):
    seen = evidence(CAM + said)
    now = known(seen, WHAT, at(as_of))
    return Detection(
        now.assets, now.checks, RULES, lambda name: sides_of(seen.readings, now.checks[name], RULES, at(as_of))
    )


def test_readings_outside_of_the_service_are_ignored():
    said = "check cam/icmp 1m from=09-10T09:00 to=09-10T10:00\ncam/icmp 09-10 08:00 ok 11:00\n"
    assert runs(said) == [(at("09-10 09:00"), at("09-10 09:59"), True)]


def test_a_reading_at_the_begin_of_a_service_is_of_it_and_one_at_its_end_is_not():
    said = "check cam/icmp 1h from=09-10T09:00 to=09-10T11:00\ncam/icmp 09-10 08:00 ok 12:00\n"
    assert runs(said) == [(at("09-10 09:00"), at("09-10 10:00"), True)]


def test_what_was_not_known_at_as_of_is_no_reading():
    said = "check cam/icmp 1h\ncam/icmp 09-10 08:00 ok 10:00\ncam/icmp 09-10 11:00 ok*2 recorded 09-12 00:00\n"
    assert runs(said, as_of="09-11 00:00") == [(at("09-10 08:00"), at("09-10 10:00"), True)]
    assert runs(said) == [(at("09-10 08:00"), at("09-10 12:00"), True)]


def test_g_is_taken_at_the_earlier_of_two_readings():
    # at 1 min G is 3 min; from 09:00 on looks are 10 min apart and G is 30 min
    said = "check cam/icmp 1m\ncheck cam/icmp 10m from=09-10T09:00\n"
    seen = "cam/icmp 09-10 08:57 ok*1\ncam/icmp 09-10 09:00 ok*3\n"
    (side,) = found_of(said + seen)
    # 08:57 to 09:00 is just G; 09:00, 09:10 (timeline at 10 min), 09:20
    assert check_states([side.runs]).up == ((at("09-10 08:57"), at("09-10 09:20")),)
    (side,) = found_of(said + seen.replace("08:57", "08:56"))
    assert check_states([side.runs]).up == ((at("09-10 09:00"), at("09-10 09:20")),)
    assert side.runs.gap_at(at("09-10 08:59")) == 3 * MINUTE
    assert side.runs.gap_at(at("09-10 09:00")) == 30 * MINUTE


def test_a_shorter_interval_later_does_not_unsee_what_was_seen_before():
    said = "check cam/icmp 10m\ncam/icmp 09-10 08:00 ok 09:00\ncheck cam/icmp 1m from=09-10T09:00\n"
    (side,) = found_of(said)
    assert check_states([side.runs]).up == ((at("09-10 08:00"), at("09-10 09:00")),)


def test_readings_under_both_names_are_one_past():
    renamed = "check cam/icmp 1h\ncheck cam/ping 1h from=09-10T10:00 replaces=cam/icmp\n"
    seen = "cam/icmp 09-10 08:00 ok 09:00\ncam/ping 09-10 10:00 fail 11:00\n"
    assert runs(renamed + seen, check="cam/ping") == [
        (at("09-10 08:00"), at("09-10 09:00"), True),
        (at("09-10 10:00"), at("09-10 11:00"), False),
    ]


def test_readings_under_both_names_may_lie_among_each_other():
    renamed = "check cam/icmp 2h\ncheck cam/ping 2h from=09-10T10:00 replaces=cam/icmp\n"
    seen = "cam/icmp 09-10 10:00 ok 14:00\ncam/ping 09-10 11:00 fail*1\ncam/ping 09-10 12:00 none*1\n"
    # ok 10, fail 11, ok 12, ok 14; `none` says nothing
    assert runs(renamed + seen, check="cam/ping") == [
        (at("09-10 10:00"), at("09-10 10:00"), True),
        (at("09-10 11:00"), at("09-10 11:00"), False),
        (at("09-10 12:00"), at("09-10 14:00"), True),
    ]


def test_at_one_instant_a_fail_under_one_name_wins_over_an_ok_under_the_other():
    renamed = "check cam/icmp 1h\ncheck cam/ping 1h from=09-10T10:00 replaces=cam/icmp\n"
    seen = "cam/icmp 09-10 11:00 ok*1\ncam/ping 09-10 11:00 fail*1\n"
    assert runs(renamed + seen, check="cam/ping") == [(at("09-10 11:00"), at("09-10 11:00"), False)]


BREAK = """
check cam/icmp 1h to=09-10T12:00
check cam/icmp 1h from=09-10T14:00 recorded {known}
cam/icmp 09-10 08:00 ok 10:00 fail 12:00
cam/icmp 09-10 14:00 fail 16:00 ok 20:00
"""
SIGNED = "settled 2026-09 1.00 0.00 10-05 09:00\n"


def test_readings_on_both_sides_of_a_break_are_successive_ones():
    # fails at 10, 11 and 14, 15: 14 − 11 = 3 h = G, so down in between, and one incident
    found = detection(BREAK.format(known="09-10 13:00"))
    (incident,) = found.incidents("cam/icmp")
    assert (incident.detected, incident.last_fail) == (at("09-10 10:00"), at("09-10 15:00"))
    assert incident.withdrawn is None
    assert check_states(found.runs("cam/icmp")).down == ((at("09-10 10:00"), at("09-10 15:00")),)


def test_beyond_a_signed_month_each_side_of_a_break_is_looked_at_by_itself():
    found = detection(
        SIGNED
        + BREAK.format(known="10-06 09:00").replace("from=09-10T14:00", "from=10-01T00:00")
        + "cam/icmp 10-01 00:00 fail 03:00 ok 06:00\n"
    )
    first, second = found.incidents("cam/icmp")
    # what the signed month said of it stands: it left with its check
    assert (first.detected, first.withdrawn, first.restored) == (at("09-10 10:00"), at("09-10 12:00"), None)
    assert (second.detected, second.began_after, second.restored) == (at("10-01 00:00"), None, at("10-01 03:00"))
    assert found.side(first).end == found.side(second).begin == at("10-01 00:00")
    assert side_at(found.sides("cam/icmp"), at("12-01 00:00")) == found.side(second)


def test_an_incident_whose_check_goes_out_of_service_is_withdrawn():
    gone = "check cam/icmp 1h to=09-10T12:00\ncam/icmp 09-10 08:00 ok 10:00 fail 12:00\n"
    (incident,) = detection(gone).incidents("cam/icmp")
    assert (incident.withdrawn, incident.closed, incident.restored) == (at("09-10 12:00"), False, None)
    # while it serves, nobody knows yet
    (incident,) = detection(gone, as_of="09-10 11:59").incidents("cam/icmp")
    assert incident.withdrawn is None


def test_an_incident_of_an_asset_that_leaves_is_withdrawn_too():
    said = (
        "check cam/icmp 1h\ncam/icmp 09-10 08:00 ok 10:00 fail 12:00\n"
        "asset cam camera from=09-10T12:00 to=09-10T12:00\n"
    )
    (incident,) = detection(said).incidents("cam/icmp")
    assert incident.withdrawn == at("09-10 12:00")


def test_one_that_was_closed_before_is_not_withdrawn():
    gone = "check cam/icmp 1h to=09-10T16:00\ncam/icmp 09-10 08:00 ok 10:00 fail 12:00 ok 16:00\n"
    (incident,) = detection(gone).incidents("cam/icmp")
    assert (incident.closed, incident.withdrawn) == (True, None)


def test_one_that_was_restored_but_not_stable_yet_is_withdrawn():
    gone = "check cam/icmp 1m to=09-10T10:05\ncam/icmp 09-10 08:00 ok 10:00 fail 10:02 ok 10:10\n"
    (incident,) = detection(gone).incidents("cam/icmp")
    assert (incident.restored, incident.closed, incident.withdrawn) == (at("09-10 10:02"), False, at("09-10 10:05"))
    assert incident.over_at == at("09-10 10:02")


def test_one_that_comes_back_goes_on():
    back = "check cam/icmp 1h to=09-10T12:00\ncheck cam/icmp 1h from=09-10T20:00\ncam/icmp 09-10 08:00 ok 10:00 fail 12:00\n"
    (incident,) = detection(back).incidents("cam/icmp")
    assert incident.withdrawn is None
    (incident,) = detection(back, as_of="09-10 19:59").incidents("cam/icmp")
    assert incident.withdrawn == at("09-10 12:00")
