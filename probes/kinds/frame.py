"""Whether a camera's stream shows a picture: the first decoded frame by RTSP, when it came, and what it is like.

`ok`: a key frame came and was decoded, and nothing is wrong with it. `fail`: all that the `rtsp` kind says, no
picture in time, a picture that cannot be decoded, and a picture that is black, over-bright, snow, frozen, or (against
a baseline) blurred, covered, of another scene, of another colour. H.264, H.265 and JPEG (MJPEG) over TCP; other
codecs are `none`.
Frozen is told with `watch` only: all frames of that time are the same to the last bit. A clock with seconds in the
picture makes that impossible for a living camera, however quiet the street; for one without, leave `watch` out: an
encoder sends a quiet night unchanged from one key frame to the next.
With `clock_area`, a picture in which nothing but the clock changes is frozen too. Only key frames are compared then,
each coded anew from what the sensor sees, so it watches until a second one comes: `timeout` is to leave room for it.
Where the time-out ends the watching first, the picture is judged and frozen is not told; `frames` says how many came.
A stream of which nothing came any more in the last 2 s of the watching has stopped, which is a fail.
What it can never see: what the picture shows; whether the recorder keeps it; a fault that looks like the scene; that
a picture stands still behind its clock, where the encoder codes it a little differently each time.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from config.input.models import Duration
from probes.faults import AssetFaultError, OwnFaultError, judged
from probes.net.connection import Deadline
from probes.picture.assessment import METRICS as PICTURE_METRICS
from probes.picture.assessment import REASONS as PICTURE_REASONS
from probes.picture.assessment import PictureOptions, profiles, to_judge_s, too_short, verdict
from probes.picture.decoder import Decoder
from probes.reasons import NO_FRAME, NO_VIDEO, NOT_MEASURABLE, READ_TIMEOUT, STREAM_STOPPED, TOO_MUCH, theirs
from probes.rtsp.h26x import NalUnits
from probes.rtsp.jpeg_payload import JpegFragments
from probes.rtsp.rtp import Assembler
from probes.rtsp.session import STREAM_REASONS, StreamOptions, session, stream_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.text.sentence import Sentence
    from probes.outcome import Outcome
    from probes.rtsp.rtp import Payloads, Unit
    from probes.rtsp.sdp import Track
    from probes.rtsp.session import Session

METRICS = {
    "describe_ms": "until the stream was described, login included",
    "first_frame_ms": "until the first key frame was whole, all before it included",
    "frames": "that came while we watched",
    **PICTURE_METRICS,
}
REASONS = (*STREAM_REASONS, NO_FRAME, STREAM_STOPPED, *PICTURE_REASONS)
_MOST_PACKETS = 50_000
_MOST_BYTES = 15 << 20
_CLOCK_HZ = 90_000
_STOPPED_S = 2.0
"""Without a packet for so long, to the end of the watching, a stream has stopped."""
_PAYLOADS: dict[str, Callable[[Track], Payloads]] = {
    "H264": lambda _: NalUnits(is_265=False),
    "H265": lambda _: NalUnits(is_265=True),
    "JPEG": lambda track: JpegFragments(track.size),
}
"""Encoding → what puts its pictures together."""


class Options(StreamOptions, PictureOptions):
    """Which stream, how long to watch, and what its picture must be like."""

    watch: Duration = 0
    """watch the stream for so long (by its own clock), to tell a frozen picture; 2s or more, `timeout` 3s longer"""

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:
        """What is wrong with the address, or with the time-out beside `watch`; see CheckOptions."""
        return super().misfit(address, timeout_ms) or too_short(timeout_ms, "watch", self.watch)


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
    return await judged(_outcome(url, options, Deadline(timeout_s), decoder))


async def measured(address: str, options: Options, timeout_s: float, decoder: Decoder) -> dict[str, Any]:
    """The measures of a picture, for a baseline (see `Decoder.measured`).

    AssetFaultError: no picture came, or none that can be decoded. OwnFaultError: we could not look. ValueError: the
    address makes no URL.
    """
    return (await _seen(stream_url(address, options.path, options.port), options, Deadline(timeout_s), decoder))[0]


async def _outcome(url: str, options: Options, deadline: Deadline, decoder: Decoder) -> Outcome:
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
        watched = await _watch(opened, track, options, deadline, metrics)
        await opened.end()
    head = b"".join(b"\0\0\0\1" + each for each in track.parameter_sets())
    return await decoder.measured(track.encoding, watched.parts(head), deadline, options.clock_area), metrics


def _video(tracks: list[Track]) -> Track:
    found = [track for track in tracks if track.media == "video"]
    if not found:
        raise AssetFaultError(NO_VIDEO)
    known = [track for track in found if track.encoding in _PAYLOADS]
    if not known:
        raise OwnFaultError(NOT_MEASURABLE, "video as", theirs(found[0].encoding) or "something unknown")
    return known[0]


class Watched:
    """Of a stream's pictures those that are compared: the first is a key, with `clock_area` all are."""

    def __init__(self, options: Options) -> None:
        self.frames = 0
        self.heard_ms = 0.0
        self._watch_ms = options.watch
        self._wants_keys = options.watch > 0 and options.clock_area is not None
        self._units: list[Unit] = []
        self._bytes = 0
        self._lasted_ms = 0

    def take(self, unit: Unit) -> None:
        """The next picture. What is the same to the last bit as the first takes no room."""
        if not (self._units or unit.is_key):
            return
        self.frames += 1
        first = self._units[0] if self._units else unit
        lasted = (unit.at - first.at) % (1 << 32)
        if lasted < 1 << 31:  # else it is shown before the first: pictures come in the order of decoding
            self._lasted_ms = lasted * 1000 // _CLOCK_HZ
        if unit.data == first.data:
            self._units.append(first)
        elif unit.is_key or not self._wants_keys:
            self._units.append(unit)
            self._bytes += len(unit.data)

    @property
    def has_begun(self) -> bool:
        """Whether there is a picture."""
        return bool(self._units)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for more."""
        return self._bytes > _MOST_BYTES

    @property
    def is_enough(self) -> bool:
        """Whether a frozen picture can be told."""
        return self.has_begun and self._lasted_ms >= self._watch_ms and (not self._wants_keys or len(self._units) > 1)

    def parts(self, head: bytes) -> list[bytes]:
        """What to decode, `head` before all: one picture where a frozen one cannot be told."""
        units = self._units if self.is_enough else self._units[:1]
        return [head + units[0].data, *(each.data for each in units[1:])]


async def _watch(
    opened: Session, track: Track, options: Options, deadline: Deadline, metrics: dict[str, float]
) -> Watched:
    """The first key frame, and what follows it as long as is asked for and there is time."""
    watched, assembler = Watched(options), Assembler(_PAYLOADS[track.encoding](track))
    if not await _until(lambda: watched.has_begun, opened, assembler, watched, deadline):
        raise AssetFaultError(TOO_MUCH, "packets without a picture")
    metrics["first_frame_ms"] = deadline.elapsed_ms()
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, deadline.left_s() - to_judge_s(deadline))):
            await _until(lambda: watched.is_enough or watched.is_full, opened, assembler, watched, deadline)
    metrics["frames"] = float(watched.frames)
    silent_s = (deadline.elapsed_ms() - watched.heard_ms) / 1000
    if not watched.is_enough and silent_s >= _STOPPED_S:
        raise AssetFaultError(STREAM_STOPPED, f"nothing for {silent_s:.1f} s", **metrics)
    return watched


async def _until(
    is_over: Callable[[], bool], opened: Session, assembler: Assembler, watched: Watched, deadline: Deadline
) -> bool:
    """Whether it was over within as many packets as we take."""
    for _ in range(_MOST_PACKETS):
        if is_over():
            return True
        unit = await _next(opened, assembler)
        watched.heard_ms = deadline.elapsed_ms()
        if unit is not None:
            watched.take(unit)
    return is_over()


async def _next(opened: Session, assembler: Assembler) -> Unit | None:
    try:
        return assembler.unit(await opened.packet())
    except AssetFaultError as fault:
        if fault.why.phrase == READ_TIMEOUT:
            raise AssetFaultError(NO_FRAME) from None
        raise
