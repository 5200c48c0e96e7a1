"""Whether a camera's stream shows a picture: the first decoded frame by RTSP, when it came, and what it is like.

`ok`: a key frame came and was decoded, and nothing is wrong with it. `fail`: all that the `rtsp` kind says, no
picture in time, a picture that cannot be decoded, and a picture that is black, over-bright, snow, frozen, or (against
a baseline) blurred, covered, of another scene, of another colour. H.264, H.265 and JPEG (MJPEG) over TCP; other
codecs are `none`.
Frozen is told with `watch` only: all frames of that time are the same to the last bit. A clock in the picture makes
that impossible for a living camera, however quiet the street; for one without a clock leave `watch` out.
With `clock_area`, a picture in which nothing but the clock changes is frozen too.
What it can never see: what the picture shows; whether the recorder keeps it; a fault that looks like the scene.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.models import Duration
from probes.connection import Deadline
from probes.decoder import Decoder
from probes.faults import AssetFaultError, OwnFaultError, judged
from probes.pictures import METRICS as PICTURE_METRICS
from probes.pictures import REASONS as PICTURE_REASONS
from probes.pictures import PictureOptions, profiles, verdict
from probes.reasons import NO_FRAME, NO_VIDEO, NOT_MEASURABLE, READ_TIMEOUT, TOO_MUCH
from probes.rtp import Assembler
from probes.rtp_h26x import NalUnits
from probes.rtp_jpeg import JpegFragments
from probes.rtsp_session import STREAM_REASONS, StreamOptions, session, stream_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from probes.outcome import Outcome
    from probes.rtp import Payloads, Unit
    from probes.rtsp_session import Session
    from probes.sdp import Track

METRICS = {
    "describe_ms": "until the stream was described, login included",
    "first_frame_ms": "until the first key frame was whole, all before it included",
    "frames": "that came while we watched",
    **PICTURE_METRICS,
}
REASONS = (*STREAM_REASONS, NO_FRAME, *PICTURE_REASONS)
_MOST_PACKETS = 50_000
_MOST_BYTES = 15 << 20
_CLOCK_HZ = 90_000
_PAYLOADS: dict[str, Callable[[Track], Payloads]] = {
    "H264": lambda _: NalUnits(is_265=False),
    "H265": lambda _: NalUnits(is_265=True),
    "JPEG": lambda track: JpegFragments(track.size),
}
"""Encoding → what puts its pictures together."""


class Options(StreamOptions, PictureOptions):
    """Which stream, how long to watch, and what its picture must be like."""

    watch: Duration = 0
    """watch the stream for so long (by its own clock), to tell a frozen picture; 2s or more, or nothing"""


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """One look, with a decoder of its own; batches share one. ValueError: the address makes no URL."""
    decoder = Decoder()
    try:
        return await one(address, options, timeout_s, decoder)
    finally:
        decoder.close()


async def one(address: str, options: Options, timeout_s: float, decoder: Decoder) -> Outcome:
    """One look with that decoder."""
    url = stream_url(address, options.path, options.port)
    return await judged(_look(url, options, Deadline(timeout_s), decoder))


async def measured(address: str, options: Options, timeout_s: float, decoder: Decoder) -> dict[str, Any]:
    """The measures of a picture, for a baseline. AssetFaultError, OwnFaultError as above."""
    return (await _seen(stream_url(address, options.path, options.port), options, Deadline(timeout_s), decoder))[0]


async def _look(url: str, options: Options, deadline: Deadline, decoder: Decoder) -> Outcome:
    known = profiles(options.baseline_file)
    found, metrics = await _seen(url, options, deadline, decoder)
    return verdict(found, options, known, **metrics)


async def _seen(
    url: str, options: Options, deadline: Deadline, decoder: Decoder
) -> tuple[dict[str, Any], dict[str, float]]:
    async with session(url, options, deadline) as opened:
        track = _video(await opened.described())
        metrics = {"describe_ms": deadline.elapsed_ms()}
        await opened.play(track)
        units = await _units(opened, track, options.watch, deadline, metrics)
        await opened.end()
    metrics["frames"] = float(len(units))
    head = b"".join(b"\0\0\0\1" + each for each in track.parameter_sets())
    parts = [head + units[0].data, *(each.data for each in units[1:])]
    return await decoder.measured(track.encoding, parts, deadline, options.clock_area), metrics


def _video(tracks: list[Track]) -> Track:
    found = [track for track in tracks if track.media == "video"]
    if not found:
        raise AssetFaultError(NO_VIDEO)
    known = [track for track in found if track.encoding in _PAYLOADS]
    if not known:
        raise OwnFaultError(NOT_MEASURABLE, f"video as {found[0].encoding or 'something unknown'}")
    return known[0]


async def _units(
    opened: Session, track: Track, watch_ms: int, deadline: Deadline, metrics: dict[str, float]
) -> list[Unit]:
    """The first key frame, and what follows it within `watch_ms` of the stream's own time."""
    assembler = Assembler(_PAYLOADS[track.encoding](track))
    units: list[Unit] = []
    taken = 0
    for _ in range(_MOST_PACKETS):
        unit = await _next(opened, assembler)
        if unit is None or not (units or unit.is_key):
            continue
        units.append(unit)
        taken += len(unit.data)
        if len(units) == 1:
            metrics["first_frame_ms"] = deadline.elapsed_ms()
        if (unit.at - units[0].at) % (1 << 32) * 1000 >= watch_ms * _CLOCK_HZ or taken > _MOST_BYTES:
            return units
    raise AssetFaultError(TOO_MUCH, "packets without a picture")


async def _next(opened: Session, assembler: Assembler) -> Unit | None:
    try:
        return assembler.unit(await opened.packet())
    except AssetFaultError as fault:
        if fault.reason == READ_TIMEOUT:
            raise AssetFaultError(NO_FRAME) from None
        raise
