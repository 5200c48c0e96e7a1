"""Answers that are built to cost: each is refused for a small price, whichever kind it is given to (B3, B4, B5, B6)."""

from __future__ import annotations

import asyncio
import gzip
import struct
import time
import tracemalloc
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dns.message
import pytest

from probes.faults import AssetFaultError
from probes.http.wire import text_of
from probes.kinds import dns as dns_kind
from probes.onvif.xml_tree import tree
from probes.reasons import CLEAR_WANTED, LOGIN_REFUSED, LOGIN_WANTED
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S
from tests.support.servers.daemons import udp_stranger
from tests.support.servers.honest import names
from tests.support.servers.hostile import held_to_its_bounds
from tests.support.servers.stranger import answering, certificate, endless, silent, stranger, tls_of
from tests.support.snmp.ber import ber, response

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1 << 20
BUDGET_S = 3.0
"""Of processor time: hundreds of times what the answers below take, a tenth of what they took when they were found."""


@contextmanager
def cheap() -> Iterator[None]:
    began_s = time.process_time()
    yield
    assert time.process_time() - began_s < BUDGET_S


async def seen_of(kind: str, handle, *, timeout_s: float = PATIENCE_S, path: str = "", **options: object):
    made = PROBES[kind]
    scheme = {"rtsp": "rtsp://", "frame": "rtsp://", "snapshot": "http://"}.get(kind, "")
    async with stranger(handle) as port:
        address = f"{scheme}127.0.0.1:{port}{path}"
        return await held_to_its_bounds(
            made.probe(address, made.options(**options), timeout_s=timeout_s), timeout_s=timeout_s
        )


# Processor time: what was found to hold up everything else for seconds


def test_a_charset_behind_endless_spaces_is_cheap():
    with cheap():
        assert text_of(b"x", "charset=" + " " * (64 << 10) + "!") == "x"
    assert text_of("中".encode("gbk"), "text/html; charset = 'gbk'") == "中"


def test_xml_of_nothing_but_lines_is_cheap():
    with cheap():
        assert tree(b"<a>" + b"\n" * (4 * MIB) + b"</a>").text_at("a") == ""
    assert tree(b"<a>x\ny&lt;z</a>").text_at("a") == "x\ny<z"


def many_names(query: dns.message.Message, count: int) -> bytes:
    """An answer of that many records, each a name of 120 labels, most of them by a pointer."""
    question = query.to_wire()[12:]
    head = struct.pack("!HHHHHH", query.id, 0x8180, 1, count, 0, 0)
    owner = b"".join(b"\1" + bytes([97 + index % 26]) for index in range(120)) + b"\0"
    at = struct.pack("!H", 0xC000 | 12 + len(question))
    rest = b"".join(
        (owner if not index else at)
        + struct.pack("!HHIH", 2, 1, 60, 5)
        + struct.pack("!BBB", 2, 97 + index % 26, 97 + index // 26 % 26)
        + at
        for index in range(count)
    )
    return head + question + rest


async def test_b5_an_answer_of_thousands_of_names_is_not_read():
    query = dns.message.make_query(".", "NS")
    with cheap(), pytest.raises(AssetFaultError, match="answer too large: records"):
        dns_kind.answer_in(many_names(query, 3_500), query)
    assert dns_kind.answer_in(many_names(query, 100), query) is not None


async def test_b5_a_flood_of_answers_that_cost_is_read_once():
    def reply(data: bytes) -> list[bytes]:
        return [many_names(dns.message.from_wire(data), 128)[:-1]] * 500

    async with udp_stranger(reply) as port:
        with cheap():
            seen = await dns_kind.probe(f"127.0.0.1:{port}", dns_kind.Options(), timeout_s=2)
    assert (seen.outcome, seen.reason) == ("fail", "answer not understood")


async def test_a_flood_is_taken_in_turns_with_everybody_else():
    async def busy() -> int:
        turns = 0
        while True:
            turns += 1
            counted.append(turns)
            await asyncio.sleep(0)

    counted: list[int] = []
    async with udp_stranger(lambda data: [b"\0\0" + data] * 2_000 + names(data)) as port:
        other = asyncio.ensure_future(busy())
        seen = await dns_kind.probe(f"127.0.0.1:{port}", dns_kind.Options(), timeout_s=1)
        other.cancel()
    assert seen.outcome == "fail"
    assert len(counted) > 50


# Decompression: bound B3


@pytest.mark.parametrize("kind", ["http", "onvif", "snapshot"])
async def test_b3_a_compressed_answer_is_not_blown_up(kind):
    bomb = gzip.compress(gzip.compress(bytes(64 * MIB)))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    options = {"text": "x"} if kind == "http" else {}
    assert (await seen_of(kind, answering(head, bomb), **options)).outcome == "fail"


# Redirects, of the kinds that follow none: bound B4


@pytest.mark.parametrize("kind", ["onvif", "snapshot", "rtsp", "frame"])
async def test_b4_a_redirect_leads_nowhere(kind):
    met = []

    async def bait(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        met.append(1)

    version, scheme = (b"RTSP/1.0", b"rtsp") if kind in ("rtsp", "frame") else (b"HTTP/1.1", b"http")
    async with stranger(bait) as port:
        moved = b"%s 302 Moved\r\nCSeq: 1\r\nLocation: %s://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n"
        again = moved.replace(b"CSeq: 1\r\n", b"")
        seen = await seen_of(kind, repeating(again % (version, scheme, port)))
    assert (seen.outcome, seen.reason, met) == ("fail", "unexpected status: 302", [])


# Endless authentication


def repeating(said: bytes, met: list[int] | None = None):
    """Says the same to each request, for ever."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            if met is not None:
                met.append(1)
            writer.write(said)
            await writer.drain()

    return handle


CHALLENGES = {
    "digest": b'Digest realm="x", nonce="y"',
    "stale for ever": b'Digest realm="x", nonce="y", stale=true',
    "an unheard-of algorithm": b'Digest realm="x", nonce="y", algorithm=X',
    "a nonce of 8000 bytes": b'Digest realm="x", nonce="' + b"n" * 8_000 + b'"',
    "basic": b'Basic realm="x"',
    "nothing": b"",
}


@pytest.mark.parametrize("challenge", CHALLENGES)
@pytest.mark.parametrize("kind", ["onvif", "snapshot", "rtsp", "frame"])
async def test_endless_authentication_ends_after_a_few_requests(kind, challenge, tmp_path):
    (tmp_path / "secret").write_text("geheim")
    met: list[int] = []
    version = b"RTSP/1.0" if kind in ("rtsp", "frame") else b"HTTP/1.1"
    said = b"%s 401 No\r\nWWW-Authenticate: %s\r\nContent-Length: 0\r\n\r\n" % (version, CHALLENGES[challenge])
    login = {"user": "admin", "password_file": str(tmp_path / "secret")}
    seen = await seen_of(kind, repeating(said, met), **login)
    phrase = seen.why.phrase
    assert (seen.outcome, phrase in (LOGIN_REFUSED, LOGIN_WANTED, CLEAR_WANTED)) == ("none", True)
    assert len(met) <= 4  # OPTIONS, and what a camera asks for twice


async def test_a_nonce_of_a_mebibyte_is_too_much(tmp_path):
    (tmp_path / "secret").write_text("geheim")
    said = b'HTTP/1.1 401 No\r\nWWW-Authenticate: Digest nonce="' + b"n" * MIB + b'"\r\n\r\n'
    seen = await seen_of("snapshot", answering(said), user="admin", password_file=str(tmp_path / "secret"))
    assert seen.reason == "answer too large: a line of more than 8192 bytes"


# SNMP: a table without end (bound B11)


async def test_b11_a_table_that_never_ends_is_too_much():
    asked = []

    def reply(data: bytes) -> list[bytes]:
        if b"\xa5" not in data[:20]:  # the first question
            uptime = ber(0x30, ber(6, bytes.fromhex("2b06010201010300")) + ber(0x43, b"\1\0\0"))
            return [response(data, uptime)]
        asked.append(1)
        base = bytes.fromhex("2b060102011903030102")  # hrProcessorLoad
        rows = range(len(asked) * 20, len(asked) * 20 + 20)
        arcs = [bytes([0x81 + (row >> 14), 0x80 | row >> 7 & 0x7F, row & 0x7F]) for row in rows]
        return [response(data, b"".join(ber(0x30, ber(6, base + each) + ber(2, b"\5")) for each in arcs))]

    async with udp_stranger(reply) as port:
        kind = PROBES["snmp_device"]
        options = kind.options(port=port, max_cpu="50%")
        seen = await held_to_its_bounds(kind.probe("127.0.0.1", options, timeout_s=PATIENCE_S), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("fail", "answer too large: rows of a table")
    assert len(asked) < 60


# Within TLS


@pytest.mark.needs("openssl")
async def test_b2_an_endless_body_within_tls_costs_little_memory(tmp_path):
    made = tls_of(certificate(tmp_path))
    tracemalloc.start()
    try:
        async with stranger(endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536), made) as port:
            kind = PROBES["http"]
            options = kind.options(scheme="https", verify=False, text="y")
            seen = await held_to_its_bounds(
                kind.probe(f"127.0.0.1:{port}", options, timeout_s=PATIENCE_S), timeout_s=PATIENCE_S
            )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (seen.outcome, seen.reason) == ("fail", "expected text missing")
    assert peak < 16 * MIB


@pytest.mark.needs("openssl")
async def test_x43_a_certificate_of_thirty_kilobytes_costs_little(tmp_path):
    names_of_it = ",".join(["IP:127.0.0.1", *(f"DNS:host-{index}.example" for index in range(1_500))])
    made = tls_of(certificate(tmp_path, names=names_of_it))
    async with stranger(silent, made) as port:
        kind = PROBES["tls"]
        with cheap():
            seen = await kind.probe(f"127.0.0.1:{port}", kind.options(verify=False), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"


async def test_a_silent_server_is_told_apart_from_all_of_these():
    assert (await seen_of("onvif", silent, timeout_s=1)).reason == "answer not complete in time"
