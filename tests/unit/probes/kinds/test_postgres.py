"""The `postgres` kind against servers whose way to log in nobody has learned, or that stumble in the middle of it."""

from __future__ import annotations

import struct

import pytest

from probes.kinds import postgres
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import stranger

SASL, SASL_CONTINUE, GSS, SSPI, CLEAR, UNHEARD_OF = 10, 11, 7, 9, 3, 77


def asks_for(method: int, more: bytes = b"") -> bytes:
    """An AuthenticationRequest, as its manual's chapter on message formats has it."""
    return b"R" + struct.pack("!II", len(more) + 8, method) + more


def offers(*names: bytes) -> bytes:
    return asks_for(SASL, b"".join(name + b"\0" for name in names) + b"\0")


async def seen(said: bytes, monkeypatch, word: str = "geheim", **options: object):
    """What a probe comes to at a server that has no TLS, says this to the first message, and hangs up."""
    monkeypatch.setenv("PROBE_PASSWORD", word)

    async def handle(reader, writer):
        await reader.readexactly(8)  # SSLRequest
        writer.write(b"N")
        await reader.read(4_096)
        writer.write(said)
        await writer.drain()
        writer.write_eof()
        await reader.read()

    async with stranger(handle) as port:
        wanted = postgres.Options(password_env="PROBE_PASSWORD", **options)  # noqa: S106 - the name of a variable
        return await postgres.probe(f"127.0.0.1:{port}", wanted, timeout_s=PATIENCE_S)


@pytest.mark.parametrize(
    "said",
    [asks_for(GSS), asks_for(SSPI), offers(b"OAUTHBEARER"), offers(b"SCRAM-SHA-256-PLUS"), offers(b"\n \n \n")],
    ids=["gss", "sspi", "oauth", "bound to a channel that is not there", "names of nothing"],
)
async def test_a_way_to_log_in_that_we_have_not_learned_is_as_a_refused_login(said, monkeypatch):
    found = await seen(said, monkeypatch)
    assert (found.outcome, found.why.phrase) == ("none", "login refused")
    agreed = await seen(said, monkeypatch, login_refused="fail")
    assert (agreed.outcome, agreed.why.phrase) == ("fail", "login refused")


@pytest.mark.parametrize(
    "said",
    [
        asks_for(UNHEARD_OF),
        offers(b"SCRAM-SHA-256") + asks_for(SASL_CONTINUE, b"r=not-ours,s=c2FsdA==,i=4096"),
        offers(b"SCRAM-SHA-256") + asks_for(SASL_CONTINUE, b"no attributes at all"),
        offers(b"SCRAM-SHA-256") + asks_for(SASL_CONTINUE, b"\xff\xfe"),
        asks_for(SASL)[:-2],
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
async def test_a_talk_that_goes_wrong_is_the_server_s_fault(said, monkeypatch):
    found = await seen(said, monkeypatch)
    assert found.outcome == "fail"
    assert found.why.phrase in postgres.REASONS


async def test_a_password_that_has_no_form_in_scram_is_not_the_server_s_fault(monkeypatch):
    """A character that is not assigned to anything (RFC 4013 §2.5)."""
    said = offers(b"SCRAM-SHA-256")
    found = await seen(said, monkeypatch, word="a\u0378")
    assert (found.outcome, found.why.phrase) == ("none", "login refused")
    control = await seen(said, monkeypatch)
    assert (control.outcome, control.why.phrase) == ("fail", "connection broken off")
