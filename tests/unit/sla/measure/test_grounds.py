"""By whose word time is excused: together the grounds are exactly the excused time of SPEC §4."""

from __future__ import annotations

import pytest

from sla.evidence.intervals import union
from sla.measure.analysis import Analysis
from sla.measure.grounds import Grounds
from tests.support.timelines import at, availability, contract, evidence

WORLD = """
asset link link
asset cam camera behind=link
asset other camera
check link/x 1m reach
check cam/x 1m reach
link/x 10-01 00:00 ok 08:00 fail 12:00 ok 10-03 00:00
cam/x 10-01 00:00 ok 08:00 fail 12:00 ok 10-03 00:00
"""


def grounds(text, **keys):
    analysis = Analysis(contract(availability(), **keys), evidence(WORLD + text), at("10-05 00:00"))
    return analysis, Grounds(analysis)


def told(found):
    return [(each.kind, each.id, each.via, each.spans) for each in found]


def span(begin, end):
    return ((at(f"10-01 {begin}"), at(f"10-01 {end}")),)


def test_a_claim_names_who_ruled_and_when():
    _, found = grounds("claim c1 other 10-01 09:00 10:00 power said 11:00 accepted 12:00")
    (ground,) = found.of("other")
    assert (ground.kind, ground.id, ground.at, ground.spans) == (
        "claim",
        "c1",
        at("10-01 12:00"),
        span("09:00", "10:00"),
    )


@pytest.mark.parametrize("fate", ["", "rejected 10-02 12:00"])
def test_a_claim_that_is_not_accepted_is_no_ground(fate):
    _, found = grounds(f"claim c1 other 10-01 09:00 10:00 power said 11:00 {fate}")
    assert found.of("other") == ()


def test_the_last_ruling_stands():
    _, found = grounds(
        "claim c1 other 10-01 09:00 10:00 power said 11:00 accepted 12:00\nruling c1 rejected 10-02 12:00"
    )
    assert found.of("other") == ()


def test_maintenance_excuses_within_the_allowance_only():
    _, found = grounds("maintenance m1 ids=other 10-01 02:00 05:00 said 10-01 00:00", allowance="2h")
    assert told(found.of("other")) == [("maintenance", "m1", "", span("02:00", "04:00"))]


def test_what_excuses_a_link_excuses_its_camera_by_way_of_it():
    """The link is out from 07:59 (changing) on; of that, 09:00 to 10:00 is excused, and so the camera then."""
    _, found = grounds("claim c1 link 10-01 09:00 10:00 power said 11:00 accepted 12:00")
    assert told(found.of("cam")) == [("claim", "c1", "link", span("09:00", "10:00"))]
    assert told(found.of("link")) == [("claim", "c1", "", span("09:00", "10:00"))]


def test_grounds_together_are_the_excused_time():
    text = """
    claim c1 link 10-01 09:00 10:30 power said 11:00 accepted 12:00
    claim c2 cam 10-01 10:00 11:00 power said 11:00 accepted 12:00
    maintenance m1 kind=camera 10-01 10:45 11:30 said 10-01 00:00
    """
    analysis, found = grounds(text)
    for asset in ("link", "cam", "other"):
        assert union(*(each.spans for each in found.of(asset))) == analysis.excuses.of(asset)
