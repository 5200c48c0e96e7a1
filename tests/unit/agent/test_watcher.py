"""What the agent knows of its checks: states, incidents, and what explains them. Minutes since BEGIN."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.watcher import STATES, counts_of
from tests.support.agents.parts import BEGIN, CAMERAS, MINUTE, readings_of, small_site, watcher_of

SITE = small_site()
CHECKS = [plan.id for plan in SITE.checks]


def at(minutes: float) -> int:
    return BEGIN + round(minutes * MINUTE)


def followed(words: str):
    """A watcher that has observed these readings, and what became of incidents."""
    watcher = watcher_of(SITE)
    return watcher, watcher.observe(readings_of(words))


def test_what_was_never_seen_is_unknown():
    watcher, changes = followed("")
    assert [watcher.state(check, at(0)) for check in CHECKS] == ["unknown"] * 5
    assert changes == []
    assert watcher.counts(CHECKS, at(0)) == {"up": 0, "down": 0, "cut_off": 0, "unknown": 5}


def test_a_check_is_what_its_last_reading_says_until_it_is_three_intervals_old():
    """One a minute: G is 3 minutes (SPEC §2)."""
    watcher, _ = followed("link/icmp 0 ok 1 ok")
    assert watcher.state("link/icmp", at(1)) == "up"
    assert watcher.state("link/icmp", at(4)) == "up"
    assert watcher.state("link/icmp", at(4) + 1) == "unknown"


def test_a_fail_is_an_incident_at_once_and_the_first_ok_restores_it():
    watcher, changes = followed("link/icmp 0 ok 1 fail:silent")
    (change,) = changes
    assert (change.check, change.before, change.after.detected, change.after.began_after) == (
        "link/icmp",
        None,
        at(1),
        at(0),
    )
    assert watcher.state("link/icmp", at(1)) == "down"
    assert watcher.why("link/icmp") == "silent"
    assert watcher.is_open("link/icmp", at(1))
    assert [each.check for each in watcher.open_incidents()] == ["link/icmp"]
    (restored,) = watcher.observe(readings_of("link/icmp 2 ok"))
    assert (restored.before.restored, restored.after.restored) == (None, at(2))
    assert not watcher.is_open("link/icmp", at(1))
    assert watcher.open_incidents() == []


def test_what_is_no_incident_is_asked_for_in_vain():
    watcher, _ = followed("link/icmp 0 ok 1 fail")
    assert watcher.incident("link/icmp", at(0)) is None
    assert watcher.incident("cam-1/icmp", at(1)) is None
    assert not watcher.is_open("cam-1/icmp", at(1))


def test_cameras_behind_a_link_that_is_down_are_cut_off():
    words = "link/icmp 0 ok 1 fail\n" + "\n".join(f"{name}/icmp 0 ok 1.1 fail" for name in CAMERAS)
    watcher, _ = followed(words)
    now = at(1.2)
    assert watcher.counts(CHECKS, now) == {"up": 0, "down": 1, "cut_off": 3, "unknown": 1}
    (incident,) = watcher.open_incidents()
    assert [asset.id for asset in watcher.cut_off_by(incident)] == list(CAMERAS)
    assert watcher.is_cut_off("cam-1", now)
    assert not watcher.is_cut_off("link", now)


def test_a_check_that_is_not_of_reach_cuts_nothing_off():
    watcher, _ = followed("link/page 0 ok 1 fail")
    (incident,) = watcher.open_incidents()
    assert watcher.cut_off_by(incident) == ()
    assert watcher.state("link/page", at(1)) == "down"


def test_a_page_of_an_asset_that_is_out_itself_is_cut_off():
    watcher, _ = followed("link/icmp 0 ok 1 fail\nlink/page 0 ok 1.1 fail")
    assert watcher.state("link/page", at(1.1)) == "cut_off"


def test_a_camera_that_fails_before_its_link_was_seen_stands_as_an_incident_until_then():
    watcher, changes = followed("link/icmp 0 ok\ncam-1/icmp 0 ok 1 fail")
    assert [change.check for change in changes] == ["cam-1/icmp"]
    gone = [change for change in watcher.observe(readings_of("link/icmp 1.2 fail")) if change.after is None]
    assert [change.check for change in gone] == ["cam-1/icmp"]
    assert watcher.state("cam-1/icmp", at(1.2)) == "cut_off"


@pytest.mark.parametrize(
    ("check", "above"),
    [
        ("cam-1/icmp", ["link/icmp"]),
        ("link/page", ["link/icmp"]),
        ("link/icmp", []),
    ],
)
def test_what_could_explain_a_fail_is_upstream_or_the_asset_s_own_reach(check, above):
    assert watcher_of(SITE).reach_checks_above(check) == above


def test_what_waits_for_a_link_is_behind_it_and_fails():
    words = "link/icmp 0 fail\nlink/page 0 fail\ncam-1/icmp 0 fail\ncam-2/icmp 0 ok"
    watcher, _ = followed(words)
    assert sorted(watcher.failing_below("link/icmp")) == ["cam-1/icmp", "link/page"]
    assert watcher.failing_below("cam-2/icmp") == []


def test_why_something_could_not_be_seen_is_known_until_it_is_seen():
    watcher, changes = followed("cam-1/icmp 0 ok 1 none:refused")
    assert changes == []
    assert watcher.why_unseen("cam-1/icmp") == "refused"
    assert watcher.state("cam-1/icmp", at(1)) == "up"
    watcher.observe(readings_of("cam-1/icmp 2 ok"))
    assert watcher.why_unseen("cam-1/icmp") == ""


def test_none_says_nothing_about_a_check():
    watcher, _ = followed("cam-1/icmp 0 none 1 none")
    assert watcher.last("cam-1/icmp") is None
    assert watcher.state("cam-1/icmp", at(1)) == "unknown"


def test_the_past_of_the_ledger_is_taken_up_with_its_last_reason():
    watcher = watcher_of(SITE, "link/icmp 0 ok 1 fail:old 2 fail:silent\ncam-1/icmp 0 fail:x 1 ok")
    assert watcher.last("link/icmp") == (at(2), False, "silent")
    assert watcher.why("link/icmp") == "silent"
    assert watcher.why("cam-1/icmp") == ""
    changes = watcher.observe(())
    assert {(change.check, change.after.detected) for change in changes} >= {("link/icmp", at(1))}
    assert watcher.state("link/icmp", at(2)) == "down"


def test_taking_up_the_ledger_again_forgets_what_it_does_not_hold():
    watcher, _ = followed("link/icmp 0 ok 1 fail:silent\ncam-1/icmp 1 none:refused")
    watcher.is_outdated = True
    fresh = watcher_of(SITE, "link/icmp 0 ok 1 ok")
    watcher.take_up(fresh._past)
    assert not watcher.is_outdated
    assert watcher.state("link/icmp", at(1)) == "up"
    assert watcher.open_incidents() == []
    assert watcher.why("link/icmp") == ""
    assert watcher.why_unseen("cam-1/icmp") == ""
    assert watcher.observe(()) == []


def test_every_state_is_counted_also_where_none_is_in_it():
    assert counts_of([]) == dict.fromkeys(STATES, 0)
    assert counts_of(["up", "up", "down"])["up"] == 2


steps = st.lists(st.tuples(st.sampled_from(CHECKS), st.sampled_from(["ok", "fail", "none"])), min_size=1, max_size=25)


def timeline(taken) -> str:
    return "\n".join(f"{check} {n} {outcome}" for n, (check, outcome) in enumerate(taken))


@given(steps, st.integers(0, 25))
@settings(max_examples=80, deadline=None)
def test_a_restart_at_any_reading_changes_no_state_and_no_incident(taken, cut):
    """The law of the fold: what was followed live is what is taken up from the ledger."""
    live, _ = followed(timeline(taken))
    before, after = timeline(taken[:cut]), readings_of(timeline(taken))[cut:]
    restarted = watcher_of(SITE, before)
    restarted.observe(after)
    now = at(len(taken) - 1)
    assert [restarted.state(check, now) for check in CHECKS] == [live.state(check, now) for check in CHECKS]
    key = lambda each: (each.check, each.detected)  # noqa: E731 - an order for both
    assert sorted(restarted.open_incidents(), key=key) == sorted(live.open_incidents(), key=key)
    assert [restarted.last(check) and restarted.last(check)[:2] for check in CHECKS] == [
        live.last(check) and live.last(check)[:2] for check in CHECKS
    ]


@given(steps)
@settings(max_examples=60, deadline=None)
def test_every_check_is_in_exactly_one_state_at_any_time(taken):
    watcher, _ = followed(timeline(taken))
    for minute in (0, len(taken), len(taken) + 10):
        counts = watcher.counts(CHECKS, at(minute))
        assert sum(counts.values()) == len(CHECKS)
    assert watcher.counts(CHECKS, at(len(taken) + 10))["unknown"] == len(CHECKS)
