"""The `rtsp` kind against gst-rtsp-server, and against cameras that misbehave."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from probes.kinds.rtsp import Options, probe
from probes.registry import PROBES
from tests.support.cameras.streams import cameras
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import answering, closed_port, endless, silent, stranger

if TYPE_CHECKING:
    import asyncio

REAL = pytest.mark.needs("gst-inspect-1.0")
SDP = b"v=0\r\ns=x\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
FINE = b"RTSP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    with cameras(tmp_path_factory.mktemp("gst")) as made:
        yield made


@pytest.fixture
def secret(tmp_path):
    (tmp_path / "secret").write_text("geheim\n")
    return {"user": "admin", "password_file": str(tmp_path / "secret")}


@REAL
async def test_a_stream_with_video_is_ok(real):
    seen = await probe(f"rtsp://127.0.0.1:{real.open}/moving", Options(), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"
    assert set(seen.metrics) == set(PROBES["rtsp"].metrics) - {"status"}


@REAL
async def test_an_address_may_be_a_host_with_a_path(real):
    seen = await probe("127.0.0.1", Options(port=real.open, path="/moving"), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("ok", "")


@REAL
async def test_a_path_that_is_not_there_fails(real):
    seen = await probe(f"rtsp://127.0.0.1:{real.open}/gone", Options(), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("fail", "path not found: 404")


@REAL
async def test_a_stream_without_video_fails(real):
    seen = await probe(f"rtsp://127.0.0.1:{real.open}/sound", Options(), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("fail", "no video in the stream")


@REAL
async def test_digest_lets_us_in(real, secret):
    seen = await probe(f"rtsp://127.0.0.1:{real.locked}/moving", Options(**secret), timeout_s=PATIENCE_S)
    assert seen.outcome == "ok"


@REAL
async def test_a_wrong_password_is_a_credentials_fault_and_says_so(real, tmp_path):
    (tmp_path / "wrong").write_text("falsch")
    login = {"user": "admin", "password_file": str(tmp_path / "wrong")}
    address = f"rtsp://127.0.0.1:{real.locked}/moving"
    ours = await probe(address, Options(**login), timeout_s=PATIENCE_S)
    theirs = await probe(address, Options(**login, login_refused="fail"), timeout_s=PATIENCE_S)
    assert (ours.outcome, ours.reason) == ("none", "login refused: 401")
    assert (theirs.outcome, theirs.reason) == ("fail", "login refused: 401")


@REAL
async def test_without_a_login_a_locked_camera_is_none_but_its_first_rung_is_ok(real):
    address = f"rtsp://127.0.0.1:{real.locked}/moving"
    seen = await probe(address, Options(), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("none", "a login is wanted, and none is set")
    assert (await probe(address, Options(rung="options"), timeout_s=PATIENCE_S)).outcome == "ok"


@REAL
async def test_a_camera_that_is_frozen_is_a_time_out_and_one_that_is_killed_is_refused(tmp_path):
    with cameras(tmp_path) as made:
        address = f"rtsp://127.0.0.1:{made.open}/moving"
        assert (await probe(address, Options(), timeout_s=PATIENCE_S)).outcome == "ok"
        os.kill(made.process.pid, signal.SIGSTOP)
        frozen = await probe(address, Options(), timeout_s=1)
        os.kill(made.process.pid, signal.SIGKILL)
        made.process.wait()
        killed = await probe(address, Options(), timeout_s=PATIENCE_S)
    assert (frozen.outcome, frozen.reason) == ("fail", "answer not complete in time")
    assert (killed.outcome, killed.reason) == ("fail", "connection refused")


# Strangers


def camera(*answers: bytes):
    """Says one answer after the other, whatever is asked; the last one again and again."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = list(answers)
        while request := await reader.readuntil(b"\r\n\r\n"):
            sequence = next(line for line in request.split(b"\r\n") if line.startswith(b"CSeq"))
            head, _, rest = (left.pop(0) if len(left) > 1 else left[0]).partition(b"\r\n")
            writer.write(head + b"\r\n" + sequence + b"\r\n" + rest)
            await writer.drain()

    return handle


async def seen_by(handle, *, timeout_s: float = PATIENCE_S, **options: object):
    async with stranger(handle) as port:
        return await probe(f"rtsp://127.0.0.1:{port}/x", Options(**options), timeout_s=timeout_s)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "path not found: 404"),
        (453, "overloaded: 453"),
        (503, "overloaded: 503"),
        (500, "unexpected status: 500"),
    ],
)
async def test_what_is_wrong_with_the_stream_is_told_apart(status, reason):
    seen = await seen_by(camera(FINE % 0, b"RTSP/1.0 %d x\r\n\r\n" % status))
    assert (seen.outcome, seen.reason, seen.metrics["status"]) == ("fail", reason, status)


async def test_a_camera_that_is_busy_fails_already_at_the_first_rung():
    assert (await seen_by(camera(b"RTSP/1.0 453 No\r\n\r\n"), rung="options")).reason == "overloaded: 453"


async def test_media_between_the_answers_is_passed_over():
    frame = b"$\0\0\4abcd"
    described = FINE % len(SDP) + SDP

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (FINE % 0, described):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(frame * 3 + answer)

    assert (await seen_by(handle)).outcome == "ok"


CHALLENGE = b'RTSP/1.0 401 No\r\nWWW-Authenticate: Digest realm="x", nonce="y%s\r\n\r\n'


@pytest.mark.parametrize("end", [b'"', b'", stale=true', b'", algorithm=unheard-of'])
async def test_endless_authentication_ends(end, secret):
    seen = await seen_by(camera(FINE % 0, CHALLENGE % end), **secret)
    assert (seen.outcome, seen.why.phrase) == ("none", "login refused")


HOSTILE = [
    ("no RTSP", answering(b"HTTP/1.1 200 OK\r\n\r\n"), "answer not understood"),
    ("b5: endless headers", endless(b"RTSP/1.0 200 OK\r\n", b"A: b\r\n" * 500), "answer too large: headers"),
    ("b5: one endless line", endless(b"RTSP/1.0 200 ", b"x" * 65_536), "answer too large: a line"),
    ("b2: a body of a gigabyte", camera(FINE % 1_000_000_000), "answer too large: a body"),
    ("endless media", endless(b"", b"$\0\0\4abcd" * 999), "answer too large: frames before an answer"),
    ("answers to what nobody asked", endless(b"", b"RTSP/1.0 200 OK\r\nCSeq: 999\r\n\r\n" * 99), "answer too large"),
    ("b6: no SDP", camera(FINE % 0, FINE % 3 + b"{[{"), "answer not understood: no SDP"),
    (
        "a million lines of SDP",
        camera(FINE % 0, FINE % 60_003 + b"v=0" + b"\na=b" * 15_000),
        "answer too large: lines of SDP",
    ),
]


@pytest.mark.parametrize(("_name", "handle", "reason"), HOSTILE, ids=[each[0] for each in HOSTILE])
async def test_hostile_cameras_are_their_own_fault(_name, handle, reason):
    seen = await seen_by(handle)
    assert (seen.outcome, seen.reason[: len(reason)]) == ("fail", reason)


async def test_b1_a_silent_camera_is_a_time_out_and_a_closed_port_is_refused():
    assert (await seen_by(silent, timeout_s=1)).reason == "answer not complete in time"
    with closed_port() as port:
        assert (await probe("127.0.0.1", Options(port=port), timeout_s=PATIENCE_S)).reason == "connection refused"


async def test_a_login_in_the_address_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="without a login"):
        await probe("rtsp://admin:geheim@127.0.0.1/", Options(), timeout_s=PATIENCE_S)
