"""One HTTP/1.1 request and its response over a connection of its own, within bounds (RFC 9110, RFC 9112)."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urlsplit

from probes.address import Endpoint
from probes.faults import AssetFaultError
from probes.http.wire import MOST_BODY_BYTES, Headers, chunk_size, status_of
from probes.machine.clock import now_s
from probes.net.certificates import days_left
from probes.net.connection import stream
from probes.net.digest import WebLogin, authorization
from probes.reasons import NOT_UNDERSTOOD, TOO_MUCH

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from probes.net.connection import Deadline, Stream

_MOST_INTERIM = 8
_CHUNK_COST = 64  # what a chunk counts at least, so that a million tiny ones are too much
_INTERIM = range(100, 200)
_BODILESS = (204, 304)
_UNAUTHORIZED = 401
_HTTPS_PORT, _HTTP_PORT = 443, 80


class HttpResponse:
    """What came back. `days_left` is None without TLS; `body` is the whole of it, or its first `most_bytes`."""

    def __init__(self, status: int, headers: Headers, ttfb_ms: float) -> None:
        self.status = status
        self.headers = headers
        self.ttfb_ms = ttfb_ms
        self.body = b""
        self.days_left: float | None = None


class HttpRequest:
    """What is asked for: a method, a URL, and what stands below it."""

    def __init__(
        self,
        url: str,
        *,
        method: str = "GET",
        host_header: str | None = None,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        most_bytes: int = MOST_BODY_BYTES,
    ) -> None:
        self.url = urlsplit(url)
        self.method = method
        self.host_header = host_header
        self.headers = tuple(headers)
        self.body = body
        self.most_bytes = most_bytes

    @property
    def target(self) -> str:
        """The path and query, such that nothing of a URL can end a line."""
        return _target(self.url)

    def wire(self) -> bytes:
        """The request's bytes."""
        lines = [
            f"{self.method} {self.target} HTTP/1.1",
            f"Host: {self.host_header or _host(self.url)}",
            "User-Agent: sla-agent",
            "Accept: */*",
            "Connection: close",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + self.body


async def exchanged(request: HttpRequest, deadline: Deadline, tls: ssl.SSLContext | None = None) -> HttpResponse:
    """The response to a request. `tls`: for https URLs. AssetFaultError: none came, or none within bounds."""
    url = request.url
    is_tls = url.scheme == "https"
    where = Endpoint(url.hostname or "", url.port or (_HTTPS_PORT if is_tls else _HTTP_PORT))
    host = request.host_header
    name = (host or where.host).partition(":")[0] if not where.host.count(":") else where.host
    async with stream(where, deadline, tls=tls if is_tls else None, name=name) as opened:
        await opened.write(request.wire())
        response = await _head(opened, deadline)
        response.days_left = _certificate_days(opened)
        if request.method != "HEAD" and response.status not in _BODILESS:
            response.body = await _body(opened, response.headers, request.most_bytes)
    return response


async def exchanged_with_login(
    request: HttpRequest, login: WebLogin | None, deadline: Deadline, tls: ssl.SSLContext | None = None
) -> HttpResponse:
    """The response to a request, where a 401 is answered once with digest or basic, if there is a login.

    A second 401 comes back like any other response. AssetFaultError: none came, or none within bounds. OwnFaultError:
    the password would have to be sent in the clear.
    """
    response = await exchanged(request, deadline, tls)
    if response.status != _UNAUTHORIZED or login is None:
        return response
    challenges = response.headers.all("www-authenticate")
    answer = authorization(challenges, request.method, request.target, login)
    if answer is None:
        return response
    again = copy(request)
    again.headers = (*request.headers, ("Authorization", answer))
    return await exchanged(again, deadline, tls)


def _target(url: SplitResult) -> str:
    return quote(url.path or "/", safe="/%:=&;,+$!*'()~@") + (
        "?" + quote(url.query, safe="/?%:=&;,+$!*'()~@[]") if url.query else ""
    )


def _host(url: SplitResult) -> str:
    return url.netloc.encode("idna" if not url.netloc.isascii() else "ascii").decode()


async def _head(opened: Stream, deadline: Deadline) -> HttpResponse:
    for _ in range(_MOST_INTERIM):
        status = status_of(await opened.line())
        ttfb_ms, headers = deadline.elapsed_ms(), Headers()
        while line := await opened.line():
            headers.add(line)
        if status not in _INTERIM:
            return HttpResponse(status, headers, ttfb_ms)
    raise AssetFaultError(TOO_MUCH, "interim responses")


def _certificate_days(opened: Stream) -> float | None:
    der = opened.tls.getpeercert(binary_form=True) if opened.tls is not None else None
    if der is None:
        return None
    try:
        return days_left(der, now_s())
    except ValueError as error:
        raise AssetFaultError(NOT_UNDERSTOOD, error) from None


async def _body(opened: Stream, headers: Headers, most: int) -> bytes:
    """The body, or the first `most` bytes of it."""
    if headers.is_chunked():
        return await _chunked(opened, most)
    length = headers.length()
    if length is not None:
        return await opened.exactly(min(length, most))
    parts = bytearray()
    while len(parts) < most and (part := await opened.some(most - len(parts))):
        parts += part
    return bytes(parts)


async def _chunked(opened: Stream, most: int) -> bytes:
    parts = bytearray()
    spent = 0
    while size := chunk_size(await opened.line()):
        taken = min(size, most - len(parts))
        parts += await opened.exactly(taken)
        spent += max(size, _CHUNK_COST)
        if spent >= most:
            return bytes(parts)
        if await opened.line():
            raise AssetFaultError(NOT_UNDERSTOOD, "a chunk longer than it said")
    return bytes(parts)
