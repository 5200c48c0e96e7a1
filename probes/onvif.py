"""Whether a camera answers ONVIF, how far its clock is from ours, and whether it is still the same device.

`ok`: GetSystemDateAndTime came back (it needs no login), the clock within `max_offset`, and, where that is asked for,
GetDeviceInformation with the expected serial number, model and firmware. `fail`: not reached, no ONVIF, a clock that
is off, another device. A login that is wanted or refused is `none` (see `login_refused`).
What it can never see: whether pictures come; the clock that is drawn into the picture, which can be another one. If
our own clock is not synchronised, `max_offset` is `none`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import StringConstraints

from config.models import Duration, OneOrMore, Port, Word
from probes.addresses import endpoint
from probes.clock_offset import offset_verdict
from probes.connection import CONNECT_REASONS, READ_REASONS, TLS_REASONS, Deadline, tls_context
from probes.digest import Login
from probes.faults import AssetFaultError, judged
from probes.login import LoginOptions, password
from probes.outcome import Outcome, fail
from probes.own_clock import now_s
from probes.reasons import (
    ANOTHER_DEVICE,
    CLOCK_OFF,
    LOGIN_REFUSED,
    NOT_UNDERSTOOD,
    OVERLOADED,
    PATH_WRONG,
    WRONG_STATUS,
    because,
)
from probes.soap import called, envelope

if TYPE_CHECKING:
    from probes.xml_tree import Element

METRICS = {
    "rtt_ms": "until the time of day was answered",
    "offset_ms": "its clock less ours",
    "error_ms": "how wrong that offset can be at most: ONVIF tells whole seconds",
}
REASONS = (
    *CONNECT_REASONS,
    *READ_REASONS,
    *TLS_REASONS,
    NOT_UNDERSTOOD,
    PATH_WRONG,
    OVERLOADED,
    WRONG_STATUS,
    CLOCK_OFF,
    ANOTHER_DEVICE,
    LOGIN_REFUSED,
)
_PORT = 80
_HALF_A_SECOND_MS = 500
_FIELDS = {"serial": "SerialNumber", "model": "Model", "firmware": "FirmwareVersion"}


class Options(LoginOptions):
    """Where to ask, and what must come back."""

    port: Port | None = None
    """the port, for an address that is no URL and names none; 80 if not given"""
    path: Annotated[str, StringConstraints(pattern=r"\A/\S*\z")] = "/onvif/device_service"
    """the path of the device service, for an address that is no URL"""
    max_offset: Duration | None = None
    """a clock farther from ours fails"""
    serial: OneOrMore = ()
    """the serial number that it must tell, or a list of them; needs a login on most cameras"""
    model: OneOrMore = ()
    """the model that it must tell, or a list of them"""
    firmware: OneOrMore = ()
    """the firmware that it must tell, or a list of them"""
    verify: bool = False
    """believe only certificates that the authorities vouch for; cameras sign their own"""
    ca_file: Word | None = None
    """a PEM file of authorities, instead of the machine's own"""


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Ask once. ValueError: the address makes no URL. OSError: our own network or limits."""
    return await judged(_look(_url(address, options), options, Deadline(timeout_s)))


def _url(address: str, options: Options) -> str:
    if "://" in address:
        if not address.startswith(("http://", "https://")) or "@" in address:
            raise ValueError(f"{address.partition('://')[0]}:// is not http:// or https:// without a login")  # noqa: EM102 - told once
        return address
    return f"http://{endpoint(address, options.port, otherwise=_PORT)}{options.path}"


async def _look(url: str, options: Options, deadline: Deadline) -> Outcome:
    tls = tls_context(verify=options.verify, ca_file=options.ca_file or "") if url.startswith("https:") else None
    login = Login(options.user, password(options)) if options.user is not None else None
    asked_s = now_s()
    answer = await called(url, envelope("GetSystemDateAndTime"), options, None, deadline=deadline, tls=tls)
    rtt_ms = deadline.elapsed_ms()
    device_s = utc_s(answer)
    if device_s is None:
        raise AssetFaultError(NOT_UNDERSTOOD, "no UTC time")
    if options.serial or options.model or options.firmware:
        body = envelope("GetDeviceInformation", login, device_s)
        found = await called(url, body, options, login, deadline=deadline, tls=tls)
        stranger = other_device(found, options)
        if stranger:
            return fail(because(ANOTHER_DEVICE, stranger), rtt_ms=rtt_ms)
    offset_ms = (device_s - asked_s) * 1000 + _HALF_A_SECOND_MS - rtt_ms / 2
    metrics = {"rtt_ms": rtt_ms, "offset_ms": round(offset_ms), "error_ms": round(rtt_ms / 2 + _HALF_A_SECOND_MS)}
    return offset_verdict(metrics, options.max_offset)


def utc_s(answer: Element) -> float | None:
    """The UTC time of an answer to GetSystemDateAndTime, in seconds since 1970; None if there is none.

    AssetFaultError: there is one, and it is no time.
    """
    found = answer.first("UTCDateTime")
    if found is None:
        return None
    names = (
        ("Date", "Year"),
        ("Date", "Month"),
        ("Date", "Day"),
        ("Time", "Hour"),
        ("Time", "Minute"),
        ("Time", "Second"),
    )
    try:
        year, month, day, hour, minute, second = (int(found.said(*name)[:4]) for name in names)
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        raise AssetFaultError(NOT_UNDERSTOOD, "the time of day") from None


def other_device(answer: Element, options: Options) -> str:
    """What of GetDeviceInformation is not as it should be, as `serial ABC`; empty if all is."""
    for key, name in _FIELDS.items():
        accepted: tuple[str, ...] = getattr(options, key)
        told = answer.said(name)
        if accepted and told not in accepted:
            return f"{key} {told or 'unknown'}"
    return ""
