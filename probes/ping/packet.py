"""ICMP echo packets and complaints as bytes (RFC 792, RFC 4443). Pure; never raises on what a stranger sent."""

from __future__ import annotations

import socket
import struct
from typing import NamedTuple

_HEADER = struct.Struct("!BBHHH")
_EXTENDED_ERROR = struct.Struct("=IBBBBII")
_PORT_AND_FAMILY = 4
_FROM_ICMP = (2, 3)  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6
HEADER_BYTES = 8
_REQUEST_V4, _REQUEST_V6 = 8, 128
ECHO_REQUEST = {socket.AF_INET: _REQUEST_V4, socket.AF_INET6: _REQUEST_V6}
ECHO_REPLY = {socket.AF_INET: 0, socket.AF_INET6: 129}
_COMPLAINTS = {
    (4, 3, 0): "network unreachable",
    (4, 3, 1): "host unreachable",
    (4, 3, 2): "protocol unreachable",
    (4, 3, 3): "port unreachable",
    (4, 3, 4): "packet too big",
    (4, 3, 9): "filtered",
    (4, 3, 10): "filtered",
    (4, 3, 13): "filtered",
    (4, 11, 0): "time to live exceeded",
    (6, 1, 0): "network unreachable",
    (6, 1, 1): "filtered",
    (6, 1, 3): "host unreachable",
    (6, 1, 4): "port unreachable",
    (6, 2, 0): "packet too big",
    (6, 3, 0): "time to live exceeded",
}


class Complaint(NamedTuple):
    """Somebody on the way says that our request could not be carried. It proves nothing: anybody can say so."""

    host: str
    sequence: int
    text: str


def icmp_of_ipv4(packet: bytes) -> bytes:
    """What an IPv4 packet carries, if that is ICMP; else nothing."""
    if len(packet) < 20 or packet[9] != socket.IPPROTO_ICMP:  # noqa: PLR2004 - the shortest IPv4 header
        return b""
    return packet[(packet[0] & 0x0F) * 4 :]


def sequence_and_ident(icmp: bytes, kind: int) -> tuple[int, int] | None:
    """The two numbers of an echo packet of that type; None for any other."""
    if len(icmp) < HEADER_BYTES:
        return None
    found, _code, _sum, ident, sequence = _HEADER.unpack_from(icmp)
    return (sequence, ident) if found == kind else None


def complaint_v4(packet: bytes, host: str, ident: int) -> Complaint | None:
    """A raw socket's IPv4 packet as a complaint about a request of ours."""
    icmp = icmp_of_ipv4(packet)
    if len(icmp) < HEADER_BYTES:
        return None
    text = _COMPLAINTS.get((4, icmp[0], icmp[1]))
    return _about_ours(text, icmp_of_ipv4(icmp[HEADER_BYTES:]), socket.AF_INET, host, ident)


def complaint_v6(icmp: bytes, host: str, ident: int) -> Complaint | None:
    """A raw socket's ICMPv6 packet as a complaint; the quoted request follows a fixed IPv6 header."""
    if len(icmp) < HEADER_BYTES:
        return None
    text = _COMPLAINTS.get((6, icmp[0], icmp[1]))
    return _about_ours(text, icmp[HEADER_BYTES + 40 :], socket.AF_INET6, host, ident)


def _about_ours(text: str | None, quoted: bytes, family: int, host: str, ident: int) -> Complaint | None:
    numbers = sequence_and_ident(quoted, ECHO_REQUEST[socket.AddressFamily(family)])
    if text is None or numbers is None or numbers[1] != ident:
        return None
    return Complaint(host, numbers[0], text)


def complaint_of_error(family: int, request: bytes, error: bytes) -> Complaint | None:
    """What the kernel's error queue says of a request (`struct sock_extended_err`, then who said it)."""
    numbers = sequence_and_ident(request, ECHO_REQUEST[socket.AddressFamily(family)])
    if numbers is None or len(error) < _EXTENDED_ERROR.size:
        return None
    _errno, origin, kind, code, *_ = _EXTENDED_ERROR.unpack_from(error)
    text = _COMPLAINTS.get((4 if family == socket.AF_INET else 6, kind, code))
    if origin not in _FROM_ICMP or text is None:
        return None
    return Complaint(_offender(family, error[_EXTENDED_ERROR.size :]), numbers[0], text)


def _offender(family: int, address: bytes) -> str:
    begin, length = (_PORT_AND_FAMILY, 4) if family == socket.AF_INET else (_PORT_AND_FAMILY + 4, 16)
    raw = address[begin : begin + length]
    return socket.inet_ntop(family, raw) if len(raw) == length else "somebody"
