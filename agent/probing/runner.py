"""Looks at things: deadline, tries, concurrency; turns whatever a probe does into one outcome.

A probe answers ok or fail, or raises. What it raises is our fault or the environment's, never the
vendor's, and becomes `none`. Kinds that can look at many things at once (`BatchProbe`) are given whole
batches, without a task for each check; the others run as tasks that share a bounded number of sockets.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from probes.address import host_of
from probes.batch import ProbeRequest
from probes.faults import ours
from probes.limiter import PLACES, Limiter
from probes.outcome import Outcome, none
from probes.reasons import because

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence

    from config.site.model import CheckPlan
    from probes.batch import BatchProbe, MakeBatch
    from probes.registry import Kind

OVERLOAD, DEADLINE = "overload", "deadline"
"""Phrases of our own failures to look in time."""
SLACK_S = 1.0
"""What a probe may take beyond its time-out before we end it: it should have ended itself."""
RETRY_TICK_S = 0.1
"""Second tries are gathered for this long, so that they too go out in batches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one turn of a check came to. `began_ms`, `ended_ms`: boot-time; `ended` is when the answer was in."""

    plan: CheckPlan
    began_ms: int
    ended_ms: int
    outcome: Outcome


class _Try:
    """A look in flight of a batch kind: which try it is, and since when."""

    __slots__ = ("again_ms", "began_ms", "left", "plan")

    def __init__(self, plan: CheckPlan, began_ms: int) -> None:
        self.plan = plan
        self.began_ms = began_ms
        self.left = plan.tries - 1
        self.again_ms = 0


class Runner:
    """Starts looks; each ends in exactly one call of `deliver`, in the event loop."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        boot_ms: Callable[[], int],
        deliver: Callable[[Observation], None],
        sockets: int = PLACES,
    ) -> None:
        self._kinds = kinds
        self._boot_ms = boot_ms
        self._deliver = deliver
        self._limiter = Limiter(sockets)
        self._engines: dict[MakeBatch, BatchProbe] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._again: list[_Try] = []
        self._again_timer: asyncio.TimerHandle | None = None

    def start(self, plans: Sequence[CheckPlan]) -> None:
        """Begin to look at all of these; each must not be in flight already."""
        now = self._boot_ms()
        batch: list[_Try] = []
        for plan in plans:
            if self._kinds[plan.probe].make_batch is None:
                self._spawn(self._probe_alone(plan, now))
            else:
                batch.append(_Try(plan, now))
        self._start_batches(batch)

    @property
    def in_flight(self) -> int:
        """How many tasks are under way."""
        return len(self._tasks)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Kinds that look at one thing at a time

    async def _probe_alone(self, plan: CheckPlan, began: int) -> None:
        outcome = await self._in_place(plan)
        for _ in range(plan.tries - 1):
            if outcome.outcome != "fail":
                break
            await asyncio.sleep(plan.retry_pause_ms / 1000)
            outcome = await self._in_place(plan)
        self._end(plan, began, outcome)

    async def _in_place(self, plan: CheckPlan) -> Outcome:
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(plan.interval_ms / 1000):
                    await held.enter_async_context(self._limiter.place(host_of(plan.address), plan.id))
            except TimeoutError:
                return none(because(OVERLOAD, "no free socket within the interval"))
            return await self._once(plan)

    async def _once(self, plan: CheckPlan) -> Outcome:
        timeout_s = plan.timeout_ms / 1000
        try:
            async with asyncio.timeout(timeout_s + SLACK_S):
                outcome: Outcome = await self._kinds[plan.probe].probe(
                    plan.address, plan.options, timeout_s=timeout_s
                )
                return outcome
        except TimeoutError:
            return none(because(DEADLINE, "the probe did not end by itself"))
        except Exception as error:  # noqa: BLE001 - whatever a probe raises is ours
            return ours(error)

    # Kinds that look at many things at once

    def _start_batches(self, tries: Iterable[_Try]) -> None:
        """A batch for each engine, whatever kinds it serves, and each interval, which bounds how long it may take."""
        batches: dict[tuple[MakeBatch, int], list[_Try]] = {}
        for tried in tries:
            if (make_batch := self._kinds[tried.plan.probe].make_batch) is not None:
                batches.setdefault((make_batch, tried.plan.interval_ms), []).append(tried)
        for (make_batch, _), batch in batches.items():
            self._spawn(self._probe_together(make_batch, batch))

    async def _probe_together(self, make_batch: MakeBatch, batch: list[_Try]) -> None:
        waiting = set(range(len(batch)))

        def deliver(index: int, outcome: Outcome) -> None:
            if index in waiting:
                waiting.discard(index)
                self._end_of_try(batch[index], outcome)

        # a look may wait for a place, but not beyond its interval
        longest_s = max(each.plan.timeout_ms + each.plan.interval_ms for each in batch) / 1000
        looks = [
            ProbeRequest(address=each.plan.address, options=each.plan.options, timeout_s=each.plan.timeout_ms / 1000)
            for each in batch
        ]
        outcome = none(because(OVERLOAD, "not looked at within the interval"))
        try:
            async with asyncio.timeout(longest_s + SLACK_S):
                await self._engine(make_batch).run(looks, deliver)
        except TimeoutError:
            pass
        except Exception as error:  # noqa: BLE001 - whatever a probe raises is ours
            outcome = ours(error)
        for index in sorted(waiting):
            self._end_of_try(batch[index], outcome)

    def _engine(self, make_batch: MakeBatch) -> BatchProbe:
        if make_batch not in self._engines:
            self._engines[make_batch] = make_batch(self._limiter)
        return self._engines[make_batch]

    def _end_of_try(self, tried: _Try, outcome: Outcome) -> None:
        if outcome.outcome != "fail" or tried.left == 0:
            self._end(tried.plan, tried.began_ms, outcome)
            return
        tried.left -= 1
        tried.again_ms = self._boot_ms() + tried.plan.retry_pause_ms
        self._again.append(tried)
        if self._again_timer is None:
            self._again_timer = asyncio.get_running_loop().call_later(RETRY_TICK_S, self._try_again)

    def _try_again(self) -> None:
        self._again_timer = None
        now = self._boot_ms()
        self._start_batches([tried for tried in self._again if tried.again_ms <= now])
        self._again = [tried for tried in self._again if tried.again_ms > now]
        if self._again:
            self._again_timer = asyncio.get_running_loop().call_later(RETRY_TICK_S, self._try_again)

    def _end(self, plan: CheckPlan, began: int, outcome: Outcome) -> None:
        self._deliver(Observation(plan=plan, began_ms=began, ended_ms=self._boot_ms(), outcome=outcome))

    async def close(self) -> None:
        """Break off whatever is in flight; nothing of it is delivered."""
        if self._again_timer is not None:
            self._again_timer.cancel()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for engine in self._engines.values():
            engine.close()
