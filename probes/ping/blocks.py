"""Echo requests made, and replies read, many at a time: what each costs on its own is a few steps.

All numbers are as this machine reads their bytes, whichever end it begins at: who echoes them changes nothing, and a
checksum may be taken in either order (RFC 1071, 2 B), of 64 bits at a time.
"""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Any

from probes.net.resolve import numeric, packed_v4
from probes.ping.mmsg import MessageBlock
from probes.ping.packet import (
    ECHO_REPLY,
    ECHO_REQUEST,
    HEADER_BYTES,
    Complaint,
    complaint_v4,
    complaint_v6,
    icmp_of_ipv4,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from probes.net.resolve import HostAddress

    Address = tuple[str | int, ...]
    Request = tuple[int, Address, int]
    """Its number, where to, the 64 bits of its token."""
    Answer = tuple[bytes, int, int, int]
    """Who answered, the request's number, the token, and when the kernel had it (ns)."""

_INET = int(socket.AF_INET)
AT_ONCE = 64
"""Packets that come in with one call."""
_COMPLAINT_BYTES = 136
"""Two of the longest IPv4 headers and two of ICMP: no more is looked at of any packet."""
_STAMP_BYTES = 32
_NS = 1_000_000_000
_REQUEST, _REPLY = struct.Struct("=HHHHQ"), struct.Struct("=BxxxHHQ")
"""Type and code, checksum, ident, number, token; type, ident, number, token."""
_NAMES = {socket.AF_INET: (16, "4x4s8x"), socket.AF_INET6: (32, "8x16s8x")}
"""How long a socket address is, and where in it the host stands."""


def destination(address: str) -> tuple[int, Address, bytes]:
    """Of a numeric address its family, the socket address, and the host as bytes; family 0 for a name.

    ValueError: an address that stands for many machines, or for none. OSError: a zone that is not there.
    """
    raw = packed_v4(address)
    if raw is not None:
        return _INET, (address, 0), raw
    place = numeric(address)
    return (0, (), b"") if place is None else packed(place)


def packed(place: HostAddress) -> tuple[int, Address, bytes]:
    """Of a place its family, the socket address, and the host as bytes."""
    return place.family, place.address, socket.inet_pton(place.family, str(place.address[0]))


class Requests:
    """Makes the requests of one socket."""

    def __init__(self, family: socket.AddressFamily, ident: int) -> None:
        self._kind, self._ident = socket.htons(ECHO_REQUEST[family] << 8), socket.htons(ident)

    def packets(self, requests: Iterable[Request], size: int) -> list[tuple[bytes, Address]]:
        """These, each with `size` bytes behind its header: zeros after the token. And where to."""
        pack, kind, ident, zeros = _REQUEST.pack, self._kind, self._ident, bytes(size + HEADER_BYTES - _REQUEST.size)
        header = kind + ident
        return [
            (pack(kind, 0xFFFF - (header + number + token) % 0xFFFF, ident, number, token) + zeros, to)
            for number, to, token in requests
        ]


class Replies:
    """A block of what came in."""

    def __init__(self, family: socket.AddressFamily, ident: int, *, is_raw: bool) -> None:
        ip_header = 20 if is_raw and family == socket.AF_INET else 0
        name, host = _NAMES[family]
        self.block = MessageBlock(AT_ONCE, name=name, control=_STAMP_BYTES, data=_COMPLAINT_BYTES)
        rest = _COMPLAINT_BYTES - ip_header - _REPLY.size
        self._form = struct.Struct(f"={host} 16xqq {ip_header}x {_REPLY.format[1:]} {rest}x")
        self._family, self._ident, self._is_raw = family, ident, is_raw
        self._wanted = ECHO_REPLY[family], socket.htons(ident)

    def read(self, count: int, lead_ns: int) -> tuple[list[Answer], list[Complaint]]:
        """Of the first packets, answers to requests of ours, and complaints about them.

        `lead_ns`: how far the kernel's stamps are ahead of the clock that instants are wanted on.
        """
        wanted, ours = self._wanted
        answers = [
            (host, number, token, seconds * _NS + nanoseconds - lead_ns)
            for host, seconds, nanoseconds, kind, ident, number, token in self._rows(count)
            if kind == wanted and ident == ours
        ]
        complaints: list[Complaint] = []
        if len(answers) < count and self._is_raw:
            self._read_rest(count, lead_ns, answers, complaints)
        return answers, complaints

    def _read_rest(self, count: int, lead_ns: int, answers: list[Answer], complaints: list[Complaint]) -> None:
        """What else a raw socket hears: complaints, and answers behind options of IP."""
        for index, (host, seconds, nanoseconds, kind, ident, *_) in enumerate(self._rows(count)):
            if (kind, ident) == self._wanted:
                continue
            packet = self.block.datagram(index)
            icmp = icmp_of_ipv4(packet) if self._family == socket.AF_INET else packet
            if len(icmp) >= _REPLY.size and _REPLY.unpack_from(icmp)[:2] == self._wanted:
                number, token = _REPLY.unpack_from(icmp)[2:]
                answers.append((host, number, token, seconds * _NS + nanoseconds - lead_ns))
            elif complaint := self._complaint(packet, socket.inet_ntop(self._family, host)):
                complaints.append(complaint)

    def _complaint(self, packet: bytes, host: str) -> Complaint | None:
        read = complaint_v4 if self._family == socket.AF_INET else complaint_v6
        return read(packet, host, self._ident)

    def _rows(self, count: int) -> Iterator[tuple[Any, ...]]:
        """Of each packet who sent it, the kernel's stamp (seconds, nanoseconds), type, ident, number, token."""
        return self._form.iter_unpack(self.block.records[: count * self._form.size])
