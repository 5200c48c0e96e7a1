"""What a recorder says of a recording (onvif.xsd: RecordingInformation, FindEventResult), and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from probes.faults import AssetFaultError
from probes.onvif.xml_instants import instant_ms
from probes.reasons import NO_RECORDING, NOT_UNDERSTOOD, theirs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from probes.onvif.xml_tree import Element

_TRUE, _FALSE = ("true", "1"), ("false", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording: its video tracks, and their oldest and newest picture as far as told (ms since 1970)."""

    token: str
    status: str
    tracks: frozenset[str]
    earliest_ms: int | None
    latest_ms: int | None


class TrackChange(NamedTuple):
    """Data came (`present`) or went on a track. `state`: nothing happened, so it was when the window began."""

    track: str
    at_ms: int
    state: bool
    present: bool


def names_of(said: Element) -> frozenset[str]:
    """All by which a recording's source can be called, in lower case."""
    source = said.first("Source")
    if source is None:
        return frozenset()
    names = {source.text_at(key) for key in ("SourceId", "Name", "Location", "Description", "Address")}
    return frozenset(name.lower() for name in (*names, _host(source.text_at("Address"))) if name)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def recording_of(said: Element) -> Recording:
    """A recording as a RecordingInformation has it.

    The times are those of the video tracks, and of the whole recording where tracks are not told: sound or metadata
    may go on without pictures. AssetFaultError: nothing is in it, no video is, or its times are none.
    """
    every = list(said.every("Track"))
    video = [each for each in every if each.text_at("TrackType") == "Video"]
    if every and not video:
        raise AssetFaultError(NO_RECORDING, "no video in it")
    earliest = [*_times(video, "DataFrom")] or [*_times([said], "EarliestRecording")]
    latest = [*_times(video, "DataTo")] or [*_times([said], "LatestRecording")]
    if (not earliest and not latest) or (earliest and latest and max(latest) <= min(earliest)):
        raise AssetFaultError(NO_RECORDING, "nothing in it")
    return Recording(
        token=said.text_at("RecordingToken"),
        status=said.text_at("RecordingStatus"),
        tracks=frozenset(each.text_at("TrackToken") for each in video),
        earliest_ms=min(earliest, default=None),
        latest_ms=max(latest, default=None),
    )


def _times(elements: Iterable[Element], name: str) -> Iterator[int]:
    for each in elements:
        if text := each.text_at(name):
            yield _instant(text)


def _instant(text: str) -> int:
    try:
        return instant_ms(text)
    except ValueError:
        raise AssetFaultError(NOT_UNDERSTOOD, "the time", theirs(text)) from None


def change_of(event: Element, seen: Recording) -> TrackChange | None:
    """What a result of an event search says of the video tracks of a recording.

    None: it is of a track, a recording or a topic that was not asked for, which some recorders tell all the same.
    """
    items = {each.attributes.get("Name", ""): each.attributes.get("Value", "") for each in event.every("SimpleItem")}
    present = items.get("IsDataPresent", "").strip().lower()
    recording = event.text_at("RecordingToken") or items.get("RecordingToken", "")
    track = event.text_at("TrackToken") or items.get("Track", "")
    if present not in (*_TRUE, *_FALSE) or recording not in ("", seen.token):
        return None
    if seen.tracks and track not in ("", *seen.tracks):
        return None
    is_state = event.text_at("StartStateEvent") in _TRUE
    return TrackChange(track, _instant(event.text_at("Time")), is_state, present in _TRUE)


def gaps(changes: Sequence[TrackChange], seen: Recording, begin_ms: int, end_ms: int, *, behind_ms: int) -> list[int]:
    """The lengths of all stretches between the two instants for which no video track has data, in milliseconds.

    Nothing is there before the oldest picture, nor after the newest one where that is more than `behind_ms` ago.
    """
    first_ms = begin_ms if seen.earliest_ms is None else max(begin_ms, seen.earliest_ms)
    is_behind = seen.latest_ms is not None and end_ms - seen.latest_ms > behind_ms
    last_ms = seen.latest_ms if is_behind and seen.latest_ms is not None else end_ms
    reached_ms, found = begin_ms, []
    for since_ms, until_ms in sorted(_stretches(changes, first_ms, last_ms)):
        if since_ms > reached_ms:
            found.append(since_ms - reached_ms)
        reached_ms = max(reached_ms, until_ms)
    return [*found, end_ms - reached_ms] if reached_ms < end_ms else found


def _stretches(changes: Sequence[TrackChange], first_ms: int, last_ms: int) -> Iterator[tuple[int, int]]:
    """From when until when each track has data, between these instants.

    A track that first loses its data had it before; one that first gets it had none (a property changes or stays).
    """
    for _, of_track in groupby(sorted(changes, key=_order), key=lambda each: each.track):
        since_ms: int | None = None
        for index, each in enumerate(of_track):
            at_ms = first_ms if each.state and not index else each.at_ms
            if index == 0 and not each.present:
                since_ms = first_ms
            if each.present and since_ms is None:
                since_ms = at_ms
            elif not each.present and since_ms is not None:
                yield from _within(since_ms, at_ms, first_ms, last_ms)
                since_ms = None
        if since_ms is not None:
            yield from _within(since_ms, last_ms, first_ms, last_ms)


def _order(change: TrackChange) -> tuple[str, int, bool]:
    return change.track, change.at_ms, not change.state


def _within(since_ms: int, until_ms: int, first_ms: int, last_ms: int) -> Iterator[tuple[int, int]]:
    since_ms, until_ms = max(since_ms, first_ms), min(until_ms, last_ms)
    if since_ms < until_ms:
        yield since_ms, until_ms
