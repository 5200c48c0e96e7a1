"""What answers in an address range: the draft of an inventory, which a person corrects.

Only addresses of the named ranges are spoken to, each by itself: no broadcast, no multicast. First all are pinged;
what answers is asked by TCP, RTSP, ONVIF, WS-Discovery and SNMP, few questions each, none of which wants a login.
What a host says never leads to another host, and whatever it does concerns its own row only.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

from config.input.mistakes import MalformedError
from config.text.outside import one_line
from probes.batch import ProbeRequest
from probes.faults import AssetFaultError, OwnFaultError
from probes.kinds import icmp, onvif, rtsp, tcp
from probes.net.connection import Deadline
from probes.net.datagram import asked
from probes.net.resolve import places
from probes.onvif.xml_tree import tree
from probes.ping.engine import IcmpEngine
from probes.reasons import DETAIL_CHARACTERS
from probes.snmp.options import SnmpOptions
from probes.snmp.session import SnmpDevice
from probes.snmp.values import number, text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from config.text.reasons import Reason
    from probes.outcome import Outcome

MOST_ADDRESSES = 1 << 16
_AT_ONCE = 64
_SOCKETS_A_HOST = 2
"""Bound B9; with `_AT_ONCE` it also bounds them all."""
_ANSWER_S = 2.0
_PORTS = {22: "ssh", 80: "http", 443: "tls", 554: "rtsp"}
"""Port → the kind of probe that looks at it."""
_SYS_DESCRIPTION, _SYS_NAME = "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.5.0"
_IF_NAME, _IF_STATE, _UP = "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.2.2.1.8", 1
_PORTS_SHOWN = 8
_NAME_LENGTH = 60
_DISCOVERY_PORT = 3702

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that answered. `kind` is a guess; `probes`: kinds that an inventory takes."""

    address: str
    kind: str
    name: str
    probes: tuple[str, ...]
    note: str


def networks(texts: Iterable[str]) -> list[Network]:
    """The ranges of these texts. ValueError: one is none, or all together are too many addresses to be meant."""
    found = [ip_network(each.strip(), strict=False) for each in texts]
    asked = sum(each.num_addresses for each in found)
    if asked > MOST_ADDRESSES:
        raise MalformedError(
            "{asked} addresses are too many to ask; wanted ranges of at most {most} together",
            asked=asked,
            most=MOST_ADDRESSES,
        )
    return found


async def discovered(ranges: Sequence[Network], progress: Callable[[str, int, int], None]) -> list[Found]:
    """What answers, in the order of addresses. OwnFaultError: this machine could not ping at all.

    `progress(stage, done, all)` is called as it goes on; the stages are `pinging` and `asking`.
    """
    alive = await _answering([str(host) for each in ranges for host in each.hosts()], progress)
    at_once = asyncio.Semaphore(_AT_ONCE)
    done = 0

    async def described(address: str) -> Found:
        nonlocal done
        async with at_once:
            found = await _asked(address)
        done += 1
        progress("asking", done, len(alive))
        return found

    progress("asking", 0, len(alive))
    return list(await asyncio.gather(*map(described, alive)))


async def _answering(addresses: list[str], progress: Callable[[str, int, int], None]) -> list[str]:
    addresses = list(dict.fromkeys(addresses))
    looks = [ProbeRequest(address=each, options=icmp.Options(count=2), timeout_s=_ANSWER_S) for each in addresses]
    alive: set[int] = set()
    heard = 0
    ours: list[Reason] = []

    def deliver(index: int, outcome: Outcome) -> None:
        nonlocal heard
        heard += 1
        if outcome.outcome == "ok":
            alive.add(index)
        elif outcome.outcome == "none":
            ours.append(outcome.why)  # some addresses of a range may be none of one machine, or have no route
        progress("pinging", heard, len(addresses))

    engine = IcmpEngine()
    try:
        await engine.run(looks, deliver)
    finally:
        engine.close()
    if ours and not alive:
        raise OwnFaultError(ours[0].phrase, ours[0].detail)
    return [addresses[index] for index in sorted(alive)]


async def _asked(address: str) -> Found:
    sockets = asyncio.Semaphore(_SOCKETS_A_HOST)
    ports = await asyncio.gather(*(_accepts(address, port, sockets) for port in _PORTS))
    probes = ["icmp", *(name for name, accepts in zip(_PORTS.values(), ports, strict=True) if accepts)]
    if "rtsp" in probes and not await _is_rtsp(address):
        probes.remove("rtsp")
    scopes = await _onvif_scopes(address)
    if scopes or ("http" in probes and await _is_onvif(address)):
        probes.append("onvif")
    system = await _system(address)
    if system:
        probes.append("snmp_device")
    named = [each for each in (system.get("name", ""), _scope(scopes, "name")) if each]
    notes = (system.get("description", ""), system.get("ports", ""), _scope(scopes, "hardware"))
    note = "; ".join(each for each in notes if each)
    return Found(
        address=address,
        kind=kind_of(probes),
        name=one_line(named[0], _NAME_LENGTH) if named else "",
        probes=tuple(probes),
        note=one_line(note, DETAIL_CHARACTERS),
    )


def kind_of(probes: Sequence[str]) -> str:
    """A guess: who speaks RTSP or ONVIF is a camera, who speaks SNMP and serves nothing a link's end."""
    if "rtsp" in probes or "onvif" in probes:
        return "camera"
    return "link" if "snmp_device" in probes and "http" not in probes and "https" not in probes else "server"


async def _accepts(address: str, port: int, sockets: asyncio.Semaphore) -> bool:
    async with sockets:
        return await _is_ok(tcp.probe(_host(address), tcp.Options(port=port), timeout_s=_ANSWER_S))


async def _is_rtsp(address: str) -> bool:
    return await _is_ok(rtsp.probe(_host(address), rtsp.Options(rung="options"), timeout_s=_ANSWER_S))


async def _is_onvif(address: str) -> bool:
    return await _is_ok(onvif.probe(_host(address), onvif.Options(), timeout_s=_ANSWER_S))


async def _is_ok(look: Awaitable[Outcome]) -> bool:
    """What this machine refuses, such as a route, is no answer of that host, and nobody else's matter."""
    try:
        return (await look).outcome == "ok"
    except OSError:
        return False


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


async def _system(address: str) -> dict[str, str]:
    """What an SNMP agent with the community `public` says of itself; empty if none answers."""
    device = SnmpDevice(_host(address), SnmpOptions())
    try:
        values = await device.values([_SYS_DESCRIPTION, _SYS_NAME], Deadline(_ANSWER_S))
    except (AssetFaultError, OwnFaultError, OSError):
        return {}
    found = {"description": text(values.get(_SYS_DESCRIPTION, "")), "name": text(values.get(_SYS_NAME, ""))}
    return found | {"answers": "yes", "ports": await _ports(device)}


async def _ports(device: SnmpDevice) -> str:
    """How many ports there are, and the names of the first that are up; empty where the device does not tell."""
    try:
        names = await device.walked(_IF_NAME, Deadline(_ANSWER_S))
        states = await device.walked(_IF_STATE, Deadline(_ANSWER_S))
    except (AssetFaultError, OwnFaultError, OSError):
        return ""
    up = [text(name) for index, name in names.items() if number(states.get(index)) == _UP]
    shown = ", ".join(up[:_PORTS_SHOWN]) + (" …" if len(up) > _PORTS_SHOWN else "")
    return f"{len(up)} of {len(names)} ports up: {shown}" if names else ""


async def _onvif_scopes(address: str) -> list[str]:
    """The scopes of a WS-Discovery answer (onvif://www.onvif.org/name/…); empty without one."""
    place = (await places(address, _DISCOVERY_PORT, timeout_s=_ANSWER_S))[0]
    request = discovery_request(str(uuid.uuid4()))
    try:
        return await asked(place, request, scopes_in, Deadline(_ANSWER_S / 2))
    except (AssetFaultError, OSError):
        return []


def discovery_request(number: str) -> bytes:
    """A Probe for network video transmitters (WS-Discovery 2005/04, ONVIF core §7.3)."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
        ' xmlns:n="http://www.onvif.org/ver10/network/wsdl"><s:Header>'
        f"<a:MessageID>uuid:{number}</a:MessageID>"
        "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
        "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action></s:Header>"
        "<s:Body><d:Probe><d:Types>n:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>"
    ).encode()


def scopes_in(data: bytes) -> list[str] | None:
    """The scopes of a ProbeMatch; None for anything else."""
    try:
        found = tree(data).first("ProbeMatch", "Scopes")
    except AssetFaultError:
        return None
    return found.text.split()[:100] if found is not None else None


def _scope(scopes: Sequence[str], name: str) -> str:
    prefix = f"onvif://www.onvif.org/{name}/"
    return next((each.removeprefix(prefix).replace("%20", " ") for each in scopes if each.startswith(prefix)), "")
