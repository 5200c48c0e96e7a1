"""The agent's time goes on from its own stamps, whatever people hand in, and survives a clock that was years ahead."""

from __future__ import annotations

import logging

import pytest

from agent.ledger.start_up import take_up
from sla.evidence.records import Acknowledged, Asset, Check
from sla.history.known import known
from sla.ledger import Entry, Ledger, LedgerView
from tests.support.agents.parts import BEGIN, MINUTE, Watch, readings_of, small_site

SITE = small_site()
ORIGIN = {"software": "sla-agent 1", "config": "ab", "contract": "cd"}
DAY = 86_400_000
YEAR = 365 * DAY


@pytest.fixture
def ledger(tmp_path):
    found = Ledger.open(tmp_path, site="zhanhe", software="test 1")
    yield found
    found.close(Watch().now())


def started(ledger, ms, off_ms=0, *, synced=False):
    """A start so long after the beginning; the wall clock is off by so much."""
    return take_up(ledger, SITE, None, ORIGIN, Watch(ms=ms, off_ms=off_ms, synced=synced))


def test_what_people_say_of_the_future_does_not_move_the_clock_and_is_told(ledger, caplog):
    """Of a ledger that took it in before: an acknowledgement in a year."""
    started(ledger, 0)
    ahead = Acknowledged(check="link/icmp", at=BEGIN + YEAR)
    ledger.commit(Watch().now(), entries=[Entry.of(ahead, actor="local:wang")])
    ledger.commit(Watch().now(), readings=readings_of(f"link/icmp {YEAR // MINUTE} ok"))
    with caplog.at_level(logging.WARNING):
        found = started(ledger, 5 * MINUTE)
    assert found.started_at == BEGIN + 5 * MINUTE
    assert found.time.is_trusted(5 * MINUTE)
    assert "1 records lie ahead of the clock" in caplog.text
    assert "readings lie ahead of the clock, up to 2027-10-30" in caplog.text


def test_time_goes_on_from_the_agents_own_readings(ledger):
    started(ledger, 0)
    ledger.commit(Watch(ms=10 * MINUTE).now(), readings=readings_of("link/icmp 10 ok"))
    assert started(ledger, 9 * MINUTE).started_at == BEGIN + 10 * MINUTE


@pytest.mark.parametrize("synced", [False, True])
def test_a_clock_that_was_two_years_ahead_at_one_start_and_is_right_again_is_survived(ledger, caplog, synced):
    started(ledger, 0)
    ledger.commit(Watch(ms=MINUTE).now(), readings=readings_of("link/icmp 1 ok"))
    started(ledger, DAY, 2 * YEAR)
    ahead = Watch(ms=DAY + MINUTE, off_ms=2 * YEAR)
    ledger.commit(ahead.now(), readings=readings_of(f"link/icmp {(DAY + 2 * YEAR) // MINUTE + 1} fail"))
    ledger.commit(ahead.now(), entries=[Entry.of(Acknowledged(check="link/icmp", at=BEGIN), actor="local:wang")])
    with caplog.at_level(logging.ERROR):
        found = started(ledger, DAY + 5 * MINUTE, synced=synced)
    assert found.started_at == BEGIN + DAY + 5 * MINUTE
    assert found.time.is_trusted(DAY + 5 * MINUTE)
    assert "clock was ahead when the agent ran before" in caplog.text
    (step,) = [each.body for each in ledger.entries(("agent",)) if each.body["event"] == "clock_step"]
    assert (step["decision"], step["by_ms"] < -YEAR) == ("set_back", True)
    assert found.past.sides["link/icmp"][0].runs.last_at == BEGIN + MINUTE
    (said,) = ledger.evidence().of(Acknowledged)
    assert said.recorded_at == found.started_at, "what was recorded meanwhile is known since the clock was set back"
    assert started(ledger, 2 * DAY).started_at == BEGIN + 2 * DAY, "and that is said once"


def test_a_first_start_two_years_ahead_is_left_by_a_clock_that_is_vouched_for(ledger):
    started(ledger, 0, 2 * YEAR)
    found = started(ledger, DAY, synced=True)
    assert found.time.is_trusted(DAY)
    knows = known(ledger.evidence(), None, found.started_at)
    assert set(knows.checks) == {plan.id for plan in SITE.checks}, "definitions are not two years in the future"
    assert {each.begin for each in ledger.evidence().of(Check)} == {None}
    assert len(ledger.evidence().of(Asset)) == len(SITE.assets)


@pytest.mark.parametrize("behind", [YEAR, 100 * DAY])
def test_a_clock_that_is_behind_all_that_the_ledger_covers_is_waited_for(ledger, caplog, behind):
    """The battery is flat: a machine of a year's ledger wakes up some time before its end."""
    for day in range(0, 365, 5):
        ledger.commit(Watch(ms=day * DAY).now(), entries=[Entry(kind="note", body={}, actor="agent")])
    started(ledger, YEAR)
    with caplog.at_level(logging.ERROR):
        found = started(ledger, YEAR + MINUTE, -behind)
    assert not found.time.is_trusted(YEAR + MINUTE)
    assert "is behind the ledger" in caplog.text
    assert found.started_at == BEGIN + YEAR


def test_an_export_has_the_same_stamps_as_the_ledger(ledger, tmp_path):
    started(ledger, 0)
    started(ledger, DAY, 2 * YEAR)
    started(ledger, DAY + MINUTE, synced=True)
    view = LedgerView.open(tmp_path)
    assert not any("2028-" in line and '"recorded_at": "2028' in line for line in view.export())
    view.close()
