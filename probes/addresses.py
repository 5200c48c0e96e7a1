"""Addresses as people write them in site files: a host, host:port, [v6]:port, or a URL."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from config.units import port as checked_port

_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)


class Endpoint(NamedTuple):
    """A host (without brackets) and a TCP or UDP port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def endpoint(address: str, port: int | None, *, otherwise: int | None = None) -> Endpoint:
    """The endpoint of `host`, `host:port`, `[v6]:port`, a bare IPv6 address, or a URL; `port` wins.

    `otherwise`: the port where nothing names one. ValueError, with a sentence: no port anywhere, or not such an
    address.
    """
    host, own = _parts(address)
    if not host or any(each.isspace() or not each.isprintable() for each in host):
        raise ValueError(f"{address!r} is not a host, host:port or URL")  # noqa: EM102 - told once
    port = own if port is None else port
    if port is None and otherwise is None:
        raise ValueError(f"no port for {address!r}: give `port`, or host:port")  # noqa: EM102 - told once
    return Endpoint(host, checked_port(otherwise if port is None else port))


def _parts(address: str) -> tuple[str, int | None]:
    if "://" in address:
        split = urlsplit(address)
        return split.hostname or "", split.port
    if address.count(":") > 1 and not address.startswith("["):
        return address, None
    split = urlsplit(f"//{address}")
    return split.hostname or "", split.port


def host_of(address: str) -> str:
    """The host in an address: host, host:port or URL."""
    if address.count(":") > 1 and "://" not in address and not address.startswith("["):
        return address  # a bare IPv6 address
    found = _HOST.match(address)
    return found.group(1).strip("[]") if found else address


def plain(address: str) -> str:
    """One spelling of an IP address; empty for what is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
