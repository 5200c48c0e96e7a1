"""The kinds that listen to what a server says first or say one sentence: `tls`, `smtp`, `ssh`, `sip`."""

from __future__ import annotations

import asyncio

import pytest
from aiosmtpd.smtp import SMTP

from probes.kinds import sip, smtp, ssh, tls
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port
from tests.support.servers.daemons import accepts, daemon, udp_stranger
from tests.support.servers.stranger import answering, certificate, endless, silent, stranger, tls_of


def chattering(again: bytes):
    """Talks at once and for ever."""

    async def handle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(again)
            await writer.drain()

    return handle


FOR_EVER = [
    ("smtp", smtp, chattering(b"220-a\r\n" * 999)),
    ("ssh", ssh, chattering(b"hello\r\n" * 999)),
    ("sip", sip, endless(b"SIP/2.0 200 OK\r\n", b"A: b\r\n" * 999)),
]


async def seen_by(module, handle, *, timeout_s: float = PATIENCE_S, context=None, **options: object):
    async with stranger(handle, context) as port:
        return await module.probe(f"127.0.0.1:{port}", module.Options(**options), timeout_s=timeout_s)


def greeting(*parts: bytes):
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.writelines(parts)
        await writer.drain()
        await reader.read()

    return handle


# tls


@pytest.mark.needs("openssl")
async def test_a_good_certificate_is_ok_and_its_days_are_told(tmp_path):
    made = certificate(tmp_path, days=90)
    seen = await seen_by(tls, silent, context=tls_of(made), ca_file=str(made))
    assert seen.outcome == "ok"
    assert set(seen.metrics) == set(PROBES["tls"].metrics)
    assert 89 < seen.metrics["days_left"] <= 90


@pytest.mark.needs("openssl")
@pytest.mark.parametrize(
    ("made_with", "options", "reason"),
    [
        ({"days": 9}, {}, "certificate ends soon: 9 d"),
        ({"names": "DNS:other.example"}, {}, "certificate not valid: IP address mismatch"),
        ({}, {"server_name": "other.example"}, "certificate not valid: Hostname mismatch"),
        ({}, {"ca_file": None}, "certificate not valid: self-signed certificate"),
    ],
)
async def test_a_certificate_that_will_not_do_fails_and_its_days_are_told(tmp_path, made_with, options, reason):
    made = certificate(tmp_path, **made_with)
    seen = await seen_by(tls, silent, context=tls_of(made), **{"ca_file": str(made), **options})
    assert seen.outcome == "fail"
    assert seen.reason.startswith(reason)
    assert seen.metrics["days_left"] > 8


@pytest.mark.needs("openssl", "faketime")
async def test_a_certificate_that_is_over_fails(tmp_path):
    made = certificate(tmp_path, days=30, at="2020-01-01")
    seen = await seen_by(tls, silent, context=tls_of(made), ca_file=str(made))
    assert seen.reason == "certificate not valid: certificate has expired"
    assert seen.metrics["days_left"] < 0


async def test_a_handshake_that_is_never_answered_is_a_time_out():
    seen = await seen_by(tls, silent, timeout_s=1)
    assert (seen.outcome, seen.reason) == ("fail", "TLS handshake failed: not finished in time")


# smtp


async def mail_server(made=None, **options: object):
    context = tls_of(made) if made is not None else None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(object(), tls_context=context, loop=loop), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        return await smtp.probe(f"127.0.0.1:{port}", smtp.Options(**options), timeout_s=PATIENCE_S)


async def test_a_mail_server_that_greets_is_ok():
    seen = await mail_server()
    assert seen.outcome == "ok"
    assert set(seen.metrics) == set(PROBES["smtp"].metrics) - {"days_left"}


@pytest.mark.needs("openssl")
async def test_starttls_shows_the_days_of_the_certificate(tmp_path):
    made = certificate(tmp_path, days=40)
    seen = await mail_server(made, starttls=True, ca_file=str(made))
    assert seen.outcome == "ok"
    assert 39 < seen.metrics["days_left"] <= 40


async def test_a_server_without_starttls_fails_where_it_is_wanted():
    seen = await mail_server(starttls=True, verify=False)
    assert (seen.outcome, seen.reason) == ("fail", "TLS not offered")


async def test_a_server_that_is_not_ready_says_so():
    seen = await seen_by(smtp, greeting(b"554 busy\x1b[31m\r\n"))
    assert (seen.outcome, seen.reason) == ("fail", "unexpected status: 554 busy [31m")


async def test_what_is_no_mail_server_fails():
    assert (await seen_by(smtp, greeting(b"SSH-2.0-x\r\n"))).reason.startswith("answer not understood")


# ssh


@pytest.mark.needs("sshd", "root")
async def test_a_real_ssh_server_says_who_it_is(tmp_path):
    port = free_port()
    key = tmp_path / "key"
    await (await asyncio.create_subprocess_exec("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))).wait()
    (tmp_path / "conf").write_text(f"HostKey {key}\nListenAddress 127.0.0.1\nPidFile none\n")
    command = ["/usr/sbin/sshd", "-D", "-e", "-p", str(port), "-f", str(tmp_path / "conf")]
    with daemon(
        ["unshare", "--mount", "sh", "-c", 'mkdir -p /run/sshd && exec "$@"', "sh", *command],
        tmp_path / "log",
        accepts(port),
    ):
        seen = await ssh.probe(f"127.0.0.1:{port}", ssh.Options(text="OpenSSH"), timeout_s=PATIENCE_S)
        other = await ssh.probe(f"127.0.0.1:{port}", ssh.Options(text="dropbear"), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"
    assert set(seen.metrics) == set(PROBES["ssh"].metrics)
    assert other.reason.startswith("expected text missing: SSH-2.0-OpenSSH")


async def test_lines_before_the_identification_are_allowed():
    assert (await seen_by(ssh, greeting(b"welcome\r\nSSH-2.0-x\r\n"))).outcome == "ok"


async def test_the_first_ssh_is_not_good_enough():
    assert (await seen_by(ssh, greeting(b"SSH-1.5-x\r\n"))).reason == "answer not understood: SSH-1.5-x"


# sip


def sip_server(*statuses: int, call: bytes = b""):
    def reply(data: bytes) -> list[bytes]:
        mine = call or next(line for line in data.split(b"\r\n") if line.startswith(b"Call-ID"))
        return [
            b"SIP/2.0 %d x\r\n%s\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n" % (each, mine) for each in statuses
        ]

    return reply


async def hotline(reply, timeout_s: float = PATIENCE_S, **options: object):
    async with udp_stranger(reply) as port:
        return await sip.probe(f"127.0.0.1:{port}", sip.Options(**options), timeout_s=timeout_s)


async def test_a_hotline_that_answers_is_ok():
    seen = await hotline(sip_server(100, 200), user="12345")
    assert (seen.outcome, seen.metrics["status"]) == ("ok", 200)
    assert set(seen.metrics) == set(PROBES["sip"].metrics)


async def test_another_status_fails_unless_it_was_expected():
    assert (await hotline(sip_server(503))).reason == "unexpected status: 503"
    assert (await hotline(sip_server(405), status=[200, 405])).outcome == "ok"


async def test_an_answer_to_another_call_is_no_answer():
    assert (await hotline(sip_server(200, call=b"Call-ID: another"), timeout_s=1)).reason == "answer not understood"


async def test_a_server_that_only_tries_never_answers():
    assert (await hotline(sip_server(100), timeout_s=1)).outcome == "fail"


async def test_a_hotline_may_be_asked_by_tcp():
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        writer.writelines(sip_server(100, 200)(asked))
        await writer.drain()

    assert (await seen_by(sip, handle, transport="tcp")).outcome == "ok"


async def test_a_body_of_a_gigabyte_is_too_much():
    head = b"SIP/2.0 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
    assert (await seen_by(sip, answering(head), transport="tcp")).reason == "answer too large: a body"


# all of them


@pytest.mark.parametrize(("kind", "module", "handle"), FOR_EVER, ids=[each[0] for each in FOR_EVER])
async def test_b5_a_server_that_never_stops_talking_is_too_much(kind, module, handle):
    options = {"transport": "tcp"} if kind == "sip" else {}
    seen = await seen_by(module, handle, **options)
    assert (seen.outcome, seen.why.phrase) == ("fail", "answer too large")


@pytest.mark.parametrize(("kind", "module", "_handle"), FOR_EVER, ids=[each[0] for each in FOR_EVER])
async def test_b1_a_server_that_says_nothing_is_a_time_out(kind, module, _handle):
    options = {"transport": "tcp"} if kind == "sip" else {}
    seen = await seen_by(module, silent, timeout_s=1, **options)
    assert (seen.outcome, seen.reason) == ("fail", "answer not complete in time")
