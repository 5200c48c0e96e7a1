"""What the agent does for the ledger by the hour, the day and the month, beside keeping it.

Each hour: the heartbeat to both parties. Each month that is over: its seal. Each day: a full check in a
process of its own, and what the contract's retention gives up.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from agent.ledger.heartbeat import HOUR_MS
from sla.contract.calendars import local_day, month_days, month_span
from sla.evidence.instants import month_of
from sla.ledger import Entry

if TYPE_CHECKING:
    from pathlib import Path

    from agent.clock import AgentClock
    from agent.ledger.heartbeat import Heartbeat
    from agent.recorder import Recorder
    from config.site.model import Site
    from sla.contract.model import Contract
    from sla.ledger import Ledger

log = logging.getLogger(__name__)

DAY_MS = 24 * HOUR_MS
FIRST_CHECK_MS = HOUR_MS
SEAL_AFTER_MS = 600_000
"""A month is sealed ten minutes after it is over."""
DEFAULT_KEEP_YEARS = 15
ERASED_AT_ONCE = 4
"""Slots of six hours: a clock that was set decades ahead costs a day of readings a day, not all of them at once."""
_YEAR_DAYS = 366


class Housekeeping:
    """Looks after the ledger; `begin_due` is called every half minute."""

    def __init__(
        self,
        site: Site,
        contract: Contract | None,
        *,
        state_dir: Path,
        recorder: Recorder,
        clock: AgentClock,
        heartbeat: Heartbeat,
    ) -> None:
        """`contract`: its time zone says when a month is over, its retention what is given up."""
        self._timezone = contract.timezone if contract else site.timezone
        self._keep_days = _YEAR_DAYS * (contract.keep_years if contract else DEFAULT_KEEP_YEARS)
        self._state_dir = state_dir
        self._recorder = recorder
        self._clock = clock
        self._heartbeat = heartbeat
        self._checking: asyncio.Task[None] | None = None
        self._doing: asyncio.Task[None] | None = None
        self._sealed = ""
        self._daily_ms: int | None = None

    def undelivered(self) -> list[dict[str, str | int]]:
        """Channels that did not take the last hourly message: id, channel, subject, failures, why."""
        return self._heartbeat.undelivered()

    async def begin_due(self) -> None:
        """Begin to do what is due, beside whatever else the agent does; raises what the last time ended with."""
        if self._doing is None or self._doing.done():
            if self._doing is not None:
                self._doing.result()
            self._doing = asyncio.get_running_loop().create_task(self.do())

    async def do(self) -> None:
        """Do what is due."""
        if self._daily_ms is None:
            await self._heartbeat.begin()
            self._daily_ms = self._clock.boot_ms() + FIRST_CHECK_MS
        await self._seal_month()
        await self._heartbeat.send_due()
        boot = self._clock.boot_ms()
        if boot >= self._daily_ms:
            self._daily_ms = boot + DAY_MS
            await self._erase()
            self._checking = asyncio.get_running_loop().create_task(self._check())

    # Each month

    async def _seal_month(self) -> None:
        if not self._clock.is_trusted():
            return
        at = self._clock.now() - SEAL_AFTER_MS
        first, _ = month_days(month_of(local_day(at, self._timezone)))
        month = month_of(first - timedelta(days=1))
        if month == self._sealed:
            return
        _, end = month_span(month, self._timezone)

        def seal(ledger: Ledger) -> None:
            oldest = next(ledger.entries(("agent",)), None)
            if oldest is not None and oldest.stamp.wall_ms < end:
                ledger.seal_month(self._clock.machine.now(), month)

        await self._recorder.write(seal)
        self._sealed = month

    # Each day

    async def _erase(self) -> None:
        stamp = self._clock.machine.now()
        if self._clock.is_trusted() and stamp.synced:
            before = self._clock.now() - self._keep_days * DAY_MS
            await self._recorder.write(lambda ledger: ledger.erase(stamp, before, ERASED_AT_ONCE))

    async def _check(self) -> None:
        """Read the whole ledger over, in a process of its own that yields to everything else."""
        words = ("-P", "-m", "agent", "ledger", "check", "--state", str(self._state_dir), "--lang", "en")
        checker = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        os.setpriority(os.PRIO_PROCESS, checker.pid, 19)
        try:
            _, complaints = await checker.communicate()
        except asyncio.CancelledError:
            checker.kill()
            await checker.communicate()
            raise
        if checker.returncode == 1:
            problems = complaints.decode(errors="replace").splitlines()[:5]
            log.error("the ledger's daily check found damage: %s", "; ".join(problems))
            await self._recorder.commit(entries=[Entry(kind="damage", body={"problems": problems}, actor="agent")])

    async def close(self) -> None:
        """Break off what is under way; it is done again after the next start."""
        tasks = [task for task in (self._doing, self._checking) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._heartbeat.close()
