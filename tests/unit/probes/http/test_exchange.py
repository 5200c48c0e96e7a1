"""One request and its response by a real connection: what is sent, and what is read of what comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.faults import AssetFaultError, OwnFaultError
from probes.http.exchange import HttpRequest, exchanged, exchanged_with_login
from probes.net.connection import Deadline
from probes.net.digest import WebLogin
from tests.support.patience import PATIENCE_S
from tests.support.servers.stranger import stranger

LOGIN = WebLogin("admin", "geheim")
DIGEST = b'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n'


class Server:
    """Answers each connection with the next of these responses (the last for ever); keeps what it was asked."""

    def __init__(self, *responses: bytes, hangs_up: bool = True) -> None:
        self.responses, self.hangs_up = list(responses), hangs_up
        self.asked: list[bytes] = []

    async def __call__(self, reader, writer) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        self.asked.append(head + await reader.readexactly(length))
        writer.write(self.responses.pop(0) if len(self.responses) > 1 else self.responses[0])
        await writer.drain()
        if self.hangs_up:
            writer.write_eof()
        await reader.read()


async def response_of(
    server: Server, *, path: str = "/", timeout_s: float = PATIENCE_S, login: WebLogin | None = None, **how
):
    async with stranger(server) as port:
        request = HttpRequest(f"http://127.0.0.1:{port}{path}", **how)
        if login is None:
            return await exchanged(request, Deadline(timeout_s))
        return await exchanged_with_login(request, login, Deadline(timeout_s))


async def fault_of(server: Server, **how) -> str:
    with pytest.raises(AssetFaultError) as fault:
        await response_of(server, **how)
    return fault.value.reason


# What is sent


async def test_a_request_is_what_a_server_wants():
    server = Server(b"HTTP/1.1 204 No Content\r\n\r\n")
    response = await response_of(server, path="/a b?c=d e", method="POST", body=b"xy", headers=[("X-A", "1")])
    assert (response.status, response.body, response.days_left) == (204, b"", None)
    (asked,) = server.asked
    line, *fields, end, body = asked.split(b"\r\n")
    assert line == b"POST /a%20b?c=d%20e HTTP/1.1"
    assert (end, body) == (b"", b"xy")
    assert {b"Connection: close", b"X-A: 1", b"Content-Length: 2"} <= set(fields)
    assert sum(field.startswith(b"Host: 127.0.0.1:") for field in fields) == 1


def test_a_host_header_stands_in_place_of_the_url_s_and_chinese_names_in_ascii():
    assert b"\r\nHost: public.example\r\n" in HttpRequest("http://192.0.2.1/", host_header="public.example").wire()
    assert b"\r\nHost: xn--fiq228c.cn:8080\r\n" in HttpRequest("http://中文.cn:8080/").wire()


@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_in_a_path_or_query_can_end_a_line(path, query):
    try:
        request = HttpRequest(f"http://h/{path}?{query}")
    except ValueError:
        return  # no URL at all: brackets that are no address
    assert not {"\r", "\n", " "} & set(request.target)
    assert request.target.isascii()
    assert request.wire().count(b"\r\n") == 6


# What is read


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (b"Content-Length: 5\r\n\r\nhello and more", b"hello"),
        (b"\r\nto the end", b"to the end"),
        (b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", b"hello"),
        (b"Transfer-Encoding: gzip, CHUNKED\r\n\r\n1\r\nx\r\n0\r\n\r\n", b"x"),
        (b"Content-Length: 0\r\n\r\n", b""),
    ],
)
async def test_a_body_ends_where_its_headers_say(said, body):
    assert (await response_of(Server(b"HTTP/1.1 200 OK\r\n" + said))).body == body


@pytest.mark.parametrize(
    "said",
    [
        b"Content-Length: 100\r\n\r\n" + b"x" * 100,
        b"\r\n" + b"x" * 100,
        b"Transfer-Encoding: chunked\r\n\r\n64\r\n" + b"x" * 100 + b"\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 100,
    ],
)
async def test_of_a_long_body_only_the_first_bytes_are_read(said):
    body = (await response_of(Server(b"HTTP/1.1 200 OK\r\n" + said), most_bytes=10)).body
    assert 0 < len(body) <= 10
    assert set(body) == set(b"x")


async def test_of_head_and_of_204_no_body_is_awaited():
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    assert (await response_of(Server(said, hangs_up=False), method="HEAD")).body == b""
    assert (await response_of(Server(b"HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\n", hangs_up=False))).body == b""


async def test_interim_responses_are_passed_over_and_the_first_line_of_the_last_is_timed():
    said = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n"
    response = await response_of(Server(said))
    assert (response.status, response.headers["a"], response.headers["link"]) == (200, "b", "")
    assert response.ttfb_ms > 0


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 9, "answer too large: interim responses"),
        (b"SSH-2.0-x\r\n", "answer not understood: begins with: b'SSH-2.0-x'"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "answer not understood: a header line without a colon"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "answer not understood: the length of the body"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n",
            "answer not understood: a chunk longer than it said",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "answer not understood: the size of a chunk"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "connection broken off"),
        (b"HTTP/1.1 200 OK\r\n", "connection broken off"),
        (b"", "connection broken off"),
    ],
)
async def test_what_is_no_response_is_the_server_s_fault(said, reason):
    assert await fault_of(Server(said)) == reason


async def test_a_server_that_stops_in_the_middle_is_late():
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"
    assert await fault_of(Server(said, hangs_up=False), timeout_s=1) == "answer not complete in time"


# Logging in


async def test_a_401_is_answered_once_with_digest():
    server = Server(b"HTTP/1.1 401 No\r\n" + DIGEST + b"Content-Length: 0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nin")
    response = await response_of(server, login=LOGIN, path="/x", headers=[("X-A", "1")])
    assert (response.status, response.body) == (200, b"in")
    first, second = server.asked
    assert b"Authorization" not in first
    assert b'\r\nAuthorization: Digest username="admin"' in second
    assert b'uri="/x"' in second
    assert b"\r\nX-A: 1\r\n" in second


async def test_a_second_401_comes_back_and_nobody_tries_again():
    server = Server(b"HTTP/1.1 401 No\r\n" + DIGEST + b"Content-Length: 0\r\n\r\n")
    assert (await response_of(server, login=LOGIN)).status == 401
    assert len(server.asked) == 2


@pytest.mark.parametrize("challenge", [b"", b"WWW-Authenticate: Negotiate\r\n", b"WWW-Authenticate: Digest\r\n"])
async def test_a_401_that_asks_for_nothing_that_we_know_comes_back_at_once(challenge):
    server = Server(b"HTTP/1.1 401 No\r\n" + challenge + b"Content-Length: 0\r\n\r\n")
    assert (await response_of(server, login=LOGIN)).status == 401
    assert len(server.asked) == 1


async def test_a_password_is_not_sent_in_the_clear_unless_that_is_allowed():
    basic = b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="r"\r\nContent-Length: 0\r\n\r\n'
    server = Server(basic)
    with pytest.raises(OwnFaultError, match="the password is wanted in the clear"):
        await response_of(server, login=LOGIN)
    server = Server(basic, b"HTTP/1.1 200 OK\r\n\r\n")
    assert (await response_of(server, login=LOGIN._replace(in_clear=True))).status == 200
    assert b"\r\nAuthorization: Basic YWRtaW46Z2VoZWlt\r\n" in server.asked[1]


async def test_without_a_login_a_401_is_a_response_like_any_other():
    assert (await response_of(Server(b"HTTP/1.1 401 No\r\n" + DIGEST + b"\r\n"))).status == 401
