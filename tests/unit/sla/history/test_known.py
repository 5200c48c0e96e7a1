"""What of the evidence was known at an instant (SPEC §1, recorded)."""

from __future__ import annotations

import pytest

from sla.evidence.records import Acknowledged, Arrived, Claim, Inspection, Maintenance
from sla.history.known import known
from tests.support.timelines import at, availability, contract, evidence

WHAT = contract(availability(), term="2026-08-01 2026-12-31")
CAM = "asset cam camera\ncheck cam/icmp 60s\n"


def known_at(said, as_of):
    return known(evidence(CAM + said), WHAT, at(as_of))


@pytest.mark.parametrize(
    ("said", "before", "then"),
    [
        ("arrived cam/icmp 09-10 09:00", "09-10 08:59:59.999", "09-10 09:00"),
        ("arrived cam/icmp 09-10 09:00 recorded 09-12 09:00", "09-12 08:59:59.999", "09-12 09:00"),
        # said to be in the future: known when that has come, although it was taken in before
        ("arrived cam/icmp 09-10 09:00 recorded 09-01 09:00", "09-10 08:59:59.999", "09-10 09:00"),
    ],
)
def test_a_record_is_known_from_the_later_of_r_and_its_own_instant(said, before, then):
    assert (known_at(said, before).of(Arrived), len(known_at(said, then).of(Arrived))) == ((), 1)


def test_of_maintenance_the_announcement_is_its_instant():
    said = "maintenance m1 kind=camera 09-10 08:00 09:00 said 09-01 07:00"
    assert (known_at(said, "09-01 06:59").of(Maintenance), len(known_at(said, "09-01 07:00").of(Maintenance))) == (
        (),
        1,
    )


def test_a_definition_is_known_from_its_r_wherever_its_from_lies():
    said = "asset box x from=09-10T00:00 recorded 09-01 00:00"
    assert "box" not in known_at(said, "08-31 23:59").assets
    assert "box" in known_at(said, "09-01 00:00").assets
    assert "box" not in known_at("asset box x from=09-10T00:00", "09-09 23:59").assets  # without a stamp: its `from`


def test_what_is_left_out_as_later_is_counted():
    said = "arrived cam/icmp 09-10 09:00\nacknowledged cam/icmp 09-11 09:00\n"
    assert [known_at(said, f"09-{day} 12:00").left_out for day in ("09", "10", "11")] == [2, 1, 0]


def test_an_id_that_no_known_definition_has_counts_for_nothing_where_it_stands():
    said = """
    claim c1 gone 09-10 08:00 09:00 power said 10:00
    acknowledged gone/icmp 09-10 09:00
    inspection i1 I1 cam,lost 09-10 09:00
    asset box x behind=cam,away
    """
    found = known_at(said, "12-31 24:00")
    assert (found.of(Claim), found.of(Acknowledged)) == ((), ())
    assert [each.covers for each in found.of(Inspection)] == [("cam",)]
    assert found.assets["box"].latest.behind == ("cam",)
    assert found.unknown == {"gone", "gone/icmp", "lost", "away"}


def test_an_id_that_is_defined_later_is_unknown_until_then():
    said = "acknowledged box/icmp 09-10 09:00\nasset box x recorded 09-20 00:00\ncheck box/icmp 60s recorded 09-20 00:00\n"
    assert known_at(said, "09-11 00:00").unknown == {"box/icmp"}
    after = known_at(said, "09-20 00:00")
    assert (after.unknown, len(after.of(Acknowledged))) == (set(), 1)


def test_readings_of_a_check_that_nobody_defined_are_told_of_once_known():
    said = "check x/icmp 60s asset=x from=09-20T00:00\nx/icmp 09-10 09:00 ok*3\n"
    assert known_at(said, "09-10 08:59").unknown == set()
    assert known_at(said, "09-10 09:00").unknown == {"x/icmp"}


def test_records_named_wrong_are_not_looked_for_among_what_is_unknown():
    assert known_at("ruling nobody accepted 09-10 09:00\n", "12-31 24:00").unknown == set()
