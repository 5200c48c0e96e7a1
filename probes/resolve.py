"""Host names and numeric addresses as socket addresses.

A name that does not resolve is `none`, whoever is to blame: a dead resolver is ours, and a name that does
not exist says nothing about the machine that should bear it. Whether a name exists is the question of
the `dns` kind; a contract that promises the name needs a check of that kind.
"""

from __future__ import annotations

import asyncio
import socket
from functools import lru_cache
from typing import NamedTuple

from probes.faults import OwnFaultError
from probes.reasons import NAME_UNKNOWN, NAME_UNRESOLVED

_NOT_THERE = (socket.EAI_NONAME, socket.EAI_NODATA)


class Place(NamedTuple):
    """Where to send: the address family, and the address as sockets of that family want it."""

    family: int
    address: tuple[str | int, ...]


def numeric(host: str, port: int = 0) -> Place | None:
    """The place of an IPv4 or IPv6 address (with or without a zone, like fe80::1%eth0); None for a name.

    ValueError: an address that stands for many machines, or for none.
    """
    return _numeric_v4(host, port) or _numeric_v6(host, port)


@lru_cache(maxsize=1 << 16)  # the same thousands of addresses come every minute
def _numeric_v4(host: str, port: int) -> Place | None:
    try:
        raw = socket.inet_pton(socket.AF_INET, host)
    except OSError:
        return None
    if raw[0] == 0 or raw[0] >= 224:  # noqa: PLR2004 - multicast, reserved, broadcast (RFC 6890)
        raise ValueError(f"{host} is not the address of one machine")  # noqa: EM102 - told once
    return Place(socket.AF_INET, (host, port))


def _numeric_v6(host: str, port: int) -> Place | None:
    bare, _, zone = host.partition("%")
    try:
        raw = socket.inet_pton(socket.AF_INET6, bare)
    except OSError:
        return None
    if raw[0] == 0xFF or not any(raw):  # noqa: PLR2004 - multicast (RFC 4291)
        raise ValueError(f"{host} is not the address of one machine")  # noqa: EM102 - told once
    return Place(socket.AF_INET6, (socket.inet_ntop(socket.AF_INET6, raw), port, 0, _zone_index(zone)))


def _zone_index(zone: str) -> int:
    if not zone:
        return 0
    return int(zone) if zone.isdecimal() else socket.if_nametoindex(zone)


async def places(host: str, port: int = 0, *, timeout_s: float) -> list[Place]:
    """Where that host is, best place first, never empty. OwnFaultError: its name does not resolve."""
    found = numeric(host, port)
    if found is not None:
        return [found]
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError:
        raise OwnFaultError(NAME_UNRESOLVED, f"{host}, no answer in time") from None
    except socket.gaierror as error:
        phrase = NAME_UNKNOWN if error.errno in _NOT_THERE else NAME_UNRESOLVED
        raise OwnFaultError(phrase, host) from None
    except UnicodeError:
        raise OwnFaultError(NAME_UNKNOWN, host) from None
    return [Place(family, (*address,)) for family, _kind, _protocol, _name, address in answers]
