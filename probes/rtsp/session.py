"""RTSP 1.0 over TCP (RFC 2326): requests, answers, a login, media interleaved with them; all of it bounded."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import StringConstraints

from config.input.mistakes import MalformedError
from config.input.models import Port
from probes.address import Endpoint, endpoint, misfit_of
from probes.faults import AssetFaultError, OwnFaultError
from probes.http.wire import Headers
from probes.net.connection import CONNECT_REASONS, READ_REASONS, TLS_REASONS, Deadline, Stream, stream, tls_context
from probes.net.digest import authorization
from probes.net.login import WebLoginOptions, login_of, refused
from probes.reasons import (
    LOGIN_REFUSED,
    LOGIN_WANTED,
    NO_VIDEO,
    NOT_UNDERSTOOD,
    OVERLOADED,
    PATH_WRONG,
    TOO_MUCH,
    WRONG_STATUS,
    theirs,
)
from probes.rtsp.sdp import Track, tracks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from config.text.sentence import Sentence
    from probes.net.digest import WebLogin

MOST_BODY_BYTES = 64 << 10
MOST_STRAY_FRAMES = 2_000
_STATUS_LINE = re.compile(rb"RTSP/1\.[01] ([1-6]\d\d)(?: .*)?")
_OK, _UNAUTHORIZED, _NOT_FOUND, _BUSY = 200, 401, 404, (453, 503)
_PORT, _TLS_PORT = 554, 322
_MOST_LOGINS = 2
_URL = re.compile(r"rtsps?://[^@\s]+", re.IGNORECASE)


STREAM_REASONS = (
    *CONNECT_REASONS,
    *READ_REASONS,
    *TLS_REASONS,
    NOT_UNDERSTOOD,
    PATH_WRONG,
    OVERLOADED,
    WRONG_STATUS,
    NO_VIDEO,
    LOGIN_REFUSED,
)
"""What may be wrong until a stream is described."""


class StreamOptions(WebLoginOptions):
    """Which stream."""

    path: Annotated[str, StringConstraints(pattern=r"\A/\S*\z")] = "/"
    """the stream's path, for an address that is no rtsp:// URL"""
    port: Port | None = None
    """the port, for an address that names none; 554 if not given"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: stream_url(address, self.path, self.port))


@dataclass(frozen=True, slots=True)
class RtspResponse:
    """One response."""

    status: int
    headers: Headers
    body: bytes


def stream_url(address: str, path: str, port: int | None) -> str:
    """The URL of a stream: the address if it is one, else `path` on that host.

    ValueError: a URL that bears a login (which would stand in the site file), or no address.
    """
    if "://" in address:
        if not _URL.fullmatch(address):
            raise MalformedError(
                "{scheme}:// is not {schemes} without a login",
                scheme=address.partition("://")[0],
                schemes="rtsp:// or rtsps://",
            )
        return address
    return f"rtsp://{endpoint(address, port, otherwise=_PORT)}{path}"


@asynccontextmanager
async def session(url: str, options: WebLoginOptions, deadline: Deadline) -> AsyncIterator[Session]:
    """A session with the server of that URL, for the length of a `with`."""
    parts = urlsplit(url)
    secure = parts.scheme.lower() == "rtsps"
    where = Endpoint(parts.hostname or "", parts.port or (_TLS_PORT if secure else _PORT))
    login = login_of(options, is_private=secure)
    tls = tls_context(verify=False) if secure else None  # cameras sign their own certificates
    async with stream(where, deadline, tls=tls) as opened:
        yield Session(opened, url, options, login)


class Session:
    """Asks, and logs in when it is told to. What the server must not answer raises, as `judged` wants it."""

    def __init__(self, opened: Stream, url: str, options: WebLoginOptions, login: WebLogin | None) -> None:
        self._opened = opened
        self._url = url
        self._options = options
        self._login = login
        self._sequence = 0
        self._challenges: list[str] = []
        self._session = ""

    async def ask(self, method: str, url: str, *headers: str) -> RtspResponse:
        """The answer to one request, whatever its status."""
        self._sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._sequence}", "User-Agent: sla-agent", *headers]
        if self._session:
            lines.append(f"Session: {self._session}")
        if self._challenges and self._login is not None:
            answer = authorization(self._challenges, method, url, self._login)
            if answer is None:
                raise refused(self._options, "no way to log in that we know")
            lines.append(f"Authorization: {answer}")
        await self._opened.write(("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace"))
        return await self._answer()

    async def must(self, method: str, url: str, *headers: str) -> RtspResponse:
        """The answer 200 to one request, with a login if that is wanted.

        AssetFaultError: another status. OwnFaultError: a login is wanted and none is set, or it was refused.
        """
        for _ in range(_MOST_LOGINS):
            answer = await self.ask(method, url, *headers)
            if answer.status != _UNAUTHORIZED:
                break
            if self._login is None:
                raise OwnFaultError(LOGIN_WANTED)
            if self._challenges and "stale=true" not in " ".join(answer.headers.all("www-authenticate")).lower():
                break
            self._challenges = answer.headers.all("www-authenticate")
        return self._accepted(answer)

    def _accepted(self, answer: RtspResponse) -> RtspResponse:
        if answer.status == _OK:
            return answer
        if answer.status == _UNAUTHORIZED:
            raise refused(self._options, answer.status)
        if answer.status == _NOT_FOUND:
            raise AssetFaultError(PATH_WRONG, answer.status, status=answer.status)
        if answer.status in _BUSY:
            raise AssetFaultError(OVERLOADED, answer.status, status=answer.status)
        raise AssetFaultError(WRONG_STATUS, answer.status, status=answer.status)

    async def described(self) -> list[Track]:
        """The tracks of the stream."""
        answer = await self.must("DESCRIBE", self._url, "Accept: application/sdp")
        base = answer.headers["content-base"] or answer.headers["content-location"] or self._url
        return tracks(answer.body, base)

    async def play(self, track: Track) -> None:
        """Set the track up on channel 0 of this connection, and let it play."""
        answer = await self.must("SETUP", track.control, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        if "interleaved" not in answer.headers["transport"].lower():
            raise AssetFaultError(NOT_UNDERSTOOD, "no media over TCP")
        self._session = answer.headers["session"].partition(";")[0].strip()
        await self.must("PLAY", self._url, "Range: npt=0.000-")

    async def end(self) -> None:
        """Say good-bye, so that the camera frees the stream; whatever it answers is of no interest."""
        if self._session:
            self._sequence += 1
            lines = f"TEARDOWN {self._url} RTSP/1.0\r\nCSeq: {self._sequence}\r\nSession: {self._session}\r\n\r\n"
            await self._opened.write(lines.encode("utf-8", "replace"))

    async def packet(self) -> bytes:
        """The next RTP packet of channel 0; other channels and late answers are passed over."""
        for _ in range(MOST_STRAY_FRAMES):
            first = await self._opened.exactly(1)
            if first != b"$":
                await self._rest(first)
                continue
            channel, *length = await self._opened.exactly(3)
            data = await self._opened.exactly(int.from_bytes(length, "big"))
            if channel == 0:
                return data
        raise AssetFaultError(TOO_MUCH, "frames of other channels")

    async def _answer(self) -> RtspResponse:
        for _ in range(MOST_STRAY_FRAMES):
            first = await self._opened.exactly(1)
            if first == b"$":
                _channel, *length = await self._opened.exactly(3)
                await self._opened.exactly(int.from_bytes(length, "big"))
                continue
            answer = await self._rest(first)
            if answer.headers["cseq"] in ("", str(self._sequence)):
                return answer
        raise AssetFaultError(TOO_MUCH, "frames before an answer")

    async def _rest(self, first: bytes) -> RtspResponse:
        line = first + await self._opened.line()
        match = _STATUS_LINE.fullmatch(line)
        if match is None:
            raise AssetFaultError(NOT_UNDERSTOOD, "begins with", theirs(repr(line[:40])))
        headers = Headers()
        while line := await self._opened.line():
            headers.add(line)
        length = headers.length() or 0
        if length > MOST_BODY_BYTES:
            raise AssetFaultError(TOO_MUCH, "a body")
        return RtspResponse(int(match.group(1)), headers, await self._opened.exactly(length))
