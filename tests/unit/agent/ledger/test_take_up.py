"""What is read from the ledger and put into it before any part of the agent is built."""

from __future__ import annotations

import pytest

from agent.alerts.outbox import IncidentKey, Message
from agent.ledger.start_up import take_up
from config.site.model import Site
from sla.evidence.records import AgentEvent, Check
from sla.ledger import Entry, Ledger
from tests.support.agents.parts import BEGIN, MINUTE, Watch, definitions, kept_ledger, readings_of, small_site

SITE = small_site()
ORIGIN = {"software": "sla-agent 1", "config": "ab", "contract": "cd"}


@pytest.fixture
def ledger(tmp_path):
    found = Ledger.open(tmp_path, site="zhanhe", software="test 1")
    yield found
    found.close(Watch().now())


def test_the_start_names_what_runs_and_whether_it_is_practice(ledger):
    start = take_up(ledger, SITE, None, ORIGIN, Watch(ms=5_000))
    (event,) = ledger.evidence().of(AgentEvent)
    assert (event.event, event.at) == ("start", BEGIN + 5_000)
    assert event.details == {**ORIGIN, "practice": False}
    assert start.started_at == BEGIN + 5_000


def test_the_site_s_definitions_are_on_disk_and_in_the_past(ledger):
    start = take_up(ledger, SITE, None, ORIGIN, Watch())
    assert set(start.past.assets) == {asset.id for asset in SITE.assets}
    assert set(start.past.checks) == {plan.id for plan in SITE.checks}
    assert {each.id for each in ledger.evidence().of(Check)} == set(start.past.checks)
    assert start.alerts == []


def test_a_second_start_on_the_same_site_takes_up_what_the_first_saw(tmp_path):
    ledger = kept_ledger(tmp_path, SITE, Watch(), readings_of("link/icmp 0 ok 1 fail:silent"))
    start = take_up(ledger, SITE, None, ORIGIN, Watch(ms=2 * MINUTE))
    assert start.past.reasons == {"link/icmp": "silent"}
    assert list(start.past.sides["link/icmp"][0].runs.fails) == [BEGIN + MINUTE]
    ledger.close(Watch().now())


def test_time_is_never_earlier_than_what_the_ledger_holds(tmp_path):
    """The battery of the clock is flat: the machine starts a year ago."""
    ledger = kept_ledger(tmp_path, SITE, Watch(), readings_of("link/icmp 10 ok"))
    watch = Watch(ms=0, off_ms=-365 * 86_400_000, synced=False)
    start = take_up(ledger, SITE, None, ORIGIN, watch)
    assert start.started_at >= BEGIN + 10 * MINUTE
    assert not start.time.is_trusted(watch.boot_ms())
    ledger.close(Watch().now())


def test_alerts_that_were_written_before_are_taken_up_in_order(ledger):
    for number in ("1", "2"):
        message = Message(
            id=number,
            channel="phone",
            statement="detected",
            about=(IncidentKey("link/icmp", 1),),
            subject="s",
            body="b",
            written_at=int(number),
        )
        ledger.commit(Watch().now(), entries=[message.entry()])
    start = take_up(ledger, SITE, None, ORIGIN, Watch())
    assert [entry.body["id"] for entry in start.alerts] == ["1", "2"]


def test_a_check_of_reach_that_was_renamed_gives_way(ledger):
    old = [each for each in definitions(SITE) if not (isinstance(each, Check) and each.id == "link/icmp")]
    old.append(Check(id="link/ping", asset="link", interval_ms=60_000, reach=True))
    ledger.commit(Watch().now(), entries=[Entry.of(each, actor="agent") for each in old])
    start = take_up(ledger, SITE, None, ORIGIN, Watch())
    found = start.past.checks
    assert (found["link/icmp"].at(start.started_at).reach, found["link/icmp"].serves(start.started_at)) == (
        True,
        True,
    )
    assert (found["link/ping"].serves(start.started_at - 1), found["link/ping"].serves(start.started_at)) == (
        True,
        False,
    )


def test_a_site_of_nothing_starts_too(ledger):
    empty = Site(site="zhanhe", name="空", timezone="Asia/Shanghai", assets=(), practice=True)
    start = take_up(ledger, empty, None, ORIGIN, Watch())
    assert (start.past.assets, start.past.checks) == ({}, {})
    (event,) = ledger.evidence().of(AgentEvent)
    assert event.details["practice"] is True
