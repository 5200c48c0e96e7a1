"""Whether a camera (or its recorder) offers its stream: RTSP OPTIONS, then DESCRIBE with login.

`ok`: DESCRIBE came back with a video track; with `rung = "options"`, any answer to OPTIONS that is no overload.
`fail`: not reached, silent, no such path (404), no room for another viewer (453, 503), no video in the description.
A login that is wanted or refused (401) is `none` (see `login_refused`): the camera lives, and our password may be
wrong.
What it can never see: whether pictures come, or what is on them; whether the recorder keeps them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from probes.faults import AssetFaultError, judged
from probes.net.connection import Deadline
from probes.outcome import Outcome, ok
from probes.reasons import NO_VIDEO, OVERLOADED, WRONG_STATUS
from probes.rtsp.session import STREAM_REASONS, StreamOptions, session, stream_url

if TYPE_CHECKING:
    from probes.rtsp.session import Session

METRICS = {
    "options_ms": "until OPTIONS was answered",
    "describe_ms": "until the stream was described, login included",
    "tracks": "streams in the description",
    "status": "RTSP status, where it is to blame",
}
REASONS = STREAM_REASONS
_BUSY = (453, 503)
_SERVER_FAULTS = range(500, 600)
_NOT_KNOWN = 501


class Options(StreamOptions):
    """Which stream, and how far to go."""

    rung: Literal["options", "describe"] = "describe"
    """how far: `options` only asks whether an RTSP server is there, which needs no login"""


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Ask once. ValueError: the address makes no URL. OSError: our own network or limits."""
    url = stream_url(address, options.path, options.port)
    return await judged(_outcome(url, options, Deadline(timeout_s)))


async def _outcome(url: str, options: Options, deadline: Deadline) -> Outcome:
    async with session(url, options, deadline) as opened:
        await _options(opened, url)
        metrics = {"options_ms": deadline.elapsed_ms()}
        if options.rung == "options":
            return ok(**metrics)
        found = await opened.described()
    metrics |= {"describe_ms": deadline.elapsed_ms(), "tracks": float(len(found))}
    if not any(track.media == "video" for track in found):
        raise AssetFaultError(NO_VIDEO, **metrics)
    return ok(**metrics)


async def _options(opened: Session, url: str) -> None:
    """Some cameras want a login even here, or do not know OPTIONS: both prove that a server is there."""
    status = (await opened.ask("OPTIONS", url)).status
    if status in _BUSY:
        raise AssetFaultError(OVERLOADED, status, status=status)
    if status in _SERVER_FAULTS and status != _NOT_KNOWN:
        raise AssetFaultError(WRONG_STATUS, status, status=status)
