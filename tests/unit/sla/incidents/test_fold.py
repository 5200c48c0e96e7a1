"""Incidents as readings come in (SPEC section 3): what the fold tells of now."""

from __future__ import annotations

import pytest

from sla.contract.model import Measurement
from sla.evidence.intervals import BEGINNING, END
from sla.evidence.records import Asset, Check
from sla.evidence.runs import RunsBuilder
from sla.history.definitions import undated
from sla.incidents.fold import IncidentFold
from sla.incidents.sides import Side

RULES = Measurement(stable_for=1_000, settle=1_000)
ASSETS = {
    each.id: undated(each)
    for each in (Asset(id="link", kind="link"), Asset(id="cam", kind="camera", behind=("link",)))
}
CHECKS = {
    each.id: undated(each)
    for each in (
        Check(id="link/icmp", asset="link", interval_ms=1_000, reach=True),
        Check(id="cam/rtsp", asset="cam", interval_ms=1_000),
    )
}


def fold(*seen: tuple[str, int, bool]) -> IncidentFold:
    found = IncidentFold(ASSETS, CHECKS, RULES)
    for check, at, ok in seen:
        found.observe(check, at, ok=ok)
    found.changed()
    return found


@pytest.mark.parametrize(
    ("ok", "now", "state"), [(True, 3_000, "up"), (False, 3_000, "down"), (True, 3_001, "unknown")]
)
def test_a_state_holds_until_its_last_reading_is_older_than_the_gap(ok, now, state):
    assert fold(("cam/rtsp", 0, ok)).state("cam/rtsp", now) == state


def test_of_what_was_never_seen_nothing_is_known():
    assert fold().state("cam/rtsp", 0) == "unknown"


def test_what_is_behind_a_link_that_is_out_is_cut_off_and_out():
    found = fold(("link/icmp", 0, True), ("link/icmp", 1_000, False), ("cam/rtsp", 1_500, False))
    assert (found.cut_off("cam", 1_500), found.out("cam", 1_500), found.out("link", 1_500)) == (True, True, True)
    assert (found.cut_off("link", 1_500), found.out("link", 5_000)) == (False, False)


def test_an_incident_tells_which_other_checks_it_explains():
    found = fold(("link/icmp", 0, True), ("link/icmp", 1_000, False), ("cam/rtsp", 1_500, False))
    (incident,) = found.incidents("link/icmp")
    assert found.explains(incident) == ("cam/rtsp",)
    assert found.incidents("cam/rtsp") == ()


@pytest.mark.parametrize("cut", range(10))
def test_taking_over_what_the_ledger_knows_is_having_seen_it(cut):
    seen = [(at * 1_000, at not in (2, 3, 6, 9)) for at in range(10)]
    builder = RunsBuilder(3_000)
    builder.extend(seen[:cut])
    taken = IncidentFold(ASSETS, CHECKS, RULES)
    taken.preload("cam/rtsp", (Side(BEGINNING, END, builder.build(), None),))
    for at, ok in seen[cut:]:
        taken.observe("cam/rtsp", at, ok=ok)
    taken.changed()
    assert taken.incidents("cam/rtsp") == fold(*(("cam/rtsp", *each) for each in seen)).incidents("cam/rtsp")
