"""Looks of all kinds that speak SNMP, in batches: what is wanted of one device at one moment is asked at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from probes.address import host_of
from probes.faults import settled
from probes.net.connection import Deadline
from probes.outcome import Outcome
from probes.snmp.options import SnmpOptions
from probes.snmp.session import SnmpDevice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from probes.batch import ProbeRequest
    from probes.limiter import Limiter

_SESSIONS = 64
"""Of devices that are not being asked; each is an open socket."""

One = Callable[[SnmpDevice, Any, Deadline], Awaitable[Outcome]]
"""A kind's look at a device, with an instance of the kind's Options."""


class SnmpBatch:
    """Looks of all kinds that speak SNMP, with one session for each device. It has a life: close it."""

    def __init__(self, kinds: Mapping[type[SnmpOptions], One], limiter: Limiter) -> None:
        self._kinds = kinds
        self._limiter = limiter
        self._devices: dict[tuple[str, SnmpOptions], SnmpDevice] = {}
        self._open: dict[SnmpDevice, None] = {}

    async def run(self, looks: Sequence[ProbeRequest], deliver: Callable[[int, Outcome], None]) -> None:
        """Look at all, what is wanted of one device at once; what goes wrong with one look is that one's `none`."""
        devices: dict[tuple[str, SnmpOptions], list[int]] = {}
        for index, each in enumerate(looks):
            devices.setdefault((each.address, _how(each.options)), []).append(index)
        async with asyncio.TaskGroup() as group:
            for (address, how), indexes in devices.items():
                group.create_task(self._ask(address, how, {index: looks[index] for index in indexes}, deliver))

    async def _ask(
        self,
        address: str,
        how: SnmpOptions,
        looks: Mapping[int, ProbeRequest],
        deliver: Callable[[int, Outcome], None],
    ) -> None:
        async def one(index: int, each: ProbeRequest) -> None:
            deliver(index, await settled(self._one(address, how, each)))

        async with self._limiter.place(host_of(address), (address, how)):
            await asyncio.gather(*(one(index, each) for index, each in looks.items()))
        if (device := self._devices.get((address, how))) is not None:
            self._keep(device)

    def _keep(self, device: SnmpDevice) -> None:
        """Of the sessions that are open, the ones used last stay so."""
        self._open.pop(device, None)
        if device.is_open:
            self._open[device] = None
        if len(self._open) > _SESSIONS:
            oldest = next(iter(self._open))
            del self._open[oldest]
            oldest.rest()

    async def _one(self, address: str, how: SnmpOptions, each: ProbeRequest) -> Outcome:
        device = self._devices.get((address, how))
        if device is None:
            device = self._devices[address, how] = SnmpDevice(address, how)
        return await self._kinds[type(each.options)](device, each.options, Deadline(each.timeout_s))

    def close(self) -> None:
        """Forget all sessions, and with them their sockets."""
        self._devices.clear()
        self._open.clear()


def _how(options: SnmpOptions) -> SnmpOptions:
    """The part of a kind's options that says how to ask: looks that share it share a session."""
    return SnmpOptions.model_construct(**{key: getattr(options, key) for key in SnmpOptions.model_fields})
