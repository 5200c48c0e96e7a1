"""Every parser of strangers' bytes: it understands, or says so in the way that it documents; nothing else comes out.

`PARSERS`: name → what it is given, good answers to be mangled, and what it may raise. `REFUSALS`: answers that say no,
which mangling must never turn into a yes where that can be said.
"""

from __future__ import annotations

import asyncio
import json
import struct
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import dns.message
import dns.rcode
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from pysnmp.carrier.asyncio.dgram import udp

from config.text.outside import one_line
from probes import discovery
from probes.faults import AssetFaultError, OwnFaultError
from probes.http import wire
from probes.kinds import dns as dns_kind
from probes.kinds import ntp, onvif, sip
from probes.net import digest
from probes.net.certificates import days_left
from probes.onvif.device import utc_s
from probes.onvif.xml_tree import tree
from probes.picture import decoder
from probes.ping.packet import complaint_v4, complaint_v6
from probes.reasons import DETAIL_CHARACTERS
from probes.rtsp import rtp, sdp
from probes.rtsp.h26x import NalUnits
from probes.rtsp.jpeg_payload import JpegFragments
from probes.snmp.optical_units import (
    BRIGHTEST_DBM,
    DARKEST_DBM,
    huawei,
    of_centi_dbm,
    of_microwatts,
    of_tenths_of_microwatts,
)
from probes.snmp.traps import TrapReceiver, TrapUser
from probes.snmp.values import number, text
from tests.support.cameras.onvif_device import INFORMATION, NOT_AUTHORIZED, SOAP, clock
from tests.support.replies.mangled import LONG, SHORT, holds
from tests.support.servers.honest import SDP, names, time_of_day
from tests.support.snmp.ber import ber

if TYPE_CHECKING:
    from collections.abc import Callable

QUERY = dns.message.make_query(".", "NS")
TOKEN = 0x1234567890ABCDEF
CALL = "a84b4c76e66710"
ME = digest.WebLogin("me", "geheim", in_clear=True)


def certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "city.example")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, begins, begins + timedelta(days=9_000))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def headers(data: bytes) -> wire.Headers:
    found = wire.Headers()
    for line in data.split(b"\r\n"):
        found.add(line)
    assert found.length() is None or found.length() >= 0
    found.is_chunked(), found.is_gzip()
    return found


def told_time(data: bytes) -> object:
    answer = ntp.answer_in(data, TOKEN)
    return answer and ntp.verdict(answer, 1.8e9, 3.0, ntp.Options(max_offset="1s"), lambda: True)


def pictures(data: bytes) -> None:
    """RTP packets, each behind its length."""
    for payloads in (NalUnits(is_265=False), NalUnits(is_265=True), JpegFragments()):
        assembler = rtp.Assembler(payloads)
        rest = data
        while rest:
            size, rest = rest[0], rest[1:]
            assembler.unit(rest[:size])
            rest = rest[size:]


def answered(data: bytes) -> str | None:
    challenges = data.decode("latin-1").split("\n")
    said = digest.authorization(challenges, "GET", "/x", ME)
    assert said is None or not {"\r", "\n"} & set(said)
    return said


def line(data: bytes) -> str:
    shown = one_line(data.decode("utf-8", "replace"), DETAIL_CHARACTERS)
    assert len(shown) <= 200
    assert shown.isprintable()
    return shown


def named_tracks(data: bytes) -> None:
    for track in sdp.tracks(data, "rtsp://127.0.0.1/x"):
        track.parameter_sets()
        assert not {"\r", "\n"} & set(track.control)


class Parser(NamedTuple):
    read: Callable[[bytes], Any]
    seeds: tuple[bytes, ...]
    raises: tuple[type[Exception], ...] = ()


def packet(kind: int, sequence: int, payload: bytes) -> bytes:
    made = struct.pack("!BBHII", 0x80, kind, sequence, 90_000, 7) + payload
    return bytes([len(made)]) + made


MEASURES = {"brightness_ratio": 0.5, "contrast_ratio": 0.2, "sharpness": 9.0, "flat_ratio": 0, "noise_ratio": 0.1}
MEASURES |= {"lights_ratio": 0.3, "colour": [0.1, 0.2, 0.3], "grid": [0.5] * 9, "detail": [1] * 9, "same_bytes": True}
CAMERA_CLOCK = SOAP.format(clock(1.8e9)).encode()
SCOPES = b"<e><ProbeMatch><Scopes>onvif://www.onvif.org/name/Gate</Scopes></ProbeMatch></e>"
PARSERS = {
    "dns": Parser(lambda data: dns_kind.answer_in(data, QUERY), tuple(names(QUERY.to_wire())), (AssetFaultError,)),
    "ntp": Parser(told_time, tuple(time_of_day(ntp.request(TOKEN)))),
    "certificate": Parser(lambda data: days_left(data, 1.8e9), (certificate(),), (ValueError,)),
    "http status": Parser(wire.status_of, (b"HTTP/1.1 200 OK",), (AssetFaultError,)),
    "http headers": Parser(
        headers, (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\nA: b",), (AssetFaultError,)
    ),
    "http chunk": Parser(wire.chunk_size, (b"1f;x=y",), (AssetFaultError,)),
    "gzip": Parser(
        wire.unzipped, (bytes.fromhex("1f8b08000000000002ffcb48cdc9c9070086a6103605000000"),), (AssetFaultError,)
    ),
    "charset": Parser(lambda data: wire.text_of(data, data.decode("latin-1")), (b'text/html; charset="gb2312"',)),
    "sdp": Parser(
        named_tracks,
        (SDP + b"a=control:trackID=1\r\na=fmtp:96 sprop-parameter-sets=Z0I=,aM4=;x=y\r\n",),
        (AssetFaultError,),
    ),
    "rtp": Parser(
        pictures,
        (packet(96, 1, b"\x7c\x85abc") + packet(224, 2, b"\x7c\x45def"), packet(224, 9, b"\x78\0\2ab\0\1c")),
        (AssetFaultError, OwnFaultError),
    ),
    "xml": Parser(tree, (CAMERA_CLOCK, SCOPES), (AssetFaultError,)),
    "onvif time": Parser(lambda data: utc_s(tree(data)), (CAMERA_CLOCK,), (AssetFaultError,)),
    "onvif device": Parser(
        lambda data: onvif.mismatch(tree(data), onvif.Options(serial="SN-42", model="DS-1")),
        (SOAP.format(INFORMATION).encode(),),
        (AssetFaultError,),
    ),
    "discovery": Parser(discovery.scopes_in, (SCOPES,)),
    "digest": Parser(
        answered,
        (b'Digest realm="x", nonce="y", qop="auth,auth-int", algorithm=SHA-256, opaque="z"\nBasic realm="a"',),
    ),
    "sip": Parser(
        lambda data: sip.final_status(data, CALL),
        (b"SIP/2.0 200 OK\r\nCall-ID: a84b4c76e66710\r\nContent-Length: 0\r\n\r\n",),
    ),
    "snmp text": Parser(text, ("接入层 S5720".encode(), "接入层".encode("gb18030"), b"GE0/0/1\0")),
    "snmp number": Parser(number, (b" -12 ", b"18446744073709551615"), (ValueError,)),  # two signs: see below
    "a reason": Parser(line, ("503 busy\x1b[31m\u202e".encode(),)),
    "icmp": Parser(lambda data: (complaint_v4(data, "x", 7), complaint_v6(data, "x", 7)), (bytes(48),)),
    "decoder": Parser(
        decoder._checked,
        (json.dumps({"pictures": [MEASURES]}).encode(), b'{"error": "too much"}', b'{"error": "busy"}'),
        (AssetFaultError, OwnFaultError),
    ),
}
EVERY = pytest.mark.parametrize("name", PARSERS)


def understands_or_says_so(name: str, examples: int) -> None:
    parser = PARSERS[name]

    def check(data: bytes) -> None:
        with suppress(*parser.raises):
            parser.read(data)

    holds(check, parser.seeds, examples)


@EVERY
def test_nearly_right_bytes_are_understood_or_refused(name):
    understands_or_says_so(name, SHORT)


@pytest.mark.faults
@EVERY
def test_nearly_right_bytes_are_understood_or_refused_many_times(name):
    understands_or_says_so(name, LONG)


# What says no must not become a yes


def no_records() -> bytes:
    answer = dns.message.make_response(QUERY)
    answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer.to_wire()


REFUSALS = {
    "dns: no such name": (
        lambda data: dns_kind._verdict(PARSERS["dns"].read(data), dns_kind.Options(), 1.0).outcome == "ok",
        no_records(),
    ),
    "ntp: another's answer": (
        lambda data: ntp.answer_in(data, TOKEN) is not None,
        time_of_day(ntp.request(TOKEN ^ 0xFFFFFFFF))[0],
    ),
    "sip: another's answer": (
        lambda data: sip.final_status(data, CALL) is not None,
        b"SIP/2.0 200 OK\r\nCall-ID: ffffffffffff\r\n\r\n",
    ),
    "onvif: a login is wanted": (
        lambda data: utc_s(tree(data)) is not None,
        SOAP.format(NOT_AUTHORIZED).encode(),
    ),
    "decoder: too much": (lambda data: bool(decoder._checked(data)), b'{"error": "too much"}'),
}


def stays_a_no(name: str, examples: int) -> None:
    says_yes, refusal = REFUSALS[name]

    def check(data: bytes) -> None:
        with suppress(AssetFaultError, OwnFaultError, AttributeError):  # no answer at all is no yes
            assert not says_yes(data)

    holds(check, [refusal], examples)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_no_that_is_mangled_is_no_yes(name):
    stays_a_no(name, SHORT)


@pytest.mark.faults
@pytest.mark.parametrize("name", REFUSALS)
def test_a_no_that_is_mangled_many_times_is_no_yes(name):
    stays_a_no(name, LONG)


def test_the_harness_sees_a_parser_that_lets_something_else_through():
    with pytest.raises(UnicodeDecodeError):
        holds(lambda data: data.decode("ascii"), [b"hello"], SHORT)


# Numbers of devices


def test_two_signs_are_no_number():
    assert number(b"--0") is None


@given(value=st.integers(-(1 << 63), 1 << 64))
def test_no_number_of_a_module_is_light_that_no_module_can_measure(value):
    for read in (huawei, of_centi_dbm, of_microwatts, of_tenths_of_microwatts):
        dbm = read(value)
        assert dbm is None or DARKEST_DBM <= dbm <= BRIGHTEST_DBM


# Traps


def trap(community: bytes) -> bytes:
    def row(oid: str, value: bytes) -> bytes:
        return ber(0x30, ber(6, bytes.fromhex(oid)) + value)

    down = ber(6, bytes.fromhex("2b060106030101050300"[:-2]))
    rows = row("2b06010201010300", ber(0x43, b"\1")) + row("2b060106030101040100", down)
    pdu = ber(2, b"\1") + ber(2, b"\0") + ber(2, b"\0") + ber(0x30, rows)
    return ber(0x30, ber(2, b"\1") + ber(4, community) + ber(0xA7, pdu))


async def traps_stay_silent(examples: int) -> None:
    told: list[str] = []
    receiver = TrapReceiver(
        ("127.0.0.1", 0), TrapUser(community="right"), {"127.0.0.1"}, lambda _sender, name: told.append(name)
    )
    receiver.bounds.admit = lambda _sender, _size: True
    dispatcher = receiver._engine.transport_dispatcher
    door = dispatcher.get_transport(udp.DOMAIN_NAME)
    for _ in range(20):  # it begins to read in tasks of its own
        await asyncio.sleep(0)
    try:
        door.datagram_received(trap(b"right"), ("127.0.0.1", 9))
        assert told == ["linkDown"]
        holds(lambda data: door.datagram_received(data, ("127.0.0.1", 9)), [trap(b"wrongwrong")], examples)
        assert told == ["linkDown"]
    finally:
        receiver.close()
        await asyncio.sleep(0)


async def test_no_trap_without_the_community_is_believed_and_none_raises():
    await traps_stay_silent(SHORT)


@pytest.mark.faults
async def test_no_trap_without_the_community_is_believed_and_none_raises_many_times():
    await traps_stay_silent(LONG // 10)
