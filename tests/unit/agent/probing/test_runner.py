"""Looks: whatever a probe does, each ends in exactly one outcome, and what is ours is `none`. Time is the event loop's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from agent.probing.runner import RETRY_TICK_S, SLACK_S, Observation, Runner
from probes.outcome import Outcome, fail, ok
from probes.registry import Kind
from tests.support.agents.checks import check_plan

if TYPE_CHECKING:
    from config.site.model import CheckPlan

pytestmark = pytest.mark.simulated_time
RETRY_TICK_MS = round(RETRY_TICK_S * 1000)


def boot_ms() -> int:
    return round(asyncio.get_running_loop().time() * 1000)


def plan(name: str = "a/kind", **changes: Any) -> CheckPlan:
    given = {
        "id": name,
        "asset": "a",
        "probe": "kind",
        "address": name,
        "interval_ms": 1_000,
        "timeout_ms": 100,
        "retry_pause_ms": 10,
        "failing_interval_ms": 1_000,
    }
    return check_plan(**(given | changes))


class Scripted:
    """A probe that does what it is told: outcomes to give, or errors to raise, one a look."""

    def __init__(self, *steps: Outcome | Exception, pause_s: float = 0) -> None:
        self.steps = list(steps)
        self.pause_s = pause_s
        self.looks = 0
        self.closed = False

    async def __call__(self, _address: str, _options: Any, /, *, timeout_s: float) -> Outcome:
        assert timeout_s > 0
        self.looks += 1
        await asyncio.sleep(self.pause_s)
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    async def run(self, looks, deliver) -> None:
        """The same for many at once; what it runs out of is never delivered."""
        for index, each in enumerate(looks):
            deliver(index, await self(each.address, each.options, timeout_s=each.timeout_s))

    def close(self) -> None:
        self.closed = True


async def outcomes(scripted: Scripted, *plans: CheckPlan, many: bool = False, sockets: int = 8) -> list[Observation]:
    """What every look comes to, in the order in which they end."""
    kind = Kind(
        options=None,
        probe=scripted,
        make_batch=(lambda _limiter: scripted) if many else None,
        metrics={},
        reasons=(),
        service=None,
    )  # type: ignore[arg-type]
    seen: list[Observation] = []
    all_seen = asyncio.Event()

    def deliver(each: Observation) -> None:
        seen.append(each)
        if len(seen) == len(plans):
            all_seen.set()

    runner = Runner({"kind": kind}, boot_ms, deliver, sockets)
    runner.start(plans)
    await all_seen.wait()
    await asyncio.sleep(60)  # in which nothing is delivered twice
    await runner.close()
    assert runner.in_flight == 0
    return seen


MANY = pytest.mark.parametrize("many", [False, True], ids=["one at a time", "many at once"])


@MANY
async def test_an_answer_is_what_was_seen(many: bool):
    (seen,) = await outcomes(Scripted(ok(rtt_ms=1.5), pause_s=0.07), plan(), many=many)
    assert seen.outcome == ok(rtt_ms=1.5)
    assert (seen.began_ms, seen.ended_ms) == (0, 70)


@MANY
async def test_a_fail_is_tried_again_and_an_answer_then_counts(many: bool):
    scripted = Scripted(fail("no answer"), fail("no answer"), ok())
    (seen,) = await outcomes(scripted, plan(tries=3), many=many)
    assert (seen.outcome, scripted.looks) == (ok(), 3)
    # two pauses of 10 ms; second tries of many are gathered, each time for a tick
    assert (seen.began_ms, seen.ended_ms) == (0, 2 * (RETRY_TICK_MS if many else 10))


@MANY
async def test_after_the_last_try_a_fail_is_a_fail(many: bool):
    scripted = Scripted(fail("no answer"), fail("refused"))
    (seen,) = await outcomes(scripted, plan(tries=2), many=many)
    assert (seen.outcome, scripted.looks) == (fail("refused"), 2)


@MANY
async def test_what_the_environment_does_is_none_with_its_name(many: bool):
    (seen,) = await outcomes(Scripted(PermissionError(1, "Operation not permitted")), plan(tries=2), many=many)
    assert seen.outcome.outcome == "none"
    assert seen.outcome.reason == "PermissionError: Operation not permitted"


@MANY
async def test_a_bug_in_a_probe_is_none_and_leaves_its_traceback(many: bool, caplog: pytest.LogCaptureFixture):
    (seen,) = await outcomes(Scripted(ZeroDivisionError("by zero")), plan(), many=many)
    assert (seen.outcome.outcome, seen.outcome.reason) == ("none", "bug: ZeroDivisionError")
    assert "ZeroDivisionError: by zero" in caplog.text


@pytest.mark.parametrize(
    ("many", "reason", "ended_ms"),
    [
        (False, "deadline: the probe did not end by itself", 100 + 1_000),
        (True, "overload: not looked at within the interval", 100 + 1_000 + 1_000),  # it may wait for an interval
    ],
    ids=["one at a time", "many at once"],
)
async def test_a_probe_that_does_not_end_is_ended_and_says_nothing_about_the_asset(many, reason, ended_ms):
    assert SLACK_S == 1
    (seen,) = await outcomes(Scripted(ok(), pause_s=3_600), plan(), many=many)
    assert (seen.outcome.outcome, seen.outcome.reason) == ("none", reason)
    assert (seen.began_ms, seen.ended_ms) == (0, ended_ms)


async def test_a_probe_that_ends_a_little_after_its_time_out_is_believed():
    (seen,) = await outcomes(Scripted(ok(), pause_s=0.1 + SLACK_S - 0.001), plan())
    assert seen.outcome == ok()


async def test_one_fault_in_a_batch_leaves_what_was_delivered_before():
    scripted = Scripted(ok(), OSError(105, "No buffer space available"))
    seen = await outcomes(scripted, plan("a/kind"), plan("b/kind"), many=True)
    found = {each.plan.id: each.outcome.outcome for each in seen}
    assert found == {"a/kind": "ok", "b/kind": "none"}
    assert scripted.closed


async def test_without_a_free_socket_within_the_interval_nobody_looked():
    scripted = Scripted(ok(), ok(), pause_s=0.3)
    plans = [plan("a/kind", timeout_ms=1_000), plan("b/kind", interval_ms=299)]
    seen = await outcomes(scripted, *plans, sockets=1)
    found = {each.plan.id: (each.outcome.reason, each.ended_ms) for each in seen}
    assert found == {"a/kind": ("", 300), "b/kind": ("overload: no free socket within the interval", 299)}


async def test_a_socket_that_comes_free_within_the_interval_is_taken():
    scripted = Scripted(ok(), ok(), pause_s=0.3)
    plans = [plan("a/kind", timeout_ms=1_000), plan("b/kind", interval_ms=301)]
    seen = await outcomes(scripted, *plans, sockets=1)
    assert [(each.outcome, each.ended_ms) for each in seen] == [(ok(), 300), (ok(), 600)]


async def test_second_tries_of_many_go_out_together_after_their_pauses():
    scripted = Scripted(fail("a"), fail("b"), ok(), ok())
    plans = [plan("a/kind", tries=2), plan("b/kind", tries=2, retry_pause_ms=1_050)]
    seen = await outcomes(scripted, *plans, many=True)
    # b waits for 1,050 ms and then for the next tick
    assert {each.plan.id: each.ended_ms for each in seen} == {"a/kind": RETRY_TICK_MS, "b/kind": 1_050 + 50}


async def test_what_is_broken_off_is_not_delivered():
    scripted, seen = Scripted(ok(), fail("x"), pause_s=0.05), []
    kind = Kind(options=None, probe=scripted, metrics={}, reasons=(), service=None)  # type: ignore[arg-type]
    runner = Runner({"kind": kind}, boot_ms, seen.append)
    runner.start([plan()])
    await asyncio.sleep(0.01)
    assert runner.in_flight == 1
    await runner.close()
    await asyncio.sleep(60)
    assert seen == []
