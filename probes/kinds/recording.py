"""Whether a recorder (NVR) has this camera's recording: that it goes on, how far back it reaches, and with what gaps.

Asked through ONVIF profile G: its search service tells each recording's source, oldest and newest picture, and when
data came and went. All times are beside the recorder's own clock; one without a zone is read as UTC.
`ok`: the recording is there and holds what is asked for. `fail`: not reached, no such recording, nothing in it; a
newest picture too old (`max_age`), an oldest too new (`min_kept`), too little of the window (`min_complete`).
`none`: no search service, several recordings that may be meant, a login wanted or refused (see `login_refused`); with
`min_complete`, a recorder that does not tell when data came and went. Of the address that it tells for its search
service the path is used (and the port, where host and scheme are those that we asked); no other host is spoken to.
What it can never see: whether the recorded pictures show anything, or can be played back; a recorder whose clock is
wrong (watch it with `onvif`); that nothing comes in where it says `Recording` and tells no newest picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints, model_validator

from config.input.models import Duration, Share, Word, wanted
from probes.faults import AssetFaultError, OwnFaultError, judged
from probes.net.connection import Deadline
from probes.onvif.device import DEVICE_REASONS, DeviceOptions, OnvifDevice
from probes.onvif.recordings import Recording, change_of, gaps, names_of, recording_of
from probes.onvif.search import MOST_EVENTS, MOST_RECORDINGS, search_of
from probes.onvif.soap import SoapFaultError
from probes.outcome import Outcome, fail, ok
from probes.reasons import (
    KEPT_SHORT,
    NO_HISTORY,
    NO_RECORDING,
    NOT_UNDERSTOOD,
    RECORDING_GAPS,
    RECORDING_STOPPED,
    RECORDING_UNCLEAR,
    because,
    theirs,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.text.reasons import Reason
    from probes.onvif.recordings import TrackChange
    from probes.onvif.search import Search
    from probes.onvif.xml_tree import Element

METRICS = {
    "rtt_ms": "until the recorder told the time of day",
    "kept_s": "from the oldest picture until now",
    "age_s": "of the newest picture; not told by some recorders while they record",
    "complete_ratio": "share of the window of which there are pictures, 0 to 1 (only with a window)",
    "gaps": "in that window",
    "longest_gap_s": "the longest of them",
}
REASONS = (*DEVICE_REASONS, NO_RECORDING, RECORDING_STOPPED, KEPT_SHORT, RECORDING_GAPS)
_GONE = ("Removing", "Removed")
_BEHIND_MS = 300_000  # recorders write in blocks; what they hold back is no gap
_YEAR_MS = 366 * 86_400_000
_HOUR_S = 3_600


class Options(DeviceOptions):
    """Which recording, and what must be in it."""

    token: Annotated[str, StringConstraints(pattern=r"\A[^\x00-\x20\x7f]{1,64}\z")] | None = None
    """the recording's token"""
    source: Word | None = None
    """without a token: name, id, description, location or address (or its host) that the recorder gives the camera"""
    max_age: Duration | None = None
    """a newest picture older than this fails"""
    min_kept: Duration | None = None
    """an oldest picture newer than this fails; recorders erase by the file, so ask for hours less than promised"""
    window: Annotated[Duration, Field(gt=0, le=_YEAR_MS)] | None = None
    """how far back completeness is measured, up to now and at most `366d`"""
    min_complete: Share | None = None
    """a smaller share of the window with pictures fails; needs a window"""

    @model_validator(mode="after")
    def _share_of_something(self) -> Options:
        if self.min_complete is not None and self.window is None:
            raise wanted('a window, like "24h", of which min_complete is a share')
        return self


async def probe(address: str, options: Options, *, timeout_s: float) -> Outcome:
    """Ask once. ValueError: the address makes no URL. OSError: our own network or limits."""
    return await judged(_outcome(address, options, Deadline(timeout_s)))


async def _outcome(address: str, options: Options, deadline: Deadline) -> Outcome:
    device = OnvifDevice(address, options, deadline)
    await device.clock_s()
    rtt_ms = deadline.elapsed_ms()
    search = await search_of(device)
    seen = recording_of(await _wanted(search, options))
    now_ms = device.now_ms()
    metrics = {"rtt_ms": rtt_ms, **reach(seen, now_ms)}
    wrong = shortfall(seen, metrics, options)
    if wrong or options.window is None:
        return fail(wrong, **metrics) if wrong else ok(**metrics)
    try:
        changes = await _history(search, seen, now_ms - options.window, now_ms)
    except OwnFaultError:
        if options.min_complete is not None:
            raise
        return ok(**metrics)
    return completeness(changes, seen, now_ms, metrics, options)


async def _wanted(search: Search, options: Options) -> Element:
    if options.token is not None:
        found = await search.recording(options.token)
        if found is None:
            raise AssetFaultError(NO_RECORDING, options.token)
        return found
    return the_one(await search.recordings(), options.source)


def the_one(found: Sequence[Element], source: str | None) -> Element:
    """The recording of that source, or the only one. AssetFaultError: there is none. OwnFaultError: more than one."""
    there = [each for each in found if each.text_at("RecordingStatus") not in _GONE]
    matching = there if source is None else [each for each in there if source.lower() in names_of(each)]
    if len(matching) > 1 or len(found) >= MOST_RECORDINGS:
        number = f"{MOST_RECORDINGS} or more" if len(found) >= MOST_RECORDINGS else len(matching)
        mend = "set token" if source else "set token or source"
        raise OwnFaultError(RECORDING_UNCLEAR, f"{number} recordings; {mend}")
    if not matching:
        raise AssetFaultError(NO_RECORDING, source or "")
    return matching[0]


async def _history(search: Search, seen: Recording, begin_ms: int, end_ms: int) -> list[TrackChange]:
    """When pictures came and went. OwnFaultError: the recorder does not say."""
    if begin_ms < 0:
        raise AssetFaultError(NOT_UNDERSTOOD, "the time of day")
    try:
        events = await search.track_events(seen.token, begin_ms, end_ms, lambda each: change_of(each, seen))
    except SoapFaultError as fault:
        raise OwnFaultError(NO_HISTORY, fault.why) from None
    found = [each for each in events if each is not None]
    if len(events) >= MOST_EVENTS or not found:
        raise OwnFaultError(NO_HISTORY, f"{MOST_EVENTS} changes or more; take a shorter window" if found else "")
    return found


def reach(seen: Recording, now_ms: int) -> dict[str, float]:
    """How far back the recording reaches, and how old its newest picture is, as far as the recorder says."""
    told = {"kept_s": seen.earliest_ms, "age_s": seen.latest_ms}
    return {name: max(0, now_ms - at_ms) / 1000 for name, at_ms in told.items() if at_ms is not None}


def shortfall(seen: Recording, metrics: dict[str, float], options: Options) -> Reason | None:
    """Why the recording is not what was asked for, completeness aside; None if it is."""
    age_s = metrics.get("age_s")
    if options.max_age is not None:
        if age_s is None and seen.status != "Recording":
            return because(RECORDING_STOPPED, theirs(seen.status))
        if age_s is not None and age_s * 1000 > options.max_age:
            return because(RECORDING_STOPPED, f"{age_s / _HOUR_S:.1f} h")
    if options.min_kept is not None:
        if "kept_s" not in metrics:
            raise AssetFaultError(NOT_UNDERSTOOD, "no oldest picture")
        if metrics["kept_s"] * 1000 < options.min_kept:
            return because(KEPT_SHORT, f"{metrics['kept_s'] / _HOUR_S / 24:.1f} d")
    return None


def completeness(
    changes: Sequence[TrackChange], seen: Recording, now_ms: int, metrics: dict[str, float], options: Options
) -> Outcome:
    """The outcome of a recording that is in order but for its gaps, with these."""
    window = options.window or 0
    behind = _BEHIND_MS if options.max_age is None else options.max_age
    missing = gaps(changes, seen, now_ms - window, now_ms, behind_ms=behind)
    there = window - sum(missing)
    metrics |= {"complete_ratio": there / window, "gaps": float(len(missing))}
    metrics["longest_gap_s"] = max(missing, default=0) / 1000
    if options.min_complete is not None and there < options.min_complete * window:
        return fail(because(RECORDING_GAPS, f"{metrics['complete_ratio']:.2%}"), **metrics)
    return ok(**metrics)
