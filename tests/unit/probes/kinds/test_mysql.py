"""The `mysql` kind against bytes that no server should send: its library's own stumbling is the server's fault."""

from __future__ import annotations

import pytest

from probes.kinds import mysql
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import stranger

TAIL = (
    b"\x07\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00\x07\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00"
    b"\x07\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x01\x01\x17\x00\x00\x02\x03def\x00\x00\x00\x011\x00\x0c?"
    b"\x00\x01\x00\x00\x00\x08\x81\x00\x00\x00\x00\x05\x00\x00\x03\xfe\x00\x00\x02\x00\x02\x00\x00\x04\x011"
    b"\x05\x00\x00\x05\xfe\x00\x00\x02\x00"
)


def greeting(version: bytes, capabilities: bytes) -> bytes:
    """A server's first packet (protocol 10), whose capability bits are these."""
    body = b"\x0a" + version + b"\x00\x01\x00\x00\x00xxxxxxxx\x00" + capabilities[:2] + b"\x21\x02\x00"
    body += capabilities[2:] + b"\x15" + bytes(10) + b"yyyyyyyyyyyy\x00mysql_native_password\x00"
    return len(body).to_bytes(3, "little") + b"\x00" + body


async def seen(said: bytes):
    """What a look comes to at a server that says this at once, and hangs up."""

    async def handle(reader, writer):
        writer.write(said)
        await writer.drain()
        writer.write_eof()
        await reader.read()

    async with stranger(handle) as port:
        return await mysql.probe(f"127.0.0.1:{port}", mysql.Options(), timeout_s=PATIENCE_S)


@pytest.mark.parametrize(
    "said",
    [
        # found by chance: no bit of capabilities is set, and the library uses a length that it never read
        b"I\x00\x00\x00\n8.0." + b"\n8.0." * 10 + b"0\x00\x01\x00\x00\x00xxxxxxxx\x00\xff\xf7!\x02\x00\x08\x00\x15"
        + bytes(10) + b"yyyyyyyyyyyy\x00mysql_native_password\x00" + TAIL,
        greeting(b"8.0.0", b"\x00\x00\x00\x00") + TAIL,
        greeting(b"8.0.0", b"\xff\xf7\xff\x81")[:20],
        b"\x01\x00\x00\x00\x0a",
        b"\xff\xff\xff\x00",
        b"\x00\x00\x00\x00",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
)  # fmt: skip
async def test_whatever_a_server_says_first_the_look_fails_and_nothing_is_ours(said):
    found = await seen(said)
    assert found.outcome == "fail"
    assert found.why.phrase in mysql.REASONS


@pytest.mark.parametrize(
    ("code", "text", "outcome", "phrase"),
    [
        (1040, b"Too many connections", "fail", "overloaded"),
        (1045, b"Access denied for user", "none", "login refused"),
        (1129, b"Host is blocked", "none", "login refused"),
        (1053, b"Server shutdown in progress", "fail", "not ready"),
        (1064, b"You have an error in your SQL syntax", "fail", "query failed"),
        (2_500, b"no number of a server's", "fail", "answer not understood"),
    ],
)
async def test_an_error_instead_of_a_greeting_is_judged_by_its_number(code, text, outcome, phrase):
    body = b"\xff" + code.to_bytes(2, "little") + b"#08004" + text
    found = await seen(len(body).to_bytes(3, "little") + b"\x00" + body)
    assert (found.outcome, found.why.phrase) == (outcome, phrase)
    assert text.decode() in found.why.detail


async def test_a_way_to_log_in_that_we_have_not_learned_is_as_a_refused_login():
    switch = b"\xfe" + b"authentication_kerberos\0" + b"salt\0"
    packet = len(switch).to_bytes(3, "little") + b"\x02" + switch
    found = await seen(greeting(b"8.0.0", b"\xff\xf7\xff\x81") + packet)
    assert (found.outcome, found.why.phrase) == ("none", "login refused")
