"""Incidents of one check (SPEC §3); seconds stand for milliseconds times 1000 in `said`."""

from __future__ import annotations

import pytest

from sla.contract.model import Measurement
from sla.evidence.runs import RunsBuilder
from sla.incidents.incident import Incident, end_by, explained_fails, incidents_of

RULES = Measurement(stable_for=30)
OK, FAIL = True, False


def runs(*said: tuple[int, bool]):
    builder = RunsBuilder(20)
    builder.extend(said)
    return builder.build()


def found(*said: tuple[int, bool], shadow=(), rules=RULES) -> list[Incident]:
    return list(incidents_of("c", runs(*said), shadow, rules))


def series(begin: int, end: int, ok: bool) -> list[tuple[int, bool]]:
    return [(at, ok) for at in range(begin, end, 10)]


def test_without_fails_there_is_no_incident():
    assert found(*series(0, 100, OK)) == []


def test_an_incident_tells_both_bounds_of_its_beginning_and_end():
    (one,) = found(*series(0, 50, OK), *series(50, 80, FAIL), *series(80, 120, OK))
    assert one == Incident(check="c", detected=50, began_after=40, last_fail=70, restored=80, closed=True)


def test_failing_from_the_first_reading_it_began_nobody_knows_when():
    (one,) = found(*series(0, 30, FAIL))
    assert one == Incident(check="c", detected=0, began_after=None, last_fail=20, restored=None, closed=False)


def test_a_stable_run_must_last_from_its_first_to_its_last_reading():
    short = [*series(0, 10, FAIL), *series(10, 40, OK), *series(40, 50, FAIL)]  # ok 10 … 30: 20 < 30
    assert [one.detected for one in found(*short)] == [0]
    long = [*series(0, 10, FAIL), *series(10, 50, OK), *series(50, 60, FAIL)]  # ok 10 … 40: 30
    assert [one.detected for one in found(*long)] == [0, 50]


def test_unknown_time_inside_breaks_a_stable_run():
    # ok 10, 20 and, 21 later, 41, 51: neither part lasts 30
    one = [(0, FAIL), (10, OK), (20, OK), (41, OK), (51, OK), (60, FAIL)]
    assert [each.detected for each in found(*one)] == [0]


def test_once_stable_a_later_gap_opens_nothing_again():
    one = [(0, FAIL), *series(10, 50, OK), (100, OK), (110, FAIL)]
    assert [each.detected for each in found(*one)] == [0, 110]


def test_unknown_time_never_ends_an_incident():
    one = [(0, FAIL), (1000, FAIL)]
    assert [(each.detected, each.last_fail) for each in found(*one)] == [(0, 1000)]


def test_restored_is_the_first_ok_after_the_last_fail_even_where_it_did_not_last():
    (one,) = found((0, FAIL), (10, OK), (20, FAIL), (30, OK), (40, OK))
    assert (one.last_fail, one.restored, one.closed) == (20, 30, False)


def test_an_explained_fail_is_no_incident():
    assert found((0, OK), (10, FAIL), (20, OK), shadow=((5, 15),)) == []


def test_the_shadow_ends_before_its_end():
    assert [each.detected for each in found((0, OK), (10, FAIL), (20, OK), shadow=((5, 10),))] == [10]


def test_explained_fails_at_the_edges_of_an_incident_are_left_out():
    said = [(0, OK), (10, FAIL), (20, FAIL), (30, FAIL), (40, OK)]
    (one,) = found(*said, shadow=((5, 15), (25, 35)))
    assert (one.detected, one.last_fail, one.restored, one.began_after) == (20, 20, 40, 0)


def test_an_explained_fail_does_not_break_a_stable_run():
    # ok 10, 20, (30 explained), 40: no more than G = 20 between, 30 from first to last
    said = [(0, FAIL), (10, OK), (20, OK), (30, FAIL), (40, OK), (50, FAIL)]
    assert [each.detected for each in found(*said, shadow=((25, 35),))] == [0, 50]
    assert [each.detected for each in found(*said)] == [0]


def test_explained_fails_that_leave_too_long_a_gap_break_it():
    said = [(0, FAIL), (10, OK), (20, OK), (30, FAIL), (41, OK), (50, FAIL)]
    assert [each.detected for each in found(*said, shadow=((25, 35),))] == [0]


@pytest.mark.parametrize(("doubt", "end"), [("vendor", 70), ("customer", 80), ("split", 75)])
def test_the_end_is_taken_by_the_doubt(doubt, end):
    (one,) = found(*series(0, 50, OK), *series(50, 80, FAIL), *series(80, 120, OK))
    assert one.end(doubt) == end


def test_half_of_an_odd_span_is_rounded_down():
    assert end_by("split", 70, 81) == 75


def test_without_a_restoration_only_the_vendor_has_an_end():
    assert [end_by(doubt, 70, None) for doubt in ("vendor", "customer", "split")] == [70, None, None]


@pytest.mark.parametrize(
    ("doubt", "shorter", "blip"),
    [
        ("vendor", 20, False),
        ("vendor", 21, True),
        ("customer", 30, False),
        ("customer", 31, True),
        ("split", 26, True),
    ],
)
def test_a_blip_is_shorter_by_the_contracts_own_doubt(doubt, shorter, blip):
    rules = Measurement(stable_for=30, ignore_shorter=shorter, doubt=doubt)
    (one,) = found(*series(0, 50, OK), *series(50, 80, FAIL), *series(80, 120, OK), rules=rules)
    assert one.blip is blip


def test_what_is_not_closed_is_no_blip_yet():
    rules = Measurement(stable_for=30, ignore_shorter=1000)
    (one,) = found((0, OK), (10, FAIL), (20, OK), rules=rules)
    assert one.blip is False


def test_a_blip_bounds_its_neighbours():
    rules = Measurement(stable_for=30, ignore_shorter=5)
    said = [(0, FAIL), *series(10, 60, OK), (60, FAIL), *series(70, 120, OK), (120, FAIL), (130, FAIL)]
    assert [(one.detected, one.blip) for one in found(*said, rules=rules)] == [(0, True), (60, True), (120, False)]


def test_with_nothing_to_be_stable_for_every_ok_ends_an_incident():
    rules = Measurement(stable_for=0)
    assert [one.detected for one in found((0, FAIL), (10, OK), (20, FAIL), rules=rules)] == [0, 20]


def test_explained_fails_are_those_in_the_shadow():
    said = runs((0, OK), (10, FAIL), (20, FAIL), (30, FAIL))
    assert explained_fails(said, ((15, 30),)) == (20,)
    assert explained_fails(said, ()) == ()
    assert explained_fails(runs((0, OK)), ((0, 30),)) == ()
