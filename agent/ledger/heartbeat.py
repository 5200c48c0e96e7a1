"""The hourly message to every channel of both parties: that somebody watches, and which head the ledger has."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.ledger.messages import NEWS, alive_text
from config.input.secrets import SecretMissingError
from sla.ledger import Entry, Ledger
from sla.ledger.seals import MONTH_SEAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from agent.alerts.messages import Text
    from agent.alerts.send import DeliveryResult
    from agent.clock import AgentClock
    from agent.recorder import Recorder
    from config.site.model import Channel, Site

HOUR_MS = 3_600_000
RETRY_MS = (30_000, 60_000, 300_000, 600_000)
_MOST_LOOKED_BACK = 2_000
HEARTBEAT = "heartbeat"


@dataclass(slots=True)
class _Listener:
    """One channel: until where it knows the ledger, and when it is told next (boot-time ms)."""

    channel: Channel
    known_seq: int = 0
    due_ms: int = 0
    failures: int = 0
    why: str = ""


class Heartbeat:
    """Sends to each channel once an hour, sooner if something happened to the ledger. Close it."""

    def __init__(
        self,
        site: Site,
        *,
        recorder: Recorder,
        clock: AgentClock,
        send: Callable[[str, Text], DeliveryResult],
        counts: Callable[[Iterable[str], int], Mapping[str, int]],
    ) -> None:
        """`send` takes a URL and a text, and blocks; `counts`: of these checks then, how many are in which state."""
        self._site = site
        self._recorder = recorder
        self._clock = clock
        self._send = send
        self._counts = counts
        self._listeners = [_Listener(channel) for channel in site.channels]
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="heartbeat")

    async def begin(self) -> None:
        """Learn from the ledger when each channel last heard, and what is news to it."""
        heard, began = await self._recorder.read(_last_heard)
        boot, at = self._clock.boot_ms(), self._clock.now()
        for listener in self._listeners:
            listener.known_seq, last = heard.get(listener.channel.name, (0, began))
            listener.due_ms = boot + min(HOUR_MS, max(0, last + HOUR_MS - at))

    async def send_due(self) -> None:
        """Send to the channels whose hour is over, or to which something is news."""
        news = await self._recorder.read(_news)
        boot = self._clock.boot_ms()
        for listener in self._listeners:
            is_new = any(seq > listener.known_seq for seq, _, _ in news) and not listener.failures
            if is_new or boot >= listener.due_ms:
                await self._send_to(listener, [each for each in news if each[0] > listener.known_seq])

    def undelivered(self) -> list[dict[str, str | int]]:
        """Channels that did not take the last message: id, channel, subject, failures, why."""
        return [
            {"id": HEARTBEAT, "channel": each.channel.name, "subject": "", "failures": each.failures, "why": each.why}
            for each in self._listeners
            if each.failures
        ]

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

    def close(self) -> None:
        """Wait for no provider any more."""
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
