"""What the agent does for the ledger by the hour, the day and the month, beside keeping it.

Each hour, to every channel of both parties: that it watches, and the head. Each month that is over:
its seal. Each day: a full check in a process of its own, and what the contract's retention gives up.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from agent.ledger.messages import NEWS, alive_text
from config.input.secrets import SecretMissingError
from sla.contract.calendars import local_day, month_days, month_span
from sla.evidence.instants import month_of
from sla.ledger import Entry, Ledger
from sla.ledger.seals import MONTH_SEAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from agent.alerts.messages import Text
    from agent.alerts.send import DeliveryResult
    from agent.clock import AgentClock
    from agent.recorder import Recorder
    from config.site.model import Channel, Site
    from sla.contract.model import Contract

log = logging.getLogger(__name__)

HOUR_MS = 3_600_000
RETRY_MS = (30_000, 60_000, 300_000, 600_000)
DAY_MS = 24 * HOUR_MS
FIRST_CHECK_MS = HOUR_MS
SEAL_AFTER_MS = 600_000
"""A month is sealed ten minutes after it is over."""
DEFAULT_KEEP_YEARS = 15
ERASED_AT_ONCE = 4
"""Slots of six hours: a clock that was set decades ahead costs a day of readings a day, not all of them at once."""
_MOST_LOOKED_BACK = 2_000
_YEAR_DAYS = 366
HEARTBEAT = "heartbeat"


@dataclass(slots=True)
class _Listener:
    """One channel: until where it knows the ledger, and when it is told next (boot-time ms)."""

    channel: Channel
    known_seq: int = 0
    due_ms: int = 0
    failures: int = 0
    why: str = ""


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
        send: Callable[[str, Text], DeliveryResult],
        counts: Callable[[Iterable[str], int], Mapping[str, int]],
    ) -> None:
        """`send` takes a URL and a text, and blocks; `counts`: of these checks then, how many are in which state."""
        self._site = site
        self._timezone = contract.timezone if contract else site.timezone
        self._keep_days = _YEAR_DAYS * (contract.keep_years if contract else DEFAULT_KEEP_YEARS)
        self._state_dir = state_dir
        self._recorder = recorder
        self._clock = clock
        self._send = send
        self._counts = counts
        self._listeners = [_Listener(channel) for channel in site.channels]
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="heartbeat")
        self._checking: asyncio.Task[None] | None = None
        self._doing: asyncio.Task[None] | None = None
        self._sealed = ""
        self._daily_ms: int | None = None

    async def _begin(self) -> None:
        """Learn from the ledger when each channel last heard, and what is news to it."""
        heard, began = await self._recorder.read(_last_heard)
        boot, at = self._clock.boot_ms(), self._clock.now()
        for listener in self._listeners:
            listener.known_seq, last = heard.get(listener.channel.name, (0, began))
            listener.due_ms = boot + min(HOUR_MS, max(0, last + HOUR_MS - at))
        self._daily_ms = boot + FIRST_CHECK_MS

    def undelivered(self) -> list[dict[str, str | int]]:
        """Channels that did not take the last hourly message, as the outbox tells its own."""
        return [
            {"id": HEARTBEAT, "channel": each.channel.name, "subject": "", "failures": each.failures, "why": each.why}
            for each in self._listeners
            if each.failures
        ]

    async def begin_due(self) -> None:
        """Begin to do what is due, beside whatever else the agent does; raises what the last time ended with."""
        if self._doing is None or self._doing.done():
            if self._doing is not None:
                self._doing.result()
            self._doing = asyncio.get_running_loop().create_task(self.do())

    async def do(self) -> None:
        """Do what is due."""
        if self._daily_ms is None:
            await self._begin()
        await self._seal_month()
        news = await self._recorder.read(_news)
        boot = self._clock.boot_ms()
        for listener in self._listeners:
            is_new = any(seq > listener.known_seq for seq, _, _ in news) and not listener.failures
            if is_new or boot >= listener.due_ms:
                await self._send_to(listener, [each for each in news if each[0] > listener.known_seq])
        if self._daily_ms is not None and boot >= self._daily_ms:
            self._daily_ms = boot + DAY_MS
            await self._erase()
            self._checking = asyncio.get_running_loop().create_task(self._check())

    # Each hour

    async def _send_to(self, listener: _Listener, news: Sequence[tuple[int, str, Mapping[str, Any]]]) -> None:
        head, at = self._recorder.head, self._clock.now()
        text = alive_text(
            self._site,
            at=at,
            head=head,
            counts=self._counts([plan.id for plan in self._site.checks], at),
            news=[(kind, body) for _, kind, body in news],
            language=listener.channel.language,
        )
        why = await self._delivered(listener.channel, text)
        body = {"channel": listener.channel.name, "at": at, "head": {"seq": head.seq, "hash": head.hash}, "why": why}
        if not why or not listener.failures:  # of many tries that fail, the first is enough to keep
            await self._recorder.commit(entries=[Entry(kind=HEARTBEAT, body=body, actor="agent")])
        listener.why = why
        if why:
            listener.due_ms = self._clock.boot_ms() + RETRY_MS[min(listener.failures, len(RETRY_MS) - 1)]
            listener.failures += 1
        else:
            listener.known_seq, listener.failures = head.seq, 0
            listener.due_ms = self._clock.boot_ms() + HOUR_MS

    async def _delivered(self, channel: Channel, text: Text) -> str:
        """Why it was not taken, or an empty text."""
        try:
            urls = channel.urls()
        except SecretMissingError as error:
            return str(error)
        why = ""
        for url in urls:
            delivery = await asyncio.get_running_loop().run_in_executor(self._threads, self._send, url, text)
            why = why or ("" if delivery.accepted else delivery.why or "refused")
        return why

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
        self._threads.shutdown(wait=False, cancel_futures=True)


def _last_heard(ledger: Ledger) -> tuple[dict[str, tuple[int, int]], int]:
    """Each channel's newest head and when it was told; and when the ledger began."""
    oldest = next(ledger.entries(("agent",)), None)
    began = 0 if oldest is None else oldest.stamp.wall_ms
    heard: dict[str, tuple[int, int]] = {}
    for n, entry in enumerate(ledger.entries((HEARTBEAT,), newest_first=True)):
        if n > _MOST_LOOKED_BACK:
            break
        if not entry.body["why"]:
            heard.setdefault(entry.body["channel"], (entry.body["head"]["seq"], entry.body["at"]))
    return heard, began


def _news(ledger: Ledger) -> list[tuple[int, str, Mapping[str, Any]]]:
    """(sequence number, kind, body) of the newest things of which both parties are told, oldest first."""
    found: list[tuple[int, str, Mapping[str, Any]]] = []
    for entry in ledger.entries(NEWS, newest_first=True):
        more = {"text": ledger.checkpoint(entry.body)} if entry.kind == MONTH_SEAL else {}
        found.append((entry.seq, entry.kind, {**entry.body, **more}))
        if len(found) == 3:  # noqa: PLR2004 - what is older was told long ago
            break
    return found[::-1]
