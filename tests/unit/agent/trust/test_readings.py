"""From what was seen to readings: our own failure is not the vendor's."""

from __future__ import annotations

from agent.clock import AgentTime
from agent.probing.runner import Observation
from agent.probing.schedule import Missed
from agent.trust.readings import ReadingStamper
from probes.outcome import Outcome, fail, ok
from sla.ledger import Stamp
from tests.unit.agent.probing.test_runner import plan

START = 1_800_000_000_000


def stamp(boot: int, by: int = 0) -> Stamp:
    return Stamp(wall_ms=START + boot + by, boot_ms=boot, boot_id="b", synced=False)


class Word:
    """An uplink that says what it is told."""

    def __init__(self, *words: str) -> None:
        self.words = list(words)

    def trust(self, _seen: Observation) -> str:
        return self.words.pop(0)


def seen(outcome: Outcome, at: int, name: str = "a/kind") -> Observation:
    return Observation(plan=plan(name), began_ms=at - 100, ended_ms=at, outcome=outcome)


def test_a_reading_has_the_instant_at_which_the_answer_was_in():
    (found,) = ReadingStamper(AgentTime(stamp(0)), None).readings([seen(ok(rtt_ms=2), 5_000)], [], 9_000)
    assert (found.check, found.at, found.outcome) == ("a/kind", START + 5_000, "ok")
    assert found.metrics == {"rtt_ms": 2}


def test_while_we_are_blind_a_fail_is_none():
    stamper = ReadingStamper(AgentTime(stamp(0)), Word("blind"))  # type: ignore[arg-type]
    (found,) = stamper.readings([seen(fail("no answer"), 5_000)], [], 9_000)
    assert (found.outcome, found.reason) == ("none", "uplink: our own network was down")


def test_a_fail_that_waits_for_the_references_holds_back_what_came_after_it():
    stamper = ReadingStamper(AgentTime(stamp(0)), Word("wait", "trusted", "trusted", "trusted", "trusted"))  # type: ignore[arg-type]
    first = [seen(fail("no answer"), 5_000), seen(ok(), 6_000), seen(ok(), 6_000, "b/kind")]
    assert [each.check for each in stamper.readings(first, [], 6_000)] == ["b/kind"]
    assert stamper.held == 2
    assert [each.outcome for each in stamper.readings([], [], 7_000)] == ["fail", "ok"]
    assert stamper.held == 0


def test_what_still_waits_at_the_end_is_none_and_not_forgotten():
    stamper = ReadingStamper(AgentTime(stamp(0)), Word("wait", "trusted"))  # type: ignore[arg-type]
    assert stamper.readings([seen(fail("no answer"), 5_000), seen(ok(), 6_000)], [], 6_000) == []
    assert [(each.at - START, each.outcome) for each in stamper.rest()] == [(5_000, "none"), (6_000, "ok")]
    assert stamper.held == 0


def test_a_fail_across_a_stall_of_ours_is_none_and_an_ok_stays():
    stamper = ReadingStamper(AgentTime(stamp(0)), None)
    stamper.stalled(5_000)
    looks = [seen(fail("no answer"), 5_050), seen(ok(), 5_050, "b/kind"), seen(fail("no answer"), 6_000, "c/kind")]
    found = stamper.readings(looks, [], 7_000)
    assert [(each.outcome, each.reason) for each in found] == [
        ("none", "stalled: the agent stood still"),
        ("ok", ""),
        ("fail", "no answer"),
    ]


def test_while_the_clock_is_not_trusted_nothing_is_said():
    time = AgentTime(stamp(0))
    time.observe(stamp(4_000, by=3_600_000))
    (found,) = ReadingStamper(time, None).readings([seen(ok(), 5_000)], [], 5_000)
    assert (found.outcome, found.reason) == ("none", "clock: not trusted")


def test_a_turn_in_which_nobody_looked_is_told():
    missed = Missed(check="a/kind", turns=3, reason="overload")
    (found,) = ReadingStamper(AgentTime(stamp(0)), None).readings([], [missed], 5_000)
    assert (found.outcome, found.reason, found.metrics) == ("none", "overload", {"turns": 3})
