"""Requests as they leave and replies as they lie in a block, by real sockets: what is told of which packet."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.ping.blocks import AT_ONCE, Replies, Requests, destination
from tests.support.replies.echoes import checksum, echo_request

WORD = st.integers(0, 0xFFFF)
TOKEN = st.integers(0, (1 << 64) - 1)


@given(ident=WORD, number=WORD, token=TOKEN, size=st.integers(16, 1_472))
def test_a_request_is_what_the_rfc_makes_of_it(ident, number, token, size):
    ((packet, to),) = Requests(socket.AF_INET, ident).packets([(number, ("192.0.2.1", 0), token)], size)
    payload = struct.pack("=Q", token) + bytes(size - 8)
    plain = echo_request(socket.AF_INET, ident, socket.htons(number), payload + b"\0" * (size % 2))
    assert packet[:2] + packet[4:] == (plain[:2] + plain[4:])[: size + 6]
    assert checksum(packet + b"\0" * (size % 2)) == 0
    assert to == ("192.0.2.1", 0)


def reply(number: int, token: int, ident: int = 7, kind: int = 0) -> bytes:
    return struct.pack("=BxHHHQ", kind, 0, socket.htons(ident), number, token)


def ip(packet: bytes, options: bytes = b"") -> bytes:
    """Behind an IPv4 header, as a raw socket hears it."""
    length = 5 + len(options) // 4
    return bytes([0x40 + length]) + bytes(8) + bytes([socket.IPPROTO_ICMP]) + bytes(10) + options + packet


def read(*packets: bytes, is_raw: bool = True) -> tuple[list[tuple[int, int]], list[str]]:
    """Numbers and tokens of the answers among these packets, and the complaints."""
    says, hears = socket.socket(type=socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
    with says, hears:
        hears.bind(("127.0.0.1", 0))
        hears.setblocking(False)
        replies = Replies(socket.AF_INET, 7, is_raw=is_raw)
        for each in packets:
            says.sendto(each, hears.getsockname())
        answers, complaints = replies.read(replies.block.receive(hears.fileno()), 0)
    assert {host for host, *_ in answers} <= {bytes([127, 0, 0, 1])}
    return [(number, token) for _, number, token, _ in answers], [each.text for each in complaints]


def test_answers_are_told_with_their_numbers_and_tokens():
    assert read(ip(reply(1, 11)), ip(reply(2, 22))) == ([(1, 11), (2, 22)], [])
    assert read(reply(1, 11), is_raw=False) == ([(1, 11)], [])


def test_an_answer_behind_options_of_ip_is_one_too():
    assert read(ip(reply(1, 11), options=bytes(8)), ip(reply(2, 22))) == ([(2, 22), (1, 11)], [])


def test_answers_to_others_and_requests_are_none_of_ours():
    assert read(ip(reply(1, 11, ident=8)), ip(reply(1, 11, kind=8))) == ([], [])
    assert read(reply(1, 11, kind=8), is_raw=False) == ([], [])


def test_of_a_cut_packet_nothing_of_an_earlier_one_is_read():
    says, hears = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with says, hears:
        hears.setblocking(False)
        replies = Replies(socket.AF_INET, 7, is_raw=False)
        says.send(reply(1, 11))
        assert [each[2] for each in replies.read(replies.block.receive(hears.fileno()), 0)[0]] == [11]
        says.send(reply(1, 11)[:8])
        assert [each[2] for each in replies.read(replies.block.receive(hears.fileno()), 0)[0]] == [0]


def test_a_complaint_is_read_beside_answers():
    request = ip(struct.pack("=BxHHHQ", 8, 0, socket.htons(7), 1, 11))
    unreachable = ip(struct.pack("!BBHI", 3, 1, 0, 0) + request)
    assert read(unreachable, ip(reply(2, 22))) == ([(2, 22)], ["host unreachable"])


def test_a_block_takes_no_more_than_it_holds_and_leaves_the_rest():
    says, hears = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with says, hears:
        says.setblocking(False)
        hears.setblocking(False)
        replies, sent = Replies(socket.AF_INET, 7, is_raw=False), 0
        for _ in range(2 * AT_ONCE):
            try:
                sent += says.send(reply(1, 11)) > 0
            except BlockingIOError:
                break
        assert replies.block.receive(hears.fileno()) == min(sent, AT_ONCE)


def test_nothing_to_receive_is_an_error_of_that_kind():
    hears = socket.socket(type=socket.SOCK_DGRAM)
    with hears:
        hears.setblocking(False)
        with pytest.raises(BlockingIOError):
            Replies(socket.AF_INET, 7, is_raw=True).block.receive(hears.fileno())


@given(packets=st.lists(st.binary(max_size=200), min_size=1, max_size=8), is_raw=st.booleans())
def test_nothing_that_a_stranger_sends_raises(packets, is_raw):
    read(*packets, is_raw=is_raw)


def test_addresses_and_names_as_destinations():
    assert destination("192.0.2.1") == (socket.AF_INET, ("192.0.2.1", 0), bytes([192, 0, 2, 1]))
    assert destination("::1") == (socket.AF_INET6, ("::1", 0, 0, 0), bytes(15) + b"\1")
    assert destination("cam.example") == (0, (), b"")
    with pytest.raises(ValueError, match="not the address of one machine"):
        destination("224.0.0.1")
