"""Whether we can see at all: a fail while our own network is gone says nothing about the asset.

Three signs of blindness: no interface that is up carries a route; we do not hear even ourselves; and, where the
site names references on other paths (gateway, core switch, the customer's server), none of them answers.
Assets on this very machine need no network and are believed.
"""

from __future__ import annotations

import array
import fcntl
import os
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from config.site.model import CheckPlan
from probes.address import is_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from agent.probing.runner import Observation
    from agent.trust.asker import AskerOf

_RTF_UP, _RTF_REJECT = 0x0001, 0x0200
_IFF_UP, _IFF_RUNNING = 0x01, 0x40
_SIOCGIFFLAGS = 0x8913

SELF = "reference/this machine"
"""The look at ourselves in a round."""
Trust = Literal["trusted", "blind", "wait"]


class _NeighbourTable(NamedTuple):
    """A routing table of /proc: the open file, and which fields of a line are flags, interface and destination."""

    file: int
    flags: int
    interface: int
    destination: int


class Interfaces:
    """The kernel's word on our own network, through files that stay open: it is asked every second, for years."""

    def __init__(self) -> None:
        self._asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tables = (("/proc/self/net/route", 3, 0, 1), ("/proc/self/net/ipv6_route", 8, 9, 0))
        self._tables = [
            _NeighbourTable(file, *fields) for path, *fields in tables if (file := _opened(path)) is not None
        ]

    def is_up(self) -> bool:
        """Whether any interface but loopback is up, has a carrier, and carries a route."""
        names = {name for table in self._tables for name in _interfaces(table)} - {"lo"}
        return any(self._is_running(name) for name in names)

    def _is_running(self, interface: str) -> bool:
        request = array.array("B", interface.encode()[:15].ljust(40, b"\0"))
        try:
            fcntl.ioctl(self._asked, _SIOCGIFFLAGS, request)
        except OSError:
            return False
        flags = int.from_bytes(request[16:18].tobytes(), "little")
        return flags & (_IFF_UP | _IFF_RUNNING) == _IFF_UP | _IFF_RUNNING

    def close(self) -> None:
        """Give back what is open."""
        self._asked.close()
        for table in self._tables:
            os.close(table.file)


def _opened(path: str) -> int | None:
    """None where the kernel lacks that protocol."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def _interfaces(table: _NeighbourTable) -> Iterator[str]:
    """Those that carry a route which leads somewhere; link-local and multicast ones of IPv6 do not."""
    parts, at = [], 0
    while part := os.pread(table.file, 1 << 16, at):
        parts.append(part)
        at += len(part)
    for line in b"".join(parts).decode("ascii").splitlines():
        fields = line.split()
        if fields[0] == "Iface" or fields[table.destination].startswith(("fe80", "ff")):
            continue
        if int(fields[table.flags], 16) & (_RTF_UP | _RTF_REJECT) == _RTF_UP:
            yield fields[table.interface]


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
    """Remembers when we were blind, and asks around when that is not plain. All times are boot-time ms.

    Without a network of our own nothing that fails is believed. Else a round is asked, of this machine itself (which
    shows that our looks work at all) and of the references. We are blind if we do not hear ourselves, or if no
    reference answers. A gateway among the references means: if it answers and nobody behind it does, the cut lies
    behind it, is no fault of ours, and what stands behind a link of the contract is explained by that link.
    """

    def __init__(self, references: Sequence[CheckPlan], network: Callable[[], bool], asker_of: AskerOf) -> None:
        """`network`: whether we have one at this moment (`Interfaces.is_up`); without references only that counts.

        `asker_of`: makes what looks at the references, and at this machine itself.
        """
        self._asked = [replace(references[0], id=SELF, address="127.0.0.1"), *references] if references else []
        self._network = network
        self._answers: set[str] = set()
        self._asker = asker_of(self.heard)
        self._blind_at: int | None = None
        self._has_network = True
        self._hears = True
        self._answered_at: int | None = None
        self._waiting: set[str] = set()

    def sample(self, now: int) -> None:
        """Note whether there is a network now; to be called each tick while a look is under way or undecided."""
        has_network = self._network()
        if not has_network or not self._has_network:
            self._blind_at = now  # when it is back, what is under way may have failed without it
        self._has_network = has_network

    def is_blind(self, now: int, within_ms: int = 2_000) -> bool:
        """Whether we were blind a moment ago."""
        return self._blind_at is not None and now - self._blind_at <= within_ms

    def trust(self, seen: Observation) -> Trust:
        """Whether to believe what was seen; `wait`: ask again when the references have answered or not."""
        if seen.outcome.outcome != "fail" or is_here(seen.plan.address):
            if seen.outcome.outcome == "ok" and not self._hears and not is_here(seen.plan.address):
                self._heard_again(seen.ended_ms)
            return "trusted"
        if self._blind_at is not None and self._blind_at >= seen.began_ms:
            return "blind"
        if not self._asked or (self._answered_at is not None and self._answered_at >= seen.began_ms):
            return "trusted"
        self._ask()
        return "wait"

    def _ask(self) -> None:
        if self._waiting:
            return
        self._answers = set()
        self._waiting = {plan.id for plan in self._asked}
        self._asker.start(self._asked)

    def heard(self, seen: Observation) -> None:
        """Take what became of a look of a round; when the round is over, it is decided."""
        self._waiting.discard(seen.plan.id)
        if seen.outcome.outcome == "ok":
            self._answers.add(seen.plan.id)
        others = any(plan.id in self._answers for plan in self._asked if plan.id != SELF)
        if SELF in self._answers and others:
            self._answered_at = seen.ended_ms
            if not self._hears:
                self._heard_again(seen.ended_ms)
        elif not self._waiting:
            self._blind_at, self._hears = seen.ended_ms, False

    def _heard_again(self, at: int) -> None:
        """We see again: a look that began before may have failed while we did not."""
        self._blind_at, self._hears = at, True
