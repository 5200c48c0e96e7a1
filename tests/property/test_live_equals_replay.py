"""The fold that watches live, and judging in hindsight, find the same incidents at any cut."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.contract.model import Measurement
from sla.evidence.listed import ListedReadings
from sla.evidence.records import Asset, Check, Reading
from sla.incidents.detection import Detection
from sla.incidents.fold import IncidentFold

RULES = Measurement(max_gap=Fraction(3), stable_for=4_000, settle=1_000, ignore_shorter=1_500, doubt="customer")
ASSETS = {
    "core": Asset(id="core", kind="link"),
    "spare": Asset(id="spare", kind="link"),
    "link": Asset(id="link", kind="link", behind=("core",)),
    "cam": Asset(id="cam", kind="camera", behind=("link",), behind_any=("core", "spare")),
}
CHECKS = {
    check.id: check
    for check in (
        Check(id="core/icmp", asset="core", interval_ms=1000, reach=True),
        Check(id="spare/icmp", asset="spare", interval_ms=700, reach=True),
        Check(id="link/icmp", asset="link", interval_ms=1000, reach=True),
        Check(id="cam/icmp", asset="cam", interval_ms=1000, reach=True),
        Check(id="cam/rtsp", asset="cam", interval_ms=500),
    )
}
readings = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(sorted(CHECKS)), st.booleans()), max_size=60).map(
    lambda found: sorted((at * 500, check, ok) for at, check, ok in found)
)


def replay(taken, until):
    source = ListedReadings()
    for at, check, ok in taken:
        source.add(Reading(check=check, at=at, outcome="ok" if ok else "fail"))
    return Detection(ASSETS, CHECKS, RULES, lambda check, gap: source.runs(check, gap, until))


@given(readings, st.lists(st.booleans(), min_size=60, max_size=60))
@settings(max_examples=300, deadline=None)
def test_live_incidents_equal_replayed_ones_at_any_cut(taken, asked):
    fold = IncidentFold(ASSETS, CHECKS, RULES)
    for n, (at, check, ok) in enumerate(taken):
        fold.observe(check, at, ok=ok)
        if asked[n]:
            fold.changed()
            whole = replay(taken[: n + 1], at)
            assert {name: fold.incidents(name) for name in CHECKS} == {name: whole.incidents(name) for name in CHECKS}


@given(readings, st.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_changes_add_up_to_the_incidents(taken, pause):
    fold = IncidentFold(ASSETS, CHECKS, RULES)
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
        (name, incident.detected): incident for name in CHECKS for incident in whole.incidents(name)
    }


@given(readings, st.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_a_restart_at_any_reading_changes_no_incident(taken, cut):
    before = replay(taken[:cut], 10**6)
    fold = IncidentFold(ASSETS, CHECKS, RULES)
    for name in CHECKS:
        fold.preload(name, before.runs(name))
    for at, check, ok in taken[cut:]:
        fold.observe(check, at, ok=ok)
    fold.changed()
    whole = replay(taken, 10**6)
    assert {name: fold.incidents(name) for name in CHECKS} == {name: whole.incidents(name) for name in CHECKS}
