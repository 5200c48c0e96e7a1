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

from probes.icmp_packet import (
    ECHO_HEADER,
    ECHO_REPLY,
    HEADER_BYTES,
    Complaint,
    complaint_of_error,
    complaint_v4,
    complaint_v6,
    echo_request,
)
from probes.own_clock import kernel_stamps_lead_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answered = Callable[["EchoSocket", str, int, bytes, int], None]
    """Takes the socket, who answered, the request's number, its token, and when the kernel had it (monotonic ns)."""

# Of Linux's headers; Python's socket module lacks them. The same numbers on x86-64 and arm64.
_SO_ATTACH_FILTER, _SO_RCVBUFFORCE, _SO_TIMESTAMPNS, _SO_MEMINFO = 26, 33, 35, 55
_MEMINFO = struct.Struct("=9I")
_ICMP6_FILTER = 1
_HEAR_COMPLAINTS = {socket.AF_INET: (socket.SOL_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}  # *_RECVERR
_STAMP = struct.Struct("=qq")
_ANCILLARY_BYTES = 256
_RECEIVE_BUFFER = 4 << 20
_ONE_DRAIN = 1_000
"""Packets taken at a time, so that a flood cannot hold up the rest of the process."""
_TRIES_PAST_ERRORS = 4
_LARGEST = 65_535
TOKEN_BYTES = 8
"""How a request's payload begins: what only we and who got it can know."""
_PROTOCOLS = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}


class EchoSocket:
    """Sends echo requests and yields what comes back. Never blocks.

    Raises PermissionError from the constructor where neither kind of socket is allowed, OSError where the
    machine lacks the address family.
    """

    def __init__(self, family: int) -> None:
        self.family = socket.AddressFamily(family)
        self._protocol = _PROTOCOLS[self.family]
        self._socket, self.is_raw = _open(self.family, self._protocol)
        self.ident = int.from_bytes(os.urandom(2)) if self.is_raw else 0
        self._reply = ECHO_REPLY[self.family]
        self._tries_past_errors = 0 if self.is_raw else _TRIES_PAST_ERRORS
        self._buffer = bytearray(_LARGEST)
        self._into = [self._buffer]
        _prepare(self._socket)
        if self.is_raw:
            _filter(self._socket, self.family, self.ident)
        else:
            self._socket.setsockopt(*_HEAR_COMPLAINTS[self.family], 1)

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

    def send(self, sequence: int, payload: bytes, to: tuple[str | int, ...]) -> int:
        """Send one request; when it left, on the monotonic clock.

        OSError: it did not leave, for a reason of this machine. A complaint that came in for an earlier request is
        also handed to the next send of a datagram socket, which did nothing wrong: hence the further tries.
        """
        packet = echo_request(self.family, self.ident, sequence, payload)
        for _ in range(self._tries_past_errors):
            sent_ns = time.monotonic_ns()
            try:
                self._socket.sendto(packet, to)
            except BlockingIOError:
                raise
            except OSError:
                self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            else:
                return sent_ns
        sent_ns = time.monotonic_ns()
        self._socket.sendto(packet, to)
        return sent_ns

    def drain(self, answered: Answered, complained: Callable[[EchoSocket, Complaint], None]) -> None:
        """Tell what has come in and is about requests of this socket; other traffic is skipped.

        Of thousands of replies a second: so one buffer serves them all, and nothing is made but what is told.
        """
        lead_ns = kernel_stamps_lead_ns()
        receive, into, data = self._socket.recvmsg_into, self._into, self._buffer
        wanted, ident, is_raw = self._reply, self.ident, self.is_raw
        has_ip_header = is_raw and self.family == socket.AF_INET
        begin, taken = 0, 0
        while taken < _ONE_DRAIN:
            try:
                size, ancillary, _flags, sender = receive(into, _ANCILLARY_BYTES)
            except OSError:  # nothing more; or a complaint about an earlier request, whose text is read below
                break
            taken += 1
            if has_ip_header:
                begin = (data[0] & 0x0F) * 4
            if size < begin + HEADER_BYTES:
                continue
            kind, of, sequence = ECHO_HEADER.unpack_from(data, begin)
            if kind == wanted and (of == ident or not is_raw):
                token = bytes(data[begin + HEADER_BYTES : min(size, begin + HEADER_BYTES + TOKEN_BYTES)])
                answered(self, sender[0], sequence, token, _stamp_ns(ancillary, lead_ns))
            elif is_raw and (complaint := self._raw_complaint(bytes(data[:size]), sender[0])):
                complained(self, complaint)
        if taken == 0 and not is_raw:
            for complaint in self._complaints():
                complained(self, complaint)

    def _raw_complaint(self, data: bytes, host: str) -> Complaint | None:
        read = complaint_v4 if self.family == socket.AF_INET else complaint_v6
        return read(data, host, self.ident)

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


def _stamp_ns(ancillary: list[tuple[int, int, bytes]], lead_ns: int) -> int:
    """The kernel's receive stamp on the monotonic clock; now, if it gave none."""
    for level, kind, data in ancillary:
        if kind == _SO_TIMESTAMPNS and level == socket.SOL_SOCKET and len(data) >= _STAMP.size:
            seconds, nanoseconds = _STAMP.unpack_from(data)
            return int(seconds * 1_000_000_000 + nanoseconds - lead_ns)
    return time.monotonic_ns()
