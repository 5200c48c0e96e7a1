"""The one table of probe kinds: `PROBES`. The names that site files accept are derived from it.

How to add one: CONTRIBUTING.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from probes.batch import BatchProbe, ProbeRequest
from probes.kinds import (
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
from probes.limiter import Limiter
from probes.picture.assessment import PictureBatch
from probes.picture.decoder import Decoder
from probes.ping.engine import IcmpEngine
from probes.snmp.batch import SnmpBatch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from probes.address import Service
    from probes.batch import MakeBatch
    from probes.outcome import Outcome

__all__ = ["OPTIONS", "PROBES", "BatchProbe", "Kind", "Probe", "ProbeRequest", "with_one_decoder"]


class Probe(Protocol):
    """One look at one thing. `options` is an instance of the kind's Options.

    It ends by itself within `timeout_s`. What it raises is our fault, never the asset's.
    """

    async def __call__(self, address: str, options: Any, /, *, timeout_s: float) -> Outcome:
        """What that one look came to; `address` as in a site file, `timeout_s` in seconds for all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A row of `PROBES`: one way to look at a thing.

    `options`: the model of the keys that its checks may have; `probe`: one look at one thing.
    `make_batch`: for kinds where many looks at once are much cheaper, what makes a `BatchProbe`. Kinds with the same
    one share what it makes, so that one request can serve them all; `at_once`: for that, the checks of one address
    are due at the same moment.
    `service`: what of a host it asks if nothing else is said, transport and port; None: it asks this machine.
    `metrics`: name with unit → what it is. `reasons`: the phrases with which it says `fail`.
    """

    options: type[BaseModel]
    probe: Probe
    make_batch: MakeBatch | None = None
    at_once: bool = False
    service: Service | None
    metrics: Mapping[str, str]
    reasons: tuple[str, ...]


def _pings(limiter: Limiter | None = None) -> IcmpEngine:  # noqa: ARG001 - it has one socket, whatever it looks at
    """What pings all hosts, through one socket a family."""
    return IcmpEngine()


def _pictures(limiter: Limiter | None = None, decoder: Decoder | None = None) -> PictureBatch:
    """What looks at the pictures of all cameras; without a `decoder`, with one of its own."""
    return PictureBatch({frame.Options: frame.one, snapshot.Options: snapshot.one}, limiter or Limiter(), decoder)


def _devices(limiter: Limiter | None = None) -> SnmpBatch:
    """What looks at all devices that speak SNMP, with one session a device."""
    return SnmpBatch(
        {snmp_device.Options: snmp_device.one, snmp_link.Options: snmp_link.one, optical.Options: optical.one},
        limiter or Limiter(),
    )


class ProbeModule(Protocol):
    """What the file of a kind holds: a module of probes/kinds."""

    @property
    def Options(self) -> type[BaseModel]: ...  # noqa: N802 - a class's name

    @property
    def probe(self) -> Probe: ...

    @property
    def METRICS(self) -> Mapping[str, str]: ...  # noqa: N802 - a constant's name

    @property
    def REASONS(self) -> tuple[str, ...]: ...  # noqa: N802 - a constant's name


def row_of(
    file: ProbeModule, service: Service | None, make_batch: MakeBatch | None = None, *, at_once: bool = False
) -> Kind:
    """The row of the kind that this file holds."""
    return Kind(
        options=file.Options,
        probe=file.probe,
        make_batch=make_batch,
        at_once=at_once,
        service=service,
        metrics=file.METRICS,
        reasons=file.REASONS,
    )


PROBES: Mapping[str, Kind] = {
    "icmp": row_of(icmp, ("icmp", 0), make_batch=_pings),
    "tcp": row_of(tcp, ("tcp", 0)),
    "http": row_of(http, ("tcp", 80)),
    "tls": row_of(tls, ("tcp", 443)),
    "dns": row_of(dns, ("udp", 53)),
    "ntp": row_of(ntp, ("udp", 123)),
    "postgres": row_of(postgres, ("tcp", 5432)),
    "mysql": row_of(mysql, ("tcp", 3306)),
    "smtp": row_of(smtp, ("tcp", 25)),
    "ssh": row_of(ssh, ("tcp", 22)),
    "sip": row_of(sip, ("udp", 5060)),
    "rtsp": row_of(rtsp, ("tcp", 554)),
    "onvif": row_of(onvif, ("tcp", 80)),
    "recording": row_of(recording, ("tcp", 80)),
    "frame": row_of(frame, ("tcp", 554), make_batch=_pictures),
    "snapshot": row_of(snapshot, ("tcp", 80), make_batch=_pictures),
    "snmp_device": row_of(snmp_device, ("udp", 161), make_batch=_devices, at_once=True),
    "snmp_link": row_of(snmp_link, ("udp", 161), make_batch=_devices, at_once=True),
    "optical": row_of(optical, ("udp", 161), make_batch=_devices, at_once=True),
    "host": row_of(host, None),
    "smart": row_of(smart, None),
}


def with_one_decoder(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """These kinds for a program with several runners: one process decodes all their pictures.

    Its memory is for one. All other rows are given back as they are.
    """
    decoder = Decoder()

    def pictures(limiter: Limiter | None = None) -> PictureBatch:
        return _pictures(limiter, decoder)

    return {
        name: replace(kind, make_batch=pictures) if kind.make_batch is _pictures else kind
        for name, kind in kinds.items()
    }


OPTIONS: Mapping[str, type[BaseModel]] = {name: kind.options for name, kind in PROBES.items()}
"""Probe kind → the keys that its checks may have beside those that every check has."""
