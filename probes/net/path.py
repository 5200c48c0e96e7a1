"""Where the path to an address ends: a traceroute, as evidence of an outage, never as a verdict. icmplib does it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, NamedTuple

from icmplib import ICMPLibError, traceroute  # type: ignore[import-untyped]

from probes.address import endpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icmplib import Hop

MOST_HOPS = 20
_WAIT_S = 1.0


class Path(NamedTuple):
    """`hops`: address of each router that answered, with its distance; `is_whole`: the last of them is the target."""

    target: str
    hops: Sequence[tuple[int, str]]
    is_whole: bool


def path_to(address: str) -> Path | None:
    """The path to the host of a check's address (host, host:port, URL). Blocks for up to a minute: for a thread.

    None: the name does not resolve, or we may not trace.
    """
    host = endpoint(address, None, otherwise=1).host
    try:
        target = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)[0][4][0]
        hops: list[Hop] = traceroute(str(target), count=1, timeout=_WAIT_S, max_hops=MOST_HOPS, fast=True)
    except (ICMPLibError, OSError, UnicodeError):
        return None
    seen = [(hop.distance, str(hop.address)) for hop in hops]
    return Path(str(target), seen, bool(seen) and seen[-1][1] == target)
