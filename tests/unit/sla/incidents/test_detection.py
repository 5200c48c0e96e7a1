"""Out, cut off, explained (SPEC section 3) for all assets of a site together."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.contract.model import Measurement
from sla.evidence.intervals import (
    BEGINNING,
    END,
    NEVER,
    contains,
    difference,
    intersection,
    intersection_of,
    normal,
    union,
)
from sla.evidence.records import Asset, Check
from sla.evidence.runs import RunsBuilder
from sla.history.definitions import undated
from sla.history.topology import epochs_of
from sla.incidents.detection import Detection, cut_off_by, spread_out
from sla.incidents.sides import Side, gap_of

STEP = 1_000
RULES = Measurement(stable_for=2 * STEP, settle=STEP)
ASSETS = {
    each.id: undated(each)
    for each in (
        Asset(id="link", kind="link"),
        Asset(id="spare", kind="link"),
        Asset(id="sw", kind="switch", behind_any=("link", "spare")),
        Asset(id="cam", kind="camera", behind=("sw",)),
        Asset(id="server", kind="server"),
    )
}
CHECKS = {
    each.id: undated(each)
    for each in (
        Check(id="link/icmp", asset="link", interval_ms=STEP, reach=True),
        Check(id="spare/icmp", asset="spare", interval_ms=STEP, reach=True),
        Check(id="sw/icmp", asset="sw", interval_ms=STEP, reach=True),
        Check(id="cam/icmp", asset="cam", interval_ms=STEP, reach=True),
        Check(id="cam/rtsp", asset="cam", interval_ms=STEP),
        Check(id="server/http", asset="server", interval_ms=STEP),
    )
}


def sides(text: str) -> tuple[Side, ...]:
    """All readings of a check in one side, one letter a second."""
    builder = RunsBuilder(3 * STEP)
    builder.extend((n * STEP, each == "+") for n, each in enumerate(text) if each != " ")
    return (Side(BEGINNING, END, builder.build(), None),)


def detection(**seen: str) -> Detection:
    """Each check's readings as one letter a second: `+` ok, `-` fail, a space none; `link_icmp` is `link/icmp`."""
    letters = {name.replace("_", "/"): text for name, text in seen.items()}
    return Detection(ASSETS, CHECKS, RULES, lambda check: sides(letters.get(check, "")))


def seconds(spans):
    return [(begin / STEP, end / STEP) for begin, end in spans]


def test_a_gap_is_so_many_intervals():
    assert gap_of(CHECKS["link/icmp"].latest, Measurement(max_gap=3)) == 3 * STEP
    assert gap_of(Check(id="c", asset="a", interval_ms=333), Measurement(max_gap=2.5)) == 832


def test_without_a_reach_check_nothing_is_out():
    found = detection(server_http="+--+")
    assert (found.reach_out("server"), found.out("server"), found.cut_off("server")) == (NEVER, NEVER, NEVER)


def test_an_asset_is_out_while_its_reach_check_fails_and_until_it_has_settled():
    # ok 0, fail 1 and 2, ok 3: changing from 0, down, changing until 3, and settle of 1 after it
    assert seconds(detection(link_icmp="+--+").out("link")) == [(0, 4)]


def test_a_fail_alone_counts_for_a_gap_on_both_sides():
    assert seconds(detection(link_icmp="-").out("link")) == [(-3, 3)]


def test_a_port_looked_at_before_the_ping_after_a_start_is_no_fault_of_its_own():
    # the port fails at 0, the ping at 2 for the first time: the asset is out from 2 − 3 on
    found = detection(cam_rtsp="-  -", cam_icmp="  ---")
    assert found.incidents("cam/rtsp") == ()
    (incident,) = found.incidents("cam/icmp")
    assert (incident.detected, found.explains(incident)) == (2 * STEP, ("cam/rtsp",))


def test_more_than_a_gap_before_the_first_ping_a_port_s_fault_is_its_own():
    found = detection(cam_rtsp="-", cam_icmp="    --")
    assert [each.detected for each in found.incidents("cam/rtsp")] == [0]


def test_one_of_two_ways_is_enough():
    found = detection(link_icmp="+---+", spare_icmp="++++++")
    assert seconds(found.out("link")) == [(0, 5)]
    assert found.cut_off("sw") == NEVER


def test_with_both_ways_out_at_once_what_is_behind_is_cut_off_for_as_long():
    found = detection(link_icmp="+----+", spare_icmp="+++--+++")
    # link out [0, 6), spare [2, 6): both [2, 6)
    assert seconds(found.cut_off("sw")) == [(2, 6)]
    assert found.cut_off("cam") == found.out("sw") == found.cut_off("sw")


def test_a_fail_is_explained_by_what_the_check_is_behind():
    found = detection(link_icmp="+---++", spare_icmp="+---++", cam_icmp="++--++", cam_rtsp="++--++")
    assert found.incidents("cam/icmp") == found.incidents("cam/rtsp") == ()
    assert [each.detected for each in found.incidents("link/icmp")] == [STEP]


def test_another_check_of_an_asset_that_is_out_is_explained_by_the_reach_check():
    found = detection(cam_icmp="+--++", cam_rtsp="+--++")
    assert [each.detected for each in found.incidents("cam/icmp")] == [STEP]
    assert found.incidents("cam/rtsp") == ()
    assert found.shadow("cam/rtsp") == found.out("cam")
    assert found.shadow("cam/icmp") == found.cut_off("cam") == NEVER


def test_an_incident_names_the_checks_whose_fails_it_explains():
    found = detection(link_icmp="+---++", spare_icmp="+---++", cam_icmp="++--++", cam_rtsp="++++++")
    for check in ("link/icmp", "spare/icmp"):
        (incident,) = found.incidents(check)
        assert found.explains(incident) == ("cam/icmp",)


def test_an_incident_of_a_check_that_is_alone_explains_nothing():
    found = detection(server_http="+--++")
    (incident,) = found.incidents("server/http")
    assert found.explains(incident) == ()


def test_an_incident_without_an_end_explains_whatever_comes_later():
    found = detection(link_icmp="+-------", spare_icmp="+-------", cam_rtsp="+++++++-")
    (incident,) = found.incidents("link/icmp")
    assert incident.restored is None
    assert found.explains(incident) == ("cam/rtsp",)


def test_a_fail_before_it_began_is_none_of_its():
    found = detection(cam_icmp="++++++++--++", cam_rtsp="-+++++++--++")
    (incident,) = found.incidents("cam/icmp")
    assert found.explains(incident) == ("cam/rtsp",)
    early = detection(cam_icmp="++++++++--++", cam_rtsp="-+++++++++++")
    (incident,) = early.incidents("cam/icmp")
    assert early.explains(incident) == ()


def test_below_an_asset_is_all_that_hangs_behind_it():
    found = detection()
    assert found.below("link") == {"sw", "cam"}
    assert found.below("cam") == frozenset()


def test_the_checks_of_an_asset_are_all_of_it():
    found = detection()
    assert found.checks_of("cam") == ["cam/icmp", "cam/rtsp"]
    (epoch,) = found.epochs
    assert [name for name in epoch.order if name in ("link", "sw", "cam")] == ["link", "sw", "cam"]


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_without_readings_nothing_happened(check):
    found = detection()
    assert (found.incidents(check), found.shadow(check), found.fails(check)) == ((), NEVER, ())


texts = st.text("++++-- ", max_size=12)
worlds = st.fixed_dictionaries({name.replace("/", "_"): texts for name in CHECKS})


@given(worlds)
def test_being_cut_off_is_what_the_assets_above_say(seen):
    found = detection(**seen)
    for name, history in ASSETS.items():
        asset = history.latest
        ways = intersection_of(found.out(parent) for parent in asset.behind_any)
        assert found.cut_off(name) == union(ways, *(found.out(parent) for parent in asset.behind))
        assert found.out(name) == union(found.reach_out(name), found.cut_off(name))


@given(worlds)
def test_every_fail_is_explained_or_lies_in_an_incident_and_never_both(seen):
    found = detection(**seen)
    for check in CHECKS:
        incidents, shadow = found.incidents(check), found.shadow(check)
        for at in found.fails(check):
            inside = [each for each in incidents if each.detected <= at <= each.last_fail]
            assert contains(shadow, at) or len(inside) == 1
        for each in incidents:
            assert not contains(shadow, each.detected)
            assert not contains(shadow, each.last_fail)


@given(worlds)
def test_incidents_of_a_check_follow_each_other(seen):
    found = detection(**seen)
    for check in CHECKS:
        incidents = found.incidents(check)
        for before, after in itertools.pairwise(incidents):
            assert before.closed
            assert before.last_fail < before.restored <= after.detected
        assert all(each.detected <= each.last_fail for each in incidents)


@given(worlds, st.sampled_from(sorted(CHECKS)), texts)
def test_after_forgetting_a_check_all_is_as_if_seen_afresh(seen, check, text):
    letters = {name.replace("_", "/"): each for name, each in seen.items()}
    found = Detection(ASSETS, CHECKS, RULES, lambda name: sides(letters[name]))
    for name in CHECKS:
        found.incidents(name)
    letters[check] = text
    found.forget([check])
    fresh = Detection(ASSETS, CHECKS, RULES, lambda name: sides(letters[name]))
    for name in CHECKS:
        assert found.incidents(name) == fresh.incidents(name)
    for asset in ASSETS:
        assert (found.out(asset), found.cut_off(asset)) == (fresh.out(asset), fresh.cut_off(asset))


spans = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=4).map(normal)


@given(st.fixed_dictionaries(dict.fromkeys(ASSETS, spans)))
def test_more_outage_above_never_means_less_below(out):
    cut_off, all_out = spread_out(ASSETS, epochs_of(ASSETS), out.__getitem__)
    assert difference(cut_off["sw"], all_out["sw"]) == NEVER
    assert cut_off["cam"] == all_out["sw"]
    assert difference(intersection(out["link"], out["spare"]), cut_off["sw"]) == NEVER
    longer = {**out, "link": ((0, 30),)}
    more, _ = spread_out(ASSETS, epochs_of(ASSETS), longer.__getitem__)
    assert all(difference(cut_off[name], more[name]) == NEVER for name in ASSETS)


def test_an_asset_that_is_behind_nothing_is_never_cut_off():
    assert cut_off_by(ASSETS["server"].latest, {}, {}) == NEVER
