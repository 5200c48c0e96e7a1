"""The fold that watches live, and judging in hindsight, find the same incidents at any cut."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.contract.model import Measurement
from sla.evidence.evidence import evidence_from
from sla.evidence.listed import ListedReadings
from sla.evidence.records import Asset, Check, Reading
from sla.history.known import known
from sla.incidents.detection import Detection
from sla.incidents.fold import IncidentFold
from sla.incidents.sides import sides_of

RULES = Measurement(max_gap=Fraction(3), stable_for=4_000, settle=1_000, ignore_shorter=1_500, doubt="customer")
ASSETS = (
    Asset(id="core", kind="link"),
    Asset(id="spare", kind="link"),
    Asset(id="link", kind="link", behind=("core",)),
    Asset(id="cam", kind="camera", behind=("link",), behind_any=("core", "spare")),
)
CHECKS = (
    Check(id="core/icmp", asset="core", interval_ms=1000, reach=True),
    Check(id="spare/icmp", asset="spare", interval_ms=700, reach=True),
    Check(id="link/icmp", asset="link", interval_ms=1000, reach=True),
    Check(id="cam/icmp", asset="cam", interval_ms=1000, reach=True),
    Check(id="cam/rtsp", asset="cam", interval_ms=500),
)
NAMES = sorted(check.id for check in CHECKS)
readings = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(NAMES), st.booleans()), max_size=60).map(
    lambda found: sorted((at * 500, check, ok) for at, check, ok in found)
)
instants = st.integers(-1, 32).map(lambda at: at * 500)


def changed_at(begin: int, end: int | None, which: int) -> Asset | Check:
    """A definition that begins then: of another interval, no reach check any more, elsewhere, or out of service."""
    return (
        replace(CHECKS[4], interval_ms=2_000, begin=begin),
        replace(CHECKS[3], reach=False, begin=begin),
        replace(CHECKS[2], begin=begin, end=begin if end is None else max(begin, end)),
        replace(ASSETS[3], begin=begin, behind=(), behind_any=("spare",)),
        replace(ASSETS[2], begin=begin, end=begin),
        replace(ASSETS[2], begin=begin),
        replace(CHECKS[4], begin=begin, interval_ms=250),
    )[which]


histories = st.lists(st.builds(changed_at, instants, st.none() | instants, st.integers(0, 6)), max_size=4).map(
    lambda found: tuple(replace(each, recorded_at=n) for n, each in enumerate(found))
)


def site(changes=(), taken=()):
    """What is known of the site, and of these readings."""
    source = ListedReadings()
    for at, check, ok in taken:
        source.add(Reading(check=check, at=at, outcome="ok" if ok else "fail"))
    return known(evidence_from([*ASSETS, *CHECKS, *changes], source), None, 10**6)


def replay(taken, until, changes=()):
    found = site(changes, taken)
    return Detection(
        found.assets, found.checks, RULES, lambda check: sides_of(found.readings, found.checks[check], RULES, until)
    )


def fold_of(changes=()):
    found = site(changes)
    return IncidentFold(found.assets, found.checks, RULES)


def incidents(found):
    return {name: found.incidents(name) for name in NAMES}


@given(readings, st.lists(st.booleans(), min_size=60, max_size=60), histories)
@settings(max_examples=400, deadline=None)
def test_live_incidents_equal_replayed_ones_at_any_cut(taken, asked, changes):
    fold = fold_of(changes)
    for n, (at, check, ok) in enumerate(taken):
        fold.observe(check, at, ok=ok)
        if asked[n]:
            fold.changed()
            assert incidents(fold) == incidents(replay(taken[: n + 1], at, changes))


@given(readings, st.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_changes_add_up_to_the_incidents(taken, pause):
    fold = fold_of()
    known = {}
    for n, (at, check, ok) in enumerate(taken):
        fold.observe(check, at, ok=ok)
        if n % (pause + 1) == 0 or n == len(taken) - 1:
            for change in fold.changed():
                key = (change.check, (change.before or change.after).detected)
                assert known.get(key) == change.before
                known[key] = change.after
    whole = replay(taken, 10**6)
    assert {key: value for key, value in known.items() if value} == {
        (name, incident.detected): incident for name in NAMES for incident in whole.incidents(name)
    }


@given(readings, st.integers(0, 60), histories)
@settings(max_examples=300, deadline=None)
def test_a_restart_at_any_reading_changes_no_incident(taken, cut, changes):
    until = taken[min(cut, len(taken)) - 1][0] if taken and cut else -1
    before = replay(taken[:cut], until, changes)
    fold = fold_of(changes)
    for name in NAMES:
        fold.preload(name, before.sides(name))
    for at, check, ok in taken[cut:]:
        fold.observe(check, at, ok=ok)
    fold.pass_time(10**6)
    fold.changed()
    assert incidents(fold) == incidents(replay(taken, 10**6, changes))


def test_an_incident_that_left_with_its_check_is_open_again_when_the_check_comes_back():
    changes = (
        replace(CHECKS[2], begin=500, end=500, recorded_at=0),
        replace(CHECKS[2], begin=1_500, recorded_at=1),
    )
    fold = fold_of(changes)
    fold.observe("link/icmp", 0, ok=False)
    found = []
    for now in (0, 500, 1_000, 1_500):
        fold.pass_time(now)
        fold.changed()
        (live,), (again,) = (
            fold.incidents("link/icmp"),
            replay([(0, "link/icmp", False)], now, changes).incidents("link/icmp"),
        )
        assert live == again
        found.append(live.withdrawn)
    assert found == [None, 500, 500, None]
