"""Whether a camera answers ONVIF, how far its clock is from ours, and whether it is still the same device.

`ok`: GetSystemDateAndTime came back (it needs no login), the clock within `max_offset`, and, where that is asked for,
GetDeviceInformation with the expected serial number, model and firmware. `fail`: not reached, no ONVIF, a clock that
is off, another device. A login that is wanted or refused is `none` (see `login_refused`).
What it can never see: whether pictures come; the clock that is drawn into the picture, which can be another one. If
our own clock is not synchronised, `max_offset` is `none`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.input.models import Duration, OneOrMore
from probes.faults import judged
from probes.machine.clock import now_s
from probes.machine.clock_offset import offset_verdict
from probes.net.connection import Deadline
from probes.onvif.device import DEVICE_REASONS, DeviceOptions, OnvifDevice
from probes.onvif.xml_tree import Element
from probes.outcome import fail
from probes.reasons import ANOTHER_DEVICE, CLOCK_OFF, because, theirs

if TYPE_CHECKING:
    from probes.outcome import Outcome

METRICS = {
    "rtt_ms": "until the time of day was answered",
    "offset_ms": "its clock less ours",
    "error_ms": "how wrong that offset can be at most: ONVIF tells whole seconds",
}
REASONS = (*DEVICE_REASONS, CLOCK_OFF, ANOTHER_DEVICE)
_HALF_A_SECOND_MS = 500
_FIELDS = {"serial": "SerialNumber", "model": "Model", "firmware": "FirmwareVersion"}


class Options(DeviceOptions):
    """Where to ask, and what must come back."""

    max_offset: Duration | None = None
    """a clock farther from ours fails"""
    serial: OneOrMore = ()
    """the serial number that it must tell, or a list of them; needs a login on most cameras"""
    model: OneOrMore = ()
    """the model that it must tell, or a list of them"""
    firmware: OneOrMore = ()
    """the firmware that it must tell, or a list of them"""


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Ask once. ValueError: the address makes no URL. OSError: our own network or limits."""
    return await judged(_outcome(address, options, Deadline(timeout_s)))


async def _outcome(address: str, options: Options, deadline: Deadline) -> Outcome:
    device = OnvifDevice(address, options, deadline)
    asked_s = now_s()
    device_s = await device.clock_s()
    rtt_ms = deadline.elapsed_ms()
    if options.serial or options.model or options.firmware:
        stranger = mismatch(await device.ask(Element("tds:GetDeviceInformation")), options)
        if stranger:
            return fail(because(ANOTHER_DEVICE, *stranger), rtt_ms=rtt_ms)
    offset_ms = (device_s - asked_s) * 1000 + _HALF_A_SECOND_MS - rtt_ms / 2
    metrics = {"rtt_ms": rtt_ms, "offset_ms": round(offset_ms), "error_ms": round(rtt_ms / 2 + _HALF_A_SECOND_MS)}
    return offset_verdict(metrics, options.max_offset)


def mismatch(answer: Element, options: Options) -> tuple[str, ...]:
    """What of GetDeviceInformation is not as it should be, as `serial` and its value; empty if all is."""
    for key, name in _FIELDS.items():
        accepted: tuple[str, ...] = getattr(options, key)
        told = answer.text_at(name)
        if accepted and told not in accepted:
            return key, theirs(told) or "unknown"
    return ()
