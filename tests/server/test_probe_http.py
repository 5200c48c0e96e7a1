"""The `http` kind against real servers on loopback, honest and hostile."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from probes.kinds.http import Options, probe
from probes.registry import PROBES
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import answering, certificate, closed_port, endless, silent, stranger, tls_of

if TYPE_CHECKING:
    from pathlib import Path

    from probes.outcome import Outcome

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
MIB = 1 << 20


async def seen_by(handle, *, timeout_s: float = PATIENCE_S, path: str = "/", **options: object) -> Outcome:
    async with stranger(handle) as port:
        return await probe(f"127.0.0.1:{port}", Options(path=path, **options), timeout_s=timeout_s)


async def test_a_page_is_ok_with_its_metrics():
    seen = await seen_by(answering(PAGE))
    assert seen.outcome == "ok"
    assert (seen.metrics["status"], seen.metrics["bytes"]) == (200, 5)
    assert set(seen.metrics) == set(PROBES["http"].metrics) - {"days_left"}


async def test_another_status_fails_and_is_named():
    seen = await seen_by(answering(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"))
    assert (seen.outcome, seen.reason, seen.metrics["status"]) == ("fail", "unexpected status: 503", 503)


async def test_an_expected_status_is_ok_whatever_it_is():
    seen = await seen_by(answering(b"HTTP/1.0 401 No\r\n\r\n"), status=401)
    assert seen.outcome == "ok"


async def test_text_that_appears_is_found_in_chunks():
    body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n"
    assert (await seen_by(answering(body), text="hello")).outcome == "ok"


async def test_text_that_is_missing_fails_although_the_status_is_200():
    seen = await seen_by(answering(PAGE), text="goodbye")
    assert (seen.outcome, seen.reason) == ("fail", "expected text missing")


async def test_text_is_read_in_the_charset_that_a_chinese_page_names():
    page = '<meta charset="gb2312">数字城市'.encode("gb18030")
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(page)}\r\n\r\n".encode()
    assert (await seen_by(answering(head, page), text="数字城市")).outcome == "ok"


async def test_text_is_found_in_a_compressed_page():
    page = gzip.compress(b"hello, world")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(page)}\r\n\r\n".encode()
    assert (await seen_by(answering(head, page), text="world")).outcome == "ok"


async def test_the_request_carries_the_host_header_and_the_path():
    asked = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(PAGE)
        await writer.drain()

    await seen_by(handle, host_header="city.example", path="/a?b=中")
    assert asked[0].startswith(b"GET /a?b=%E4%B8%AD HTTP/1.1\r\nHost: city.example\r\n")


# Faults of the asset


async def test_a_closed_port_is_refused():
    with closed_port() as port:
        seen = await probe(f"http://127.0.0.1:{port}/", Options(), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.reason) == ("fail", "connection refused")


async def test_a_server_that_accepts_and_ignores_is_a_time_out():
    seen = await seen_by(silent, timeout_s=1)
    assert (seen.outcome, seen.reason) == ("fail", "answer not complete in time")


async def test_a_server_that_hangs_up_before_it_answers_fails():
    seen = await seen_by(answering(b"HTTP/1.1 20"))
    assert (seen.outcome, seen.reason) == ("fail", "connection broken off")


async def test_a_body_shorter_than_it_said_fails():
    seen = await seen_by(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"))
    assert (seen.outcome, seen.reason) == ("fail", "connection broken off")


async def test_what_is_not_http_fails():
    seen = await seen_by(answering(b"SSH-2.0-OpenSSH_9.2\r\n"))
    assert seen.outcome == "fail"
    assert seen.reason.startswith("answer not understood")


async def test_two_lengths_of_one_body_are_not_believed():
    seen = await seen_by(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"))
    assert seen.reason == "answer not understood: two lengths of one body"


# Hostile servers: bounds B1 to B5


async def test_b1_a_tarpit_ends_at_the_wall_although_each_byte_comes_in_time():
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.05)

    seen = await seen_by(drip, timeout_s=1)
    assert (seen.outcome, seen.reason) == ("fail", "answer not complete in time")


async def test_b2_of_an_endless_body_one_mib_is_read():
    seen = await seen_by(endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536))
    assert (seen.outcome, seen.metrics["bytes"]) == ("ok", MIB)


async def test_b2_a_body_that_claims_a_terabyte_costs_one_mib_of_memory():
    tracemalloc.start()
    seen = await seen_by(endless(b"HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n", b"x" * 65_536))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen.metrics["bytes"] == MIB
    assert peak < 8 * MIB


async def test_b2_endless_tiny_chunks_end():
    seen = await seen_by(endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 1_000))
    assert seen.outcome == "ok"
    assert seen.metrics["bytes"] <= MIB / 64


async def test_b3_a_gzip_bomb_is_too_much():
    bomb = gzip.compress(bytes(64 * MIB))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    seen = await seen_by(answering(head, bomb), text="x")
    assert (seen.outcome, seen.reason) == ("fail", "answer too large: when decompressed")


async def test_b5_endless_headers_are_too_much():
    seen = await seen_by(endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 100))
    assert (seen.outcome, seen.reason) == ("fail", "answer too large: headers")


async def test_b5_one_endless_line_is_too_much():
    seen = await seen_by(endless(b"HTTP/1.1 200 ", b"x" * 65_536))
    assert (seen.outcome, seen.reason) == ("fail", "answer too large: a line of more than 8192 bytes")


async def test_endless_interim_responses_are_too_much():
    seen = await seen_by(endless(b"", b"HTTP/1.1 103 Early\r\n\r\n"))
    assert (seen.outcome, seen.reason) == ("fail", "answer too large: interim responses")


# Redirects: bound B4


def redirecting(*locations: str):
    """Redirects to each of these in turn, then shows the page."""
    left = list(locations)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if left:
            writer.write(f"HTTP/1.1 302 Found\r\nLocation: {left.pop(0)}\r\nContent-Length: 0\r\n\r\n".encode())
        else:
            writer.write(PAGE)
        await writer.drain()

    return handle


async def test_three_redirects_are_followed():
    assert (await seen_by(redirecting("/a", "b", "/c"), text="hello")).outcome == "ok"


async def test_a_redirect_loop_ends_after_three():
    seen = await seen_by(redirecting(*["/again"] * 50))
    assert (seen.outcome, seen.reason) == ("fail", "too many redirects")


async def test_a_redirect_is_not_followed_if_that_was_not_wanted():
    seen = await seen_by(redirecting("/a"), follow=False)
    assert seen.reason == "unexpected status: 302"


@pytest.mark.parametrize(
    "location", ["http://127.0.0.2/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://u@127.0.0.1/"]
)
async def test_a_redirect_to_a_place_that_was_not_named_is_refused(location):
    seen = await seen_by(redirecting(location))
    assert (seen.outcome, seen.why.phrase) == ("fail", "redirect not allowed")


async def test_a_redirect_to_a_host_that_was_named_is_followed():
    async with stranger(answering(PAGE)) as port:
        seen = await seen_by(redirecting(f"http://localhost:{port}/"), redirect_hosts=["localhost"], text="hello")
    assert seen.outcome == "ok"


# TLS


async def seen_over_tls(made: Path, timeout_s: float = PATIENCE_S, **options: object) -> Outcome:
    async with stranger(answering(PAGE), tls_of(made)) as port:
        return await probe(f"127.0.0.1:{port}", Options(scheme="https", **options), timeout_s=timeout_s)


@pytest.mark.needs("openssl")
async def test_a_trusted_certificate_is_ok_and_its_days_are_counted(tmp_path):
    made = certificate(tmp_path, days=90)
    seen = await seen_over_tls(made, ca_file=str(made))
    assert seen.outcome == "ok"
    assert 89 < seen.metrics["days_left"] <= 90


@pytest.mark.needs("openssl")
async def test_authorities_that_were_renewed_are_read_anew(tmp_path):
    authorities = tmp_path / "ca.pem"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made = certificate(tmp_path / name)
        authorities.write_bytes(made.read_bytes())
        assert (await seen_over_tls(made, ca_file=str(authorities))).outcome == "ok"


@pytest.mark.needs("openssl")
async def test_a_certificate_that_ends_soon_fails_although_the_page_came(tmp_path):
    made = certificate(tmp_path, days=9)
    seen = await seen_over_tls(made, ca_file=str(made), min_certificate_days=14)
    assert (seen.outcome, seen.reason, seen.metrics["status"]) == ("fail", "certificate ends soon", 200)


@pytest.mark.needs("openssl")
async def test_a_certificate_that_nobody_vouches_for_fails(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    seen = await seen_over_tls(certificate(tmp_path), ca_file=str(certificate(other)))
    assert (seen.outcome, seen.reason) == ("fail", "certificate not valid: self-signed certificate")


@pytest.mark.needs("openssl")
async def test_a_certificate_for_another_name_fails(tmp_path):
    made = certificate(tmp_path, names="DNS:other.example")
    seen = await seen_over_tls(made, ca_file=str(made))
    assert seen.outcome == "fail"
    assert "certificate is not valid for '127.0.0.1'" in seen.reason


@pytest.mark.needs("openssl", "faketime")
async def test_a_certificate_that_is_over_fails(tmp_path):
    made = certificate(tmp_path, days=30, at="2020-01-01")
    seen = await seen_over_tls(made, ca_file=str(made))
    assert (seen.outcome, seen.reason) == ("fail", "certificate not valid: certificate has expired")


@pytest.mark.needs("openssl")
async def test_without_verification_the_days_are_still_counted(tmp_path):
    seen = await seen_over_tls(certificate(tmp_path, days=40), verify=False)
    assert seen.outcome == "ok"
    assert 39 < seen.metrics["days_left"] <= 40


async def test_a_tls_handshake_that_is_never_answered_is_a_time_out():
    async with stranger(silent) as port:
        seen = await probe(f"https://127.0.0.1:{port}/", Options(verify=False), timeout_s=1)
    assert (seen.outcome, seen.reason) == ("fail", "TLS handshake failed: not finished in time")


async def test_plain_http_on_an_https_port_is_a_tls_fault():
    async with stranger(answering(PAGE)) as port:
        seen = await probe(f"https://127.0.0.1:{port}/", Options(verify=False), timeout_s=PATIENCE_S)
    assert (seen.outcome, seen.why.phrase) == ("fail", "TLS handshake failed")


# Ours


async def test_a_name_that_does_not_exist_says_nothing_about_the_asset():
    assert (await probe("http://no-such-host.invalid/", Options(), timeout_s=PATIENCE_S)).outcome == "none"


async def test_an_unreadable_file_of_authorities_is_let_through(tmp_path):
    async with stranger(silent) as port:
        with pytest.raises(FileNotFoundError):
            await probe(
                f"https://127.0.0.1:{port}/", Options(ca_file=str(tmp_path / "gone.pem")), timeout_s=PATIENCE_S
            )


@pytest.mark.parametrize(
    "options",
    [
        {"url": "ftp://x/"},
        {"url": "http://me:secret@x/"},
        {"method": "HEAD", "text": "x"},
        {"path": "a"},
        {"colour": 1},
    ],
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(ValidationError):
        Options(**options)


async def test_no_socket_is_left_open_by_a_hostile_server():
    seen = await asyncio.gather(*(seen_by(silent, timeout_s=1) for _ in range(50)))
    assert {each.outcome for each in seen} == {"fail"}  # an unclosed socket would be a ResourceWarning, an error here
