"""Takes what is in the outbox to the providers, in threads, and writes down what became of it."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from agent.alerts.messages import Text
from agent.alerts.outbox import failed_entry, sent_entry
from config.input.secrets import SecretMissingError
from sla.evidence.records import Notified
from sla.ledger import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from agent.alerts.outbox import Message, Outbox
    from agent.alerts.send import DeliveryResult
    from agent.clock import AgentClock
    from agent.recorder import Recorder
    from agent.watcher import Watcher
    from config.site.model import Channel

log = logging.getLogger(__name__)
AT_ONCE = 4
LOUD_AFTER = 3
"""From this many failed tries on, a message that cannot be delivered is reported in the log."""


class DeliveryWorker:
    """Sends what is due. One try is one commit: sent, failed and `notified` entries together."""

    def __init__(
        self,
        outbox: Outbox,
        channels: Sequence[Channel],
        *,
        send: Callable[[str, Text], DeliveryResult],
        recorder: Recorder,
        watcher: Watcher,
        clock: AgentClock,
    ) -> None:
        """`send` takes a URL and a text; it blocks, so it runs in a thread."""
        self._outbox = outbox
        self._channels: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self._send = send
        self._recorder = recorder
        self._watcher = watcher
        self._clock = clock
        self._threads = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="alerts")
        self._tasks: set[asyncio.Task[None]] = set()

    def begin_due(self) -> None:
        """Begin to send whatever is due; messages of channels that the site no longer has stay where they are."""
        for message in self._outbox.due(self._clock.boot_ms()):
            if message.channel in self._channels:
                accepted = self._outbox.begin(message)
                task = asyncio.get_running_loop().create_task(self._send_to_all(message, accepted))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _send_to_all(self, message: Message, accepted: set[int]) -> None:
        entries: list[Entry] = []
        newly: list[int] = []
        why = ""
        try:
            try:
                urls = self._channels[message.channel].urls()
            except SecretMissingError as error:
                urls, why = (), str(error)
            for number, url in enumerate(urls):
                if number in accepted:
                    continue
                delivery = await self._deliver(url, message)
                if delivery.accepted:
                    newly.append(number)
                    is_last = len(accepted) + len(newly) == len(urls)
                    entries += self._taken(
                        message, number, is_first=not accepted and len(newly) == 1, is_last=is_last
                    )
                else:
                    why = delivery.why
            if why:
                entries.append(failed_entry(message, self._clock.now(), why))
            await self._recorder.commit(entries=entries)
        except BaseException:
            self._outbox.abandon(message)
            raise
        self._outbox.end(message, newly, why, self._clock.boot_ms())
        self._log(message, why)

    async def _deliver(self, url: str, message: Message) -> DeliveryResult:
        text = Text(subject=message.subject, body=message.body)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._send, url, text)

    def _taken(self, message: Message, number: int, *, is_first: bool, is_last: bool) -> list[Entry]:
        """What a yes means: the message is out and, to the vendor, its open incidents are notified."""
        at = self._clock.now()
        entries = [sent_entry(message, number, at, is_last=is_last)]
        if is_first and self._channels[message.channel].party == "vendor":
            checks = dict.fromkeys(key.check for key in message.about if self._watcher.is_open(*key))
            entries += [
                Entry.of(Notified(check=check, at=at, channel=message.channel), actor="agent") for check in checks
            ]
        return entries

    def _log(self, message: Message, why: str) -> None:
        if not why:
            log.info("alert %s delivered to %s", message.id, message.channel)
            return
        failures = next((each["failures"] for each in self._outbox.undelivered() if each["id"] == message.id), 0)
        if failures == LOUD_AFTER:
            log.error("alert %s cannot be delivered to %s: %s; it is tried on", message.id, message.channel, why)

    async def close(self) -> None:
        """Break off what is under way; whatever has no yes on disk is sent again after the next start."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)
