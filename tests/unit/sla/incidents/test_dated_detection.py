"""Out, cut off, explained and severity by the definitions of each instant (SPEC §3)."""

from __future__ import annotations

from sla.evidence.intervals import NEVER
from sla.measure.analysis import Analysis
from tests.support.timelines import at, availability, contract, evidence

WHAT = contract(availability(), term="2026-08-01 2026-12-31", stable_for="1h", settle="2m")


def found_of(said, as_of="09-10 20:00"):
    return Analysis(WHAT, evidence(said), at(as_of)).detection


def detected(found, check):
    return [each.detected for each in found.incidents(check)]


LINK = "asset link link\ncheck link/icmp 10m reach\nlink/icmp 09-10 08:00 ok 10:00 fail 12:00 ok 16:00\n"
"""Out from 09:50 to 12:02."""
CAM = "check cam/icmp 10m reach\ncam/icmp 09-10 08:00 ok 10:00 fail 12:00 ok 16:00\n"


def test_a_camera_behind_the_link_has_no_fault_of_its_own():
    assert detected(found_of(LINK + "asset cam camera behind=link\n" + CAM), "cam/icmp") == []


def test_behind_is_what_the_definition_of_the_instant_says():
    moved = "asset cam camera behind=link\nasset cam camera from=09-10T11:00\n"
    assert detected(found_of(LINK + moved + CAM), "cam/icmp") == [at("09-10 11:00")]
    found = found_of(LINK + moved + CAM)
    assert found.cut_off("cam") == ((at("09-10 09:50"), at("09-10 11:00")),)


def test_while_a_check_is_not_the_reach_check_yet_it_makes_nothing_out():
    said = (
        "asset cam camera\ncheck cam/icmp 10m\ncheck cam/icmp 10m reach from=09-10T11:00\n" + CAM.partition("\n")[2]
    )
    found = found_of(said)
    assert found.out("cam") == ((at("09-10 11:00"), at("09-10 12:02")),)


def test_what_is_not_in_service_cuts_nothing_off():
    gone = LINK.replace("asset link link", "asset link link to=09-10T11:00")
    found = found_of(gone + "asset cam camera behind=link\n" + CAM)
    assert found.cut_off("cam") == ((at("09-10 09:50"), at("09-10 11:00")),)


SPARE = "asset spare link from=09-10T11:00\ncheck spare/icmp 10m reach\nspare/icmp 09-10 11:00 ok 16:00\n"


def test_of_behind_any_those_in_service_count():
    # the link alone up to 11:00, from then on the spare helps
    found = found_of(LINK + SPARE + "asset cam camera behind_any=link,spare\n" + CAM)
    assert found.cut_off("cam") == ((at("09-10 09:50"), at("09-10 11:00")),)


def test_of_behind_any_with_none_in_service_nothing_is_cut_off():
    gone = LINK.replace("asset link link", "asset link link to=09-10T09:00")
    late = SPARE.replace("from=09-10T11:00", "from=09-10T18:00")
    found = found_of(gone + late + "asset cam camera behind_any=link,spare\n" + CAM)
    assert found.cut_off("cam") == NEVER


def test_an_empty_list_cuts_nothing_off():
    assert found_of(LINK + "asset cam camera\n" + CAM).cut_off("cam") == NEVER


def test_whoever_turns_round_is_cut_off_by_the_order_of_each_instant():
    # cam hangs behind link up to 11:00, the link behind cam from then on
    turn = (
        "asset link link\nasset link link behind=cam from=09-10T11:00\n"
        "asset cam camera behind=link\nasset cam camera from=09-10T11:00\n"
    )
    found = found_of(turn + LINK.partition("\n")[2] + CAM)
    assert found.cut_off("cam") == ((at("09-10 09:50"), at("09-10 11:00")),)
    assert found.cut_off("link") == ((at("09-10 11:00"), at("09-10 12:02")),)
    assert len(found.epochs) == 2


PORT = "check cam/rtsp 10m critical\ncam/rtsp 09-10 08:00 ok 10:00 fail 12:00 ok 16:00\n"


def severity(said, check="cam/icmp"):
    found = found_of(said)
    (incident,) = found.incidents(check)
    return found.severity(incident)


def test_a_reach_check_of_low_severity_hides_nothing():
    low = CAM.replace("10m reach", "10m minor reach")
    assert severity("asset cam camera\n" + low) == "minor"
    assert severity("asset cam camera\n" + low + PORT) == "critical"


def test_a_check_that_it_does_not_explain_lends_no_severity():
    low = CAM.replace("10m reach", "10m minor reach")
    well = PORT.replace("10:00 fail 12:00 ok ", "")
    assert severity("asset cam camera\n" + low + well) == "minor"


def test_a_check_of_another_asset_lends_no_severity():
    low = LINK.replace("10m reach", "10m minor reach")
    assert severity(low + "asset cam camera behind=link\n" + CAM + PORT, "link/icmp") == "minor"


def test_severity_is_that_of_the_instant_of_detection():
    low = CAM.replace("10m reach", "10m minor reach")
    later = "check cam/icmp 10m critical reach from=09-10T10:10\n"
    before = "check cam/icmp 10m critical reach from=09-10T10:00\n"
    assert severity("asset cam camera\n" + low + later) == "minor"
    assert severity("asset cam camera\n" + low + before) == "critical"


def test_a_check_defined_after_detection_lends_no_severity():
    low = CAM.replace("10m reach", "10m minor reach")
    late = PORT.replace("critical", "critical from=09-10T11:00")
    assert severity("asset cam camera\n" + low + late) == "minor"


def test_an_incident_explains_what_was_behind_it_then():
    # moved away at 11:00: what failed before that at 10:00 … is explained by the link
    moved = "asset cam camera behind=link\nasset cam camera from=09-10T11:00\n"
    found = found_of(LINK + moved + CAM)
    (incident,) = found.incidents("link/icmp")
    assert found.explains(incident) == ("cam/icmp",)
    never = "asset cam camera behind=link from=09-10T18:00\n"
    found = found_of(LINK + never + CAM.replace("cam/icmp 09-10 08:00", "cam/icmp 09-10 18:00 fail 18:30\n# cam"))
    (incident,) = found.incidents("link/icmp")
    assert found.explains(incident) == ()


def test_the_first_look_after_a_start_of_service_casts_its_shadow_back_to_the_service_only():
    # G is 30 min; in service from 09:50, the ping fails at 10:00, the port at 09:45 (out of its service) and 09:55
    said = (
        "asset cam camera from=09-10T09:50\ncheck cam/icmp 10m reach\ncheck cam/rtsp 10m\n"
        "cam/icmp 09-10 10:00 fail 11:00\ncam/rtsp 09-10 09:45 fail 10:55\n"
    )
    found = found_of(said)
    assert found.out("cam")[0][0] == at("09-10 09:50")
    assert detected(found, "cam/rtsp") == []
