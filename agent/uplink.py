"""Whether we can see at all: a fail while our own network is gone says nothing about the asset.

Two signs of blindness: no interface that is up carries a route, and, where the site names references
on other paths, none of them answers. Assets on this very machine need no network and are believed.
"""

from __future__ import annotations

import array
import fcntl
import ipaddress
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from config import CheckPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agent.runner import Runner, Seen

_ROUTES = Path("/proc/self/net/route")
_ROUTES_6 = Path("/proc/self/net/ipv6_route")
_RTF_UP, _RTF_REJECT = 0x0001, 0x0200
_IFF_UP, _IFF_RUNNING = 0x01, 0x40
_SIOCGIFFLAGS = 0x8913
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)

Trust = Literal["trusted", "blind", "wait"]


def is_here(address: str) -> bool:
    """Whether the address (host, host:port or URL) is this very machine: loopback, or nothing at all."""
    found = _HOST.match(address)
    host = found.group(1).strip("[]") if found else address
    if address.count(":") > 1 and "://" not in address and not address.startswith("["):
        host = address  # a bare IPv6 address
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in ("", "localhost") or host.endswith(".localhost")


def has_network() -> bool:
    """Whether any interface but loopback is up, has a carrier, and carries a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        return any(_is_running(asked, name) for name in _interfaces_with_routes())


def _interfaces_with_routes() -> set[str]:
    found = set()
    for line in _lines(_ROUTES)[1:]:
        fields = line.split()
        if int(fields[3], 16) & (_RTF_UP | _RTF_REJECT) == _RTF_UP:
            found.add(fields[0])
    for line in _lines(_ROUTES_6):
        fields = line.split()
        if int(fields[8], 16) & (_RTF_UP | _RTF_REJECT) == _RTF_UP and not fields[0].startswith(("fe80", "ff")):
            found.add(fields[9])
    return found - {"lo"}


def _lines(path: Path) -> list[str]:
    """The lines of a file of /proc; none where the kernel lacks that protocol."""
    try:
        return path.read_text(encoding="ascii").splitlines()
    except OSError:
        return []


def _is_running(asked: socket.socket, interface: str) -> bool:
    request = array.array("B", interface.encode()[:15].ljust(40, b"\0"))
    try:
        fcntl.ioctl(asked, _SIOCGIFFLAGS, request)
    except OSError:
        return False
    flags = int.from_bytes(request[16:18].tobytes(), "little")
    return flags & (_IFF_UP | _IFF_RUNNING) == _IFF_UP | _IFF_RUNNING


def reference_plans(addresses: Sequence[str], options: object) -> list[CheckPlan]:
    """How references are looked at: by ICMP, twice, on demand."""
    return [
        CheckPlan(
            id=f"reference/{address}",
            asset="",
            probe="icmp",
            address=address,
            interval_ms=10_000,
            timeout_ms=1_000,
            tries=2,
            retry_pause_ms=200,
            failing_interval_ms=10_000,
            severity="minor",
            counts=False,
            reach=False,
            options=options,
        )
        for address in addresses
    ]


class Uplink:
    """Remembers when we were blind, and asks the references when that is not plain. All times are boot-time ms."""

    def __init__(self, references: Sequence[CheckPlan], network: Callable[[], bool] = has_network) -> None:
        self._references = references
        self._network = network
        self._runner: Runner | None = None
        self._blind_at: int | None = None
        self._answered_at: int | None = None
        self._round_began: int | None = None
        self._waiting: set[str] = set()

    def ask_by(self, runner: Runner) -> None:
        """Use this runner, whose looks are delivered to `heard`, for the references."""
        self._runner = runner

    def sample(self, now: int) -> None:
        """Note whether there is a network at this moment; call this once a tick."""
        if not self._network():
            self._blind_at = now

    def is_blind(self, now: int, within_ms: int = 2_000) -> bool:
        """Whether we were blind a moment ago."""
        return self._blind_at is not None and now - self._blind_at <= within_ms

    def trust(self, seen: Seen, now: int) -> Trust:
        """Whether to believe what was seen; `wait`: ask again when the references have answered or not."""
        if seen.outcome.outcome != "fail" or is_here(seen.plan.address):
            return "trusted"
        if self._blind_at is not None and self._blind_at >= seen.began_ms:
            return "blind"
        if not self._references or (self._answered_at is not None and self._answered_at >= seen.began_ms):
            return "trusted"
        self._ask(now)
        return "wait"

    def _ask(self, now: int) -> None:
        if self._waiting or self._runner is None:
            return
        self._round_began = now
        self._waiting = {plan.id for plan in self._references}
        self._runner.start(self._references)

    def heard(self, seen: Seen) -> None:
        """Take what became of a look at a reference; a round in which none answered means that we are blind."""
        self._waiting.discard(seen.plan.id)
        if seen.outcome.outcome == "ok":
            self._answered_at = seen.ended_ms
        elif not self._waiting and (self._answered_at is None or self._answered_at < (self._round_began or 0)):
            self._blind_at = seen.ended_ms
