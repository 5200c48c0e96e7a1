"""One ICMP socket for all hosts of an address family: opened as modestly as the kernel allows.

A datagram ping socket needs no privilege where `net.ipv4.ping_group_range` holds our group; the kernel
then keeps other programs' packets from us. Else a raw socket, with a filter in the kernel that does the same.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import time
from typing import TYPE_CHECKING

from probes.machine.clock import kernel_stamps_lead_ns
from probes.ping.blocks import AT_ONCE, Replies, Requests
from probes.ping.packet import ECHO_REPLY, Complaint, complaint_of_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from probes.ping.blocks import Address, Answer, Request

# Of Linux's headers; Python's socket module lacks them. The same numbers on x86-64 and arm64.
_SO_ATTACH_FILTER, _SO_RCVBUFFORCE, _SO_TIMESTAMPNS, _SO_MEMINFO = 26, 33, 35, 55
_MEMINFO = struct.Struct("=9I")
_ICMP6_FILTER = 1
_HEAR_COMPLAINTS = {socket.AF_INET: (socket.SOL_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}  # *_RECVERR
_RECEIVE_BUFFER = 4 << 20
_ONE_DRAIN = 1_024
"""Packets taken at a time, so that a flood cannot hold up the rest of the process."""
_TRIES_PAST_ERRORS = 4
_PROTOCOLS = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}


class EchoSocket:
    """Sends echo requests and tells what comes back. Never blocks.

    Raises PermissionError from the constructor where neither kind of socket is allowed, OSError where the
    machine lacks the address family.
    """

    def __init__(self, family: int) -> None:
        self.family = socket.AddressFamily(family)
        self._socket, self.is_raw = _open(self.family, _PROTOCOLS[self.family])
        _prepare(self._socket)
        if self.is_raw:
            ident = int.from_bytes(os.urandom(2))
            _filter(self._socket, self.family, ident)
        else:
            self._socket.bind(("", 0))
            ident = self._socket.getsockname()[1]
            self._socket.setsockopt(*_HEAR_COMPLAINTS[self.family], 1)
        self._tries_past_errors = 0 if self.is_raw else _TRIES_PAST_ERRORS
        self._requests = Requests(self.family, ident)
        self._replies = Replies(self.family, ident, is_raw=self.is_raw)

    def fileno(self) -> int:
        """For an event loop."""
        return self._socket.fileno()

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    def overruns(self) -> int:
        """How many packets the kernel threw away for want of room in our buffer, so far."""
        numbers = self._socket.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size)
        return int(_MEMINFO.unpack(numbers)[8])

    def send(self, requests: Sequence[Request], size: int) -> list[int]:
        """Send requests with `size` bytes each; when each left, on the monotonic clock.

        Fewer instants than requests: the next one was refused. OSError: the first was, for a reason of this machine.
        One call each: where many leave with one (sendmmsg), a delay of one puts the instants of all in doubt.
        """
        send, clock = self._socket.sendto, time.monotonic_ns
        instants: list[int] = []
        for packet, to in self._requests.packets(requests, size):
            sent_ns = clock()
            try:
                send(packet, to)
            except OSError as error:
                try:
                    sent_ns = self._sent_again(packet, to, error)
                except OSError:
                    if instants:
                        break
                    raise
            instants.append(sent_ns)
        return instants

    def _sent_again(self, packet: bytes, to: Address, error: OSError) -> int:
        """When a request left that was refused at first.

        A complaint that came in for an earlier request is also handed to the next send of a datagram socket, which
        did nothing wrong: hence the further tries.
        """
        for _ in range(self._tries_past_errors):
            self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            sent_ns = time.monotonic_ns()
            try:
                self._socket.sendto(packet, to)
            except OSError as another:
                error = another
            else:
                return sent_ns
        raise error

    def drain(self) -> Iterator[tuple[list[Answer], list[Complaint]]]:
        """What has come in and is about requests of this socket, by the block; other traffic is skipped.

        Instants are the kernel's, and on the monotonic clock.
        """
        lead_ns = kernel_stamps_lead_ns()
        for turn in range(_ONE_DRAIN // AT_ONCE):
            try:
                count = self._replies.block.receive(self._socket.fileno())
            except OSError:  # nothing more; or a complaint about an earlier request, whose text is read here
                if turn == 0 and not self.is_raw:
                    yield [], list(self._complaints())
                return
            yield self._replies.read(count, lead_ns)
            if count < AT_ONCE:
                return

    def _complaints(self) -> Iterator[Complaint]:
        for _ in range(_ONE_DRAIN):
            try:
                data, ancillary, _flags, _to = self._socket.recvmsg(2_048, 512, socket.MSG_ERRQUEUE)
            except OSError:
                return
            for level, kind, error in ancillary:
                if (level, kind) == _HEAR_COMPLAINTS[self.family]:
                    found = complaint_of_error(self.family, data, error)
                    if found is not None:
                        yield found


def _open(family: int, protocol: int) -> tuple[socket.socket, bool]:
    flags = socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
    try:
        return socket.socket(family, socket.SOCK_DGRAM | flags, protocol), False
    except PermissionError:
        return socket.socket(family, socket.SOCK_RAW | flags, protocol), True


def _prepare(opened: socket.socket) -> None:
    opened.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    try:
        opened.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _RECEIVE_BUFFER)
    except PermissionError:  # then as much as net.core.rmem_max allows
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)


def _filter(opened: socket.socket, family: int, ident: int) -> None:
    """Let the kernel pass replies to our ident, and complaints; it throws the rest away without waking us."""
    if family == socket.AF_INET6:
        wanted = (1, 2, 3, 129)
        blocked = [0xFFFFFFFF] * 8
        for kind in wanted:
            blocked[kind // 32] &= ~(1 << kind % 32)
        opened.setsockopt(socket.IPPROTO_ICMPV6, _ICMP6_FILTER, struct.pack("=8I", *blocked))
        return
    program = b"".join(struct.pack("=HBBI", *each) for each in _ipv4_filter(ident))
    code = ctypes.create_string_buffer(program)
    opened.setsockopt(
        socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    )


def _ipv4_filter(ident: int) -> list[tuple[int, int, int, int]]:
    """Classic BPF over an IPv4 packet: (operation, jump if true, jump if false, value)."""
    header_length, byte, half, equal, give = 0xB1, 0x50, 0x48, 0x15, 0x06
    return [
        (header_length, 0, 0, 0),
        (byte, 0, 0, 0),
        (equal, 0, 2, ECHO_REPLY[socket.AF_INET]),
        (half, 0, 0, 4),
        (equal, 4, 5, ident),
        (equal, 1, 0, 3),  # unreachable
        (equal, 0, 3, 11),  # time exceeded
        (half, 0, 0, 32),  # the quoted request's ident, behind our own 20-byte header
        (equal, 0, 1, ident),
        (give, 0, 0, 0xFFFF),
        (give, 0, 0, 0),
    ]
