"""The agent's life: start from what is on disk, tick, stop. `agent.__main__` puts it together.

Each tick (a second): start the looks that are due; keep what was seen since the last tick in one
commit; let the incidents follow; decide who is to be told, keep that, and send it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING, Any

from agent.alerts.deadlines import deadlines_of
from agent.alerts.delivery import DeliveryWorker
from agent.alerts.outbox import KINDS, Outbox
from agent.alerts.planner import AlertPlanner
from agent.alerts.send import deliver
from agent.clock import AgentTime
from agent.control_socket import NAME as SOCKET
from agent.control_socket import ControlSocket
from agent.garbage_collection import settle
from agent.ledger import intake
from agent.ledger.definitions import definitions_of
from agent.ledger.housekeeping import Housekeeping
from agent.ledger.requests import WORK
from agent.probing.rescheduler import Rescheduler
from agent.probing.routes import Routes
from agent.probing.runner import Runner
from agent.probing.schedule import Schedule
from agent.probing.traps import Traps
from agent.status import site_status
from agent.status import write as write_status
from agent.systemd import notify_systemd
from agent.timer import Timer
from agent.trust.failure_trust import failure_trust_of
from agent.trust.readings import ReadingStamper
from agent.watcher import Watcher, past_of
from sla.contract.model import Measurement
from sla.evidence.instants import format_instant
from sla.evidence.records import AgentEvent
from sla.ledger import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from agent.alerts.deadlines import RepairDeadline
    from agent.alerts.decide import Said
    from agent.alerts.outbox import Key
    from agent.clock import Clock
    from agent.ledger.recorder import Recorder
    from agent.probing.runner import Observation
    from agent.probing.schedule import Missed
    from agent.watcher import Past
    from config import CheckPlan, Site
    from probes.registry import Kind
    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.evidence.records import Reading
    from sla.ledger import Ledger, Stamp

log = logging.getLogger(__name__)

TICK_S = 1
STATUS_S = 30
ALERTS_S = 5
REPEATS_S = 60
SEAL_S = 600
DUTIES_S = 30
MOST_PENDING = 10_000
"""Looks whose readings wait for the disk; with more than that no new ones are begun."""
DEFINITE: frozenset[Said] = frozenset(("detected", "relapsed", "repeat"))
"""What is said of an incident that is open: its message gives the deadlines."""


class Agent:
    """One site, watched. Everything that blocks happens in the threads of recorder and courier."""

    def __init__(
        self,
        *,
        site: Site,
        contract: Contract | None,
        state: Path,
        clock: Clock,
        recorder: Recorder,
        kinds: Mapping[str, Kind],
        origin: Mapping[str, str],
    ) -> None:
        """`origin`: hashes of software, configuration and contract, for the start entry."""
        self.site = site
        self._contract = contract
        self._rules = contract.measurement if contract else Measurement()
        self._state_dir = state
        self._clock = clock
        self._recorder = recorder
        self._kinds = kinds
        self._origin = origin
        self._stopping = asyncio.Event()
        self._failure: BaseException | None = None
        self._pending: list[Observation] = []
        self._missed: list[Missed] = []
        self._entries: list[Entry] = []
        self._must_reload = False
        self._flushing: asyncio.Task[None] | None = None
        self._last_tick_at: int | None = None

    # Beginning

    async def start(self) -> None:
        """Take up where the ledger ends; the first looks begin with the first tick."""
        stamp = self._clock.now()
        newest, stored = await self._recorder.read(_left_behind)
        self._time = AgentTime(stamp, newest)
        self._started_at = self._time.at(stamp.boot_ms)
        await self._keep_definitions()
        self._watcher = await self._watch()
        self._outbox = Outbox(stored)
        self._teller = AlertPlanner(self.site, lambda: self._watcher, self._outbox)
        self._courier = self._new_courier()
        self._paths = Routes(self.site, self._now_at, lambda entry: self._entries.append(entry))  # noqa: PLW0108 - the list changes
        self._duties = self._new_duties()
        plans = [plan for plan in self.site.checks if plan.probe in self._kinds]
        self._runner = Runner(self._kinds, self._clock.boot_ms, self._delivered)
        self._belief = failure_trust_of(self.site, self._kinds, self._clock.boot_ms)
        self._stamper = ReadingStamper(self._time, self._belief)
        together = {name for name, kind in self._kinds.items() if kind.make_batch is not None}
        by_address = {name for name, kind in self._kinds.items() if kind.at_once}
        self._schedule = Schedule(plans, self._clock.boot_ms(), TICK_S * 1000, together, by_address)
        self._attention = Rescheduler(self._schedule, lambda: self._watcher, self._time.at)
        self._attention.resume([plan.id for plan in plans], self._clock.boot_ms())
        self._traps = Traps.opened(self.site, lambda names: self._attention.hurry(names, self._clock.boot_ms()))
        self._teller.note(self._watcher.observe(()))
        self._teller.resume()
        self._door = ControlSocket(self._state_dir / SOCKET, self._answer)
        await self._door.open()
        self._timer = self._new_timer()
        self._timer.start()
        log.info("watching %d checks of site %s", len(plans), self.site.site)

    async def _keep_definitions(self) -> None:
        known = await self._recorder.read(lambda ledger: ledger.evidence().checks)
        details = {**self._origin, "practice": self.site.practice}
        event = AgentEvent(at=self._started_at, event="start", details=details)
        records = [*definitions_of(self.site, known), event]
        await self._recorder.commit(entries=[Entry.of(record, actor="agent") for record in records])

    async def _watch(self) -> Watcher:
        past: Past = await self._recorder.read(lambda ledger: past_of(ledger.evidence(), self._rules))
        return Watcher(past, self._rules)

    def _new_courier(self) -> DeliveryWorker:
        return DeliveryWorker(
            self._outbox,
            self.site.channels,
            send=deliver,
            commit=lambda entries: self._recorder.commit(entries=entries),
            is_open=self._is_open,
            at=self._now_at,
            boot_ms=self._clock.boot_ms,
        )

    def _new_duties(self) -> Housekeeping:
        return Housekeeping(
            self.site, self._contract, self._state_dir, self._recorder, self._clock, self._time, deliver, self.status
        )

    def _is_open(self, key: Key) -> bool:
        incident = self._watcher.incident(*key)
        return incident is not None and incident.restored is None

    def _new_timer(self) -> Timer:
        timer = Timer(self._clock, self._beat, self._fail)
        timer.every(TICK_S, self._tick)
        timer.every(STATUS_S, self._write_status)
        timer.every(ALERTS_S, self._send)
        timer.every(REPEATS_S, self._repeat)
        timer.every(SEAL_S, self._seal)
        timer.every(DUTIES_S, self._duties.go)
        return timer

    # Each second

    def _now_at(self) -> int:
        return self._time.at(self._clock.boot_ms())

    def _beat(self, stamp: Stamp, is_stalled: bool) -> None:  # noqa: FBT001 - a callback's shape
        if is_stalled:
            self._stamper.stalled(stamp.boot_ms)
        step = self._time.observe(stamp)
        if step is not None:
            log.warning("wall clock differs by %d ms: %s", step.by_ms, step.decision)
            self._entries.append(Entry.of(step.record(), actor="agent"))

    async def _tick(self) -> None:
        now = self._clock.boot_ms()
        looks: Sequence[CheckPlan] = ()
        if len(self._pending) + self._stamper.held < MOST_PENDING:
            looks, missed = self._schedule.due(now)
            self._missed += missed
        if self._belief is not None and (looks or self._pending or self._runner.in_flight):
            self._belief.sample(now)
        if looks:
            self._runner.start(looks)
        if self._flushing is not None and not self._flushing.done():
            return
        if self._has_news():
            self._flushing = asyncio.get_running_loop().create_task(self._flush_or_fail())
        else:
            self._ticked()

    def _has_news(self) -> bool:
        """Whether there is anything to keep, to follow or to tell: most seconds have nothing."""
        kept = self._pending or self._missed or self._entries or self._stamper.held
        return bool(kept) or self._must_reload or self._teller.is_waiting

    def _ticked(self) -> None:
        """Whatever was seen until now is on disk."""
        self._last_tick_at = self._now_at()
        notify_systemd("WATCHDOG=1")

    def _delivered(self, seen: Observation) -> None:
        self._pending.append(seen)
        self._attention.after(seen)

    async def _flush_or_fail(self, *, is_last: bool = False) -> None:
        try:
            await self._flush(is_last=is_last)
        except Exception as error:  # noqa: BLE001 - the job wrapper: stop, and start from disk
            self._fail(error)

    async def _flush(self, *, is_last: bool) -> None:
        seen, self._pending = self._pending, []
        missed, self._missed = self._missed, []
        entries, self._entries = self._entries, []
        readings = self._stamper.readings(seen, missed, self._clock.boot_ms())
        readings += self._stamper.rest() if is_last else []
        if readings or entries:
            await self._recorder.commit(readings=readings, entries=entries)
        self._ticked()
        await self._follow(readings)

    async def _follow(self, readings: Sequence[Reading]) -> None:
        """Committed readings change incidents, and those are told."""
        if self._must_reload:
            self._must_reload = False
            self._watcher = await self._watch()
            readings = ()
        changes = self._watcher.observe(readings)
        self._teller.note(changes)
        self._paths.after(changes)
        found = self._teller.round(self._now_at())
        self._attention.hurry(found.hurry, self._clock.boot_ms())
        if found.tell:
            await self._tell(found.tell)

    # Telling

    async def _tell(self, told: Mapping[Said, Sequence[Key]]) -> None:
        deadlines = await self._deadlines([key for said in DEFINITE for key in told.get(said, ())])
        messages = self._teller.write(told, deadlines, self._recorder.head, self._now_at())
        await self._recorder.commit(entries=[message.entry() for message in messages])
        self._teller.queued(messages)
        self._courier.go()

    async def _deadlines(self, keys: Sequence[Key]) -> dict[Key, tuple[RepairDeadline, ...]]:
        contract, now = self._contract, self._now_at()
        incidents = {key: found for key in keys if (found := self._watcher.incident(*key)) is not None}
        if contract is None or not incidents:
            return {}

        def work_out(ledger: Ledger) -> dict[Key, tuple[RepairDeadline, ...]]:
            evidence: Evidence = ledger.evidence()
            return {key: deadlines_of(each, contract, evidence, now) for key, each in incidents.items()}

        return await self._recorder.read(work_out)

    async def _send(self) -> None:
        self._courier.go()

    async def _repeat(self) -> None:
        self._teller.note_again()

    async def _seal(self) -> None:
        await self._recorder.seal()

    # Asking

    def status(self) -> dict[str, Any]:
        """How the site and the agent are now (`agent.status` says it to people)."""
        now = self._clock.boot_ms()
        if self._belief is not None:
            self._belief.sample(now)
        stamp, at, head = self._clock.now(), self._time.at(now), self._recorder.head
        return {
            "site": self.site.site,
            "name": self.site.name,
            "timezone": self.site.timezone,
            "practice": self.site.practice,
            "state": "stopped" if self._stopping.is_set() else "running",
            "pid": os.getpid(),
            "at": format_instant(at),
            "started_at": format_instant(self._started_at),
            "last_tick_at": None if self._last_tick_at is None else format_instant(self._last_tick_at),
            **site_status(self._watcher, [plan.id for plan in self.site.checks], at),
            "late": self._schedule.late(now),
            "in_flight": self._runner.in_flight,
            "undelivered": [*self._outbox.undelivered(), *self._duties.undelivered()],
            "is_blind": self._belief is not None and self._belief.is_blind(now),
            "filtered": [] if self._belief is None else self._belief.filtered(),
            "clock": {
                "is_trusted": self._time.is_trusted(now),
                "behind_ms": self._time.behind_ms(now),
                "synced": stamp.synced,
                "error_ms": stamp.error_ms,
            },
            "head": {"seq": head.seq, "hash": head.hash},
        }

    async def _write_status(self) -> None:
        write_status(self._state_dir, self.status())

    async def _answer(self, actor: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Requests of the local socket: `status`, `take` with the lines of a file, and `agent.ledger.requests`'s."""
        if request.get("ask") == "status":
            return self.status()
        if (work := WORK.get(str(request.get("ask")))) is not None:
            return await self._recorder.write(lambda ledger: work(ledger, self._clock.now(), actor, request))
        if request.get("ask") != "take":
            return {"error": f"ask: wanted status, take, {', '.join(WORK)}"}
        source = str(request.get("source", "request"))
        records = intake.parse(request["lines"], source)
        receipt = await self._recorder.write(
            lambda ledger: intake.take(ledger, records, source=source, actor=actor, clock=self._clock)
        )
        self._must_reload = self._must_reload or receipt.is_past
        return {"records": receipt.records, "seq": receipt.head.seq, "hash": receipt.head.hash}

    # Ending

    def stop(self) -> None:
        """Ask for a clean end."""
        self._stopping.set()

    def _fail(self, error: BaseException) -> None:
        if self._failure is None:
            self._failure = error
            log.critical("the agent stops, and nothing more is recorded: %s", error, exc_info=error)
        self._stopping.set()

    def _disk_failed(self, failed: asyncio.Future[Exception]) -> None:
        if not failed.cancelled():
            self._fail(failed.result())

    async def live(self) -> BaseException | None:
        """From start to stop; the error that ended it, or None."""
        await self.start()
        settle()
        notify_systemd("READY=1")
        self._recorder.failed.add_done_callback(self._disk_failed)
        await self._stopping.wait()
        notify_systemd("STOPPING=1")
        await self._end()
        return self._failure

    async def _end(self) -> None:
        self._timer.stop()
        await self._door.close()
        await self._runner.close()
        await self._paths.close()
        self._traps.close()
        if self._flushing is not None:
            await self._flushing
        if self._failure is None:
            await self._flush_or_fail(is_last=True)
        await self._courier.close()
        await self._duties.close()
        if self._failure is None:
            event = AgentEvent(at=self._now_at(), event="stop")
            await self._recorder.commit(entries=[Entry.of(event, actor="agent")])
        try:
            write_status(self._state_dir, self.status())
        finally:
            if self._belief is not None:
                await self._belief.close()
            await self._recorder.close()


def _left_behind(ledger: Ledger) -> tuple[int | None, list[Any]]:
    """The latest instant in the ledger, and what it knows of alerts."""
    return ledger.evidence().latest_at(), list(ledger.entries(KINDS))
