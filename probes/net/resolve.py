"""Host names and numeric addresses as socket addresses.

A name that does not resolve is `none`, whoever is to blame: a dead resolver is ours, and a name that does
not exist says nothing about the machine that should bear it. Whether a name exists is the question of
the `dns` kind; a contract that promises the name needs a check of that kind.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from config.input.mistakes import MalformedError
from probes.faults import OwnFaultError
from probes.reasons import NAME_UNKNOWN, NAME_UNRESOLVED

MOST_LOOKUPS = 64
"""Names under way at once, also those that nobody waits for any more: the system's resolver cannot be broken off."""
_THREAD = "name"
_AGAIN_S = 0.02
_NOT_THERE = (socket.EAI_NONAME, socket.EAI_NODATA)


class HostAddress(NamedTuple):
    """Where to send: the address family, and the address as sockets of that family want it."""

    family: int
    address: tuple[str | int, ...]


def numeric(host: str, port: int = 0) -> HostAddress | None:
    """The place of an IPv4 or IPv6 address (with or without a zone, like fe80::1%eth0); None for a name.

    ValueError: an address that stands for many machines, or for none.
    """
    return _numeric_v4(host, port) or _numeric_v6(host, port)


@lru_cache(maxsize=1 << 16)  # the same thousands of addresses come every minute
def _numeric_v4(host: str, port: int) -> HostAddress | None:
    return None if packed_v4(host) is None else HostAddress(socket.AF_INET, (host, port))


def packed_v4(host: str) -> bytes | None:
    """An IPv4 address as four bytes; None for anything else. ValueError: it stands for many machines, or for none."""
    try:
        raw = socket.inet_pton(socket.AF_INET, host)
    except OSError:
        return None
    if raw[0] == 0 or raw[0] >= 224:  # noqa: PLR2004 - multicast, reserved, broadcast (RFC 6890)
        raise MalformedError("{host} is not the address of one machine", host=host)
    return raw


def _numeric_v6(host: str, port: int) -> HostAddress | None:
    bare, _, zone = host.partition("%")
    try:
        raw = socket.inet_pton(socket.AF_INET6, bare)
    except OSError:
        return None
    if raw[0] == 0xFF or not any(raw):  # noqa: PLR2004 - multicast (RFC 4291)
        raise MalformedError("{host} is not the address of one machine", host=host)
    return HostAddress(socket.AF_INET6, (socket.inet_ntop(socket.AF_INET6, raw), port, 0, _zone_index(zone)))


def _zone_index(zone: str) -> int:
    if not zone:
        return 0
    return int(zone) if zone.isdecimal() else socket.if_nametoindex(zone)


async def places(host: str, port: int = 0, *, timeout_s: float) -> list[HostAddress]:
    """Where that host is, best place first, never empty. OwnFaultError: its name does not resolve."""
    found = numeric(host, port)
    if found is not None:
        return [found]
    try:
        async with asyncio.timeout(timeout_s):
            answers = await _resolved(host, port)
    except TimeoutError:
        raise OwnFaultError(NAME_UNRESOLVED, f"{host}, no answer in time") from None
    except socket.gaierror as error:
        phrase = NAME_UNKNOWN if error.errno in _NOT_THERE else NAME_UNRESOLVED
        raise OwnFaultError(phrase, host) from None
    except UnicodeError:
        raise OwnFaultError(NAME_UNKNOWN, host) from None
    return [HostAddress(family, (*address,)) for family, _kind, _protocol, _name, address in answers]


async def _resolved(host: str, port: int) -> list[Any]:
    """What the system's resolver says, asked in a thread of its own.

    Not in the event loop's pool: a handful of names whose servers are silent would fill that for half a minute, and
    hold up all other names and whatever else needs a thread.
    """
    while sum(each.name == _THREAD for each in threading.enumerate()) >= MOST_LOOKUPS:  # noqa: ASYNC110 - no loop's event
        await asyncio.sleep(_AGAIN_S)
    loop = asyncio.get_running_loop()
    done: asyncio.Future[list[Any]] = loop.create_future()

    def work() -> None:
        try:
            found, error = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), None
        except (OSError, UnicodeError) as fault:
            found, error = [], fault
        with suppress(RuntimeError):  # nobody waits any more: the loop is closed
            loop.call_soon_threadsafe(_settle, done, found, error)

    try:
        threading.Thread(target=work, name=_THREAD, daemon=True).start()
    except RuntimeError:
        raise OwnFaultError(NAME_UNRESOLVED, f"{host}, as no thread is to be had") from None
    return await done


def _settle(done: asyncio.Future[list[Any]], found: list[Any], error: Exception | None) -> None:
    if done.done():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(found)
