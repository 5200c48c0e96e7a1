"""Addresses as people write them in site files: a host, host:port, [v6]:port, or a URL."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from config.input.mistakes import MalformedError, reason_of
from config.input.units import port as checked_port

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.text.sentence import Sentence

_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)


_SCHEMES = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
Service = tuple[str, int]
"""`icmp`, `tcp` or `udp`, and the port: what a filter on the way tells apart."""


class Endpoint(NamedTuple):
    """A host (without brackets) and a TCP or UDP port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def endpoint(address: str, port: int | None, *, otherwise: int | None = None) -> Endpoint:
    """The endpoint of `host`, `host:port`, `[v6]:port`, a bare IPv6 address, or a URL; `port` wins.

    `otherwise`: the port where nothing names one. MalformedError: no port anywhere, or not such an
    address.
    """
    host, own = _parts(address)
    if not host or any(each.isspace() or not each.isprintable() for each in host):
        raise MalformedError("{address} is not a host, host:port or URL", address=repr(address))
    port = own if port is None else port
    if port is None and otherwise is None:
        raise MalformedError("no port for {address}: give `port`, or host:port", address=repr(address))
    return Endpoint(host, checked_port(otherwise if port is None else port))


def _parts(address: str) -> tuple[str, int | None]:
    if "://" in address:
        split = urlsplit(address)
        return split.hostname or "", split.port
    if address.count(":") > 1 and not address.startswith("["):
        return address, None
    if any(each in address for each in "/?#@"):
        raise MalformedError(
            "{address} is more than a host and a port: write the whole URL, or `path`", address=repr(address)
        )
    split = urlsplit(f"//{address}")
    return split.hostname or "", split.port


def host_alone(address: str) -> str:
    """The address, if it is a host and nothing more. MalformedError: it is not."""
    host, port = _parts(address)
    if not host or port is not None or "://" in address:
        raise MalformedError("{address} is not a host alone, without port or scheme", address=repr(address))
    return address


def misfit_of(read: Callable[[], object]) -> Sentence | None:
    """What is wrong with an address, as the one who reads it says; None if nothing is."""
    try:
        read()
    except ValueError as error:
        return reason_of(error)
    return None


def host_of(address: str) -> str:
    """The host in an address: host, host:port or URL."""
    if address.count(":") > 1 and "://" not in address and not address.startswith("["):
        return address  # a bare IPv6 address
    found = _HOST.match(address)
    return found.group(1).strip("[]") if found else address


def is_here(address: str) -> bool:
    """Whether the address (host, host:port or URL) is this very machine: loopback, or nothing at all."""
    host = host_of(address)
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in ("", "localhost") or host.endswith(".localhost")


def service_of(address: str, options: object, usual: Service) -> Service:
    """Transport and port that a look with these options asks. `usual`: those of its kind; port 0: it has none."""
    transport, otherwise = usual
    if transport == "icmp":
        return usual
    transport = getattr(options, "transport", transport)
    url = str(getattr(options, "url", None) or address)
    scheme = url.partition("://")[0] if "://" in url else str(getattr(options, "scheme", ""))
    try:
        own = _parts(url)[1]
    except ValueError:
        own = None
    return transport, getattr(options, "port", None) or own or _SCHEMES.get(scheme.lower()) or otherwise


def plain(address: str) -> str:
    """One spelling of an IP address; empty for what is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
