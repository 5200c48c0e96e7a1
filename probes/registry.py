"""The one table of probe kinds. The names that site files accept are derived from it.

A kind is a file: `Options`, `probe`, `METRICS`, `REASONS`. Adding one is that file, a line here, a row
in docs/probes.md, and a test file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from probes import (
    dns,
    frame,
    host,
    http,
    icmp,
    mysql,
    ntp,
    onvif,
    optical,
    postgres,
    recording,
    rtsp,
    sip,
    smart,
    smtp,
    snapshot,
    snmp_device,
    snmp_link,
    ssh,
    tcp,
    tls,
)
from probes.decoder import Decoder
from probes.icmp_engine import IcmpEngine
from probes.look import Look, Many
from probes.pictures import PictureLooks
from probes.room import Room
from probes.snmp_looks import SnmpLooks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from probes.addresses import Service
    from probes.look import MakeMany
    from probes.outcome import Outcome

__all__ = ["OPTIONS", "PROBES", "Kind", "Look", "Many", "Probe", "with_one_decoder"]


class Probe(Protocol):
    """One look at one thing. `options` is an instance of the kind's Options.

    It ends by itself within `timeout_s`. What it raises is our fault, never the asset's.
    """

    async def __call__(self, address: str, options: Any, /, *, timeout_s: float) -> Outcome:
        """What that one look came to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A way of looking. `many` makes what looks in batches, for kinds where that is much cheaper.

    Kinds with the same `many` share what it makes, so that one request can serve them all; `at_once`: the checks of
    one address are due at the same moment for that.
    `service`: what of a host it asks if nothing else is said, transport and port; None: it asks this machine.
    `metrics`: name with unit → what it is. `reasons`: the phrases with which it says `fail`.
    """

    options: type[BaseModel]
    probe: Probe
    many: MakeMany | None = None
    at_once: bool = False
    service: Service | None
    metrics: Mapping[str, str]
    reasons: tuple[str, ...]


def _pings(room: Room | None = None) -> IcmpEngine:  # noqa: ARG001 - it has one socket, whatever it looks at
    """What pings all hosts."""
    return IcmpEngine()


def _pictures(room: Room | None = None, decoder: Decoder | None = None) -> PictureLooks:
    """What looks at the pictures of all cameras."""
    return PictureLooks({frame.Options: frame.one, snapshot.Options: snapshot.one}, room or Room(), decoder)


def _devices(room: Room | None = None) -> SnmpLooks:
    """What looks at all devices that speak SNMP."""
    return SnmpLooks(
        {snmp_device.Options: snmp_device.one, snmp_link.Options: snmp_link.one, optical.Options: optical.one},
        room or Room(),
    )


PROBES: Mapping[str, Kind] = {
    "icmp": Kind(
        options=icmp.Options,
        service=("icmp", 0),
        probe=icmp.probe,
        many=_pings,
        metrics=icmp.METRICS,
        reasons=icmp.REASONS,
    ),
    "tcp": Kind(options=tcp.Options, service=("tcp", 0), probe=tcp.probe, metrics=tcp.METRICS, reasons=tcp.REASONS),
    "http": Kind(
        options=http.Options, service=("tcp", 80), probe=http.probe, metrics=http.METRICS, reasons=http.REASONS
    ),
    "tls": Kind(options=tls.Options, service=("tcp", 443), probe=tls.probe, metrics=tls.METRICS, reasons=tls.REASONS),
    "dns": Kind(options=dns.Options, service=("udp", 53), probe=dns.probe, metrics=dns.METRICS, reasons=dns.REASONS),
    "ntp": Kind(options=ntp.Options, service=("udp", 123), probe=ntp.probe, metrics=ntp.METRICS, reasons=ntp.REASONS),
    "postgres": Kind(
        options=postgres.Options,
        service=("tcp", 5432),
        probe=postgres.probe,
        metrics=postgres.METRICS,
        reasons=postgres.REASONS,
    ),
    "mysql": Kind(
        options=mysql.Options, service=("tcp", 3306), probe=mysql.probe, metrics=mysql.METRICS, reasons=mysql.REASONS
    ),
    "smtp": Kind(
        options=smtp.Options, service=("tcp", 25), probe=smtp.probe, metrics=smtp.METRICS, reasons=smtp.REASONS
    ),
    "ssh": Kind(options=ssh.Options, service=("tcp", 22), probe=ssh.probe, metrics=ssh.METRICS, reasons=ssh.REASONS),
    "sip": Kind(
        options=sip.Options, service=("udp", 5060), probe=sip.probe, metrics=sip.METRICS, reasons=sip.REASONS
    ),
    "rtsp": Kind(
        options=rtsp.Options, service=("tcp", 554), probe=rtsp.probe, metrics=rtsp.METRICS, reasons=rtsp.REASONS
    ),
    "onvif": Kind(
        options=onvif.Options, service=("tcp", 80), probe=onvif.probe, metrics=onvif.METRICS, reasons=onvif.REASONS
    ),
    "recording": Kind(
        options=recording.Options,
        service=("tcp", 80),
        probe=recording.probe,
        metrics=recording.METRICS,
        reasons=recording.REASONS,
    ),
    "frame": Kind(
        options=frame.Options,
        service=("tcp", 554),
        probe=frame.probe,
        many=_pictures,
        metrics=frame.METRICS,
        reasons=frame.REASONS,
    ),
    "snapshot": Kind(
        options=snapshot.Options,
        service=("tcp", 80),
        probe=snapshot.probe,
        many=_pictures,
        metrics=snapshot.METRICS,
        reasons=snapshot.REASONS,
    ),
    "snmp_device": Kind(
        options=snmp_device.Options,
        service=("udp", 161),
        probe=snmp_device.probe,
        many=_devices,
        at_once=True,
        metrics=snmp_device.METRICS,
        reasons=snmp_device.REASONS,
    ),
    "snmp_link": Kind(
        options=snmp_link.Options,
        service=("udp", 161),
        probe=snmp_link.probe,
        many=_devices,
        at_once=True,
        metrics=snmp_link.METRICS,
        reasons=snmp_link.REASONS,
    ),
    "optical": Kind(
        options=optical.Options,
        service=("udp", 161),
        probe=optical.probe,
        many=_devices,
        at_once=True,
        metrics=optical.METRICS,
        reasons=optical.REASONS,
    ),
    "host": Kind(options=host.Options, service=None, probe=host.probe, metrics=host.METRICS, reasons=host.REASONS),
    "smart": Kind(
        options=smart.Options, service=None, probe=smart.probe, metrics=smart.METRICS, reasons=smart.REASONS
    ),
}


def with_one_decoder(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """These kinds for a program with several runners: one process has all their pictures, its memory is for one."""
    decoder = Decoder()

    def pictures(room: Room | None = None) -> PictureLooks:
        return _pictures(room, decoder)

    return {name: replace(kind, many=pictures) if kind.many is _pictures else kind for name, kind in kinds.items()}


OPTIONS: Mapping[str, type[BaseModel]] = {name: kind.options for name, kind in PROBES.items()}
"""Probe kind → the keys that its checks may have beside the common ones."""
