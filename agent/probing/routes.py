"""Keeps where the path to an asset ended at the moment an incident was detected: evidence, never a verdict."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from probes.address import is_here
from probes.net.path import path_to
from sla.evidence.records import AgentEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from config.site.model import Site
    from probes.net.path import Path
    from sla.incidents.fold import IncidentChange

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Traces under way; an incident beyond that goes without, as a storm has one cause and needs few paths."""


class Routes:
    """Traces in threads. Its events are kept with the next commit; an incident waits for none of them."""

    def __init__(
        self,
        site: Site,
        now_at: Callable[[], int],
        keep: Callable[[AgentEvent], None],
        trace: Callable[[str], Path | None] = path_to,
    ) -> None:
        """`now_at`: the agent's time now, in ms; `keep`: takes an event for the next commit."""
        self._address = {check.id: check.address for check in site.checks}
        self._now_at = now_at
        self._keep = keep
        self._trace = trace
        self._under_way: dict[str, asyncio.Task[None]] = {}

    def after(self, changes: Iterable[IncidentChange]) -> None:
        """Trace the path to each asset of which an incident is new."""
        for change in changes:
            if change.before is None and change.after is not None and change.after.restored is None:
                self._begin(change.check, change.after.detected)

    def _begin(self, check: str, detected: int) -> None:
        address = self._address.get(check, "")
        if is_here(address) or address in self._under_way or len(self._under_way) >= AT_ONCE:
            return
        self._under_way[address] = asyncio.get_running_loop().create_task(self._follow(check, detected, address))

    async def _follow(self, check: str, detected: int, address: str) -> None:
        try:
            path = await _in_thread(self._trace, address)
        finally:
            self._under_way.pop(address, None)
        if path is not None:
            hops = [[distance, hop] for distance, hop in path.hops]
            details = {
                "check": check,
                "detected": detected,
                "target": path.target,
                "hops": hops,
                "whole": path.is_whole,
            }
            self._keep(AgentEvent(at=self._now_at(), event="path", details=details))

    async def close(self) -> None:
        """Let go of what is under way; nothing of it is kept."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _in_thread(trace: Callable[[str], Path | None], address: str) -> Path | None:
    """In a thread that nobody waits for at the end: a trace may take half a minute, and a stop must not."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Path | None] = loop.create_future()

    def end(path: Path | None) -> None:
        if not done.done():
            done.set_result(path)

    def work() -> None:
        try:
            path = trace(address)
        except Exception:
            log.exception("no path to keep")
            path = None
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(end, path)

    threading.Thread(target=work, daemon=True).start()
    return await done
