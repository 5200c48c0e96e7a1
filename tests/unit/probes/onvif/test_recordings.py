"""What is missing of a recording: timelines by the minute, each event as it is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.faults import AssetFaultError
from probes.onvif.recordings import Recording, TrackChange, change_of, gaps, names_of, recording_of
from probes.onvif.xml_tree import tree

MIN = 60_000
DAY_END = 1_000 * MIN


def recording(**given: object) -> Recording:
    told = {"token": "R", "status": "Recording", "tracks": frozenset({"V"}), "earliest_ms": None, "latest_ms": None}
    return Recording(**told | given)


def events(text: str) -> list[TrackChange]:
    """`=on`: the state at the start; `12on`, `15off`: after so many minutes; a track behind a colon."""
    found = []
    for each in text.split():
        what, _, track = each.partition(":")
        minute = what.strip("=onf")
        found.append(TrackChange(track or "V", int(minute or 0) * MIN, what[0] == "=", what.endswith("on")))
    return found


def missing(text: str, *, minutes: int = 100, behind: int = 5, **given: object) -> list[float]:
    found = gaps(events(text), recording(**given), 0, minutes * MIN, behind_ms=behind * MIN)
    return [each / MIN for each in found]


@pytest.mark.parametrize(
    ("told", "lengths"),
    [
        ("=on", []),
        ("=off", [100]),
        ("=off 30on", [30]),
        ("=on 30off", [70]),
        ("=on 30off 40on", [10]),
        ("=on 30off 40on 60off 80on", [10, 20]),
        ("=on 30off 30on", []),  # a new file at once
        ("=on 40on 30off", [10]),  # in any order
        ("=on 10on 20on 30off 40on", [10]),  # told twice
        ("=on 30off 35off 40on", [10]),
        ("=1on 30off 40on", [10]),  # a state at the start whose time is rounded up
        ("30off 40on", [10]),  # without a start state: it was there before it went
        ("30on", [30]),
        ("=on 30off 40on 100off", [10]),
        ("=off 99on", [99]),
        ("=on:A 30off:A =off:B 20on:B", []),  # two video tracks: a picture of either is a picture
        ("=on:A 30off:A =off:B 50on:B", [20]),
    ],
)
def test_gaps_are_what_no_track_has(told, lengths):
    assert missing(told) == lengths


def test_nothing_is_there_before_the_oldest_picture():
    assert missing("=on", earliest_ms=40 * MIN) == [40]
    assert missing("=on 30off 50on", earliest_ms=40 * MIN) == [50]


def test_a_newest_picture_just_before_the_end_is_a_block_not_yet_written():
    assert missing("=on", latest_ms=96 * MIN) == []
    assert missing("=on", latest_ms=94 * MIN) == [6]  # more than 5 min: since then nothing came


def test_a_window_without_anything_is_one_gap():
    assert missing("=on", earliest_ms=200 * MIN) == [100]
    assert missing("=on", latest_ms=-MIN) == [100]


times = st.integers(-20, 120).map(lambda minute: minute * MIN)
changes = st.lists(st.builds(TrackChange, st.sampled_from("AB"), times, st.just(False), st.booleans()), max_size=12)


@given(changes, st.none() | times, st.none() | times)
def test_gaps_never_overlap_nor_exceed_the_window(told, earliest_ms, latest_ms):
    found = gaps(told, recording(earliest_ms=earliest_ms, latest_ms=latest_ms), 0, 100 * MIN, behind_ms=0)
    assert all(each > 0 for each in found)
    assert sum(found) <= 100 * MIN


@given(changes, st.randoms())
def test_the_order_of_events_is_of_no_matter(told, random):
    told = list({(each.track, each.at_ms): each for each in told}.values())
    mixed = random.sample(told, len(told))
    assert gaps(told, recording(), 0, 100 * MIN, behind_ms=0) == gaps(mixed, recording(), 0, 100 * MIN, behind_ms=0)


# As a recorder tells it


def information(inside: str):
    return tree(f"<i>{inside}</i>".encode()).children[0]


def track(kind: str, since: str, until: str) -> str:
    return f"<Track><TrackToken>{kind}1</TrackToken><TrackType>{kind}</TrackType><DataFrom>{since}</DataFrom><DataTo>{until}</DataTo></Track>"


A, B, C, D = (f"1970-01-01T00:0{minute}:00Z" for minute in range(4))
WHOLE = f"<EarliestRecording>{A}</EarliestRecording><LatestRecording>{D}</LatestRecording>"


def test_the_times_are_those_of_the_pictures():
    found = recording_of(information(WHOLE + track("Audio", A, D) + track("Video", B, C)))
    assert (found.earliest_ms, found.latest_ms, found.tracks) == (MIN, 2 * MIN, {"Video1"})


def test_without_tracks_they_are_those_of_the_whole():
    found = recording_of(information(WHOLE))
    assert (found.earliest_ms, found.latest_ms) == (0, 3 * MIN)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("", "no recording found: nothing in it"),
        (f"<EarliestRecording>{A}</EarliestRecording><LatestRecording>{A}</LatestRecording>", "no recording found"),
        (WHOLE + track("Audio", A, D), "no recording found: no video in it"),
        (WHOLE + track("Video", "soon", D), "answer not understood: the time: soon"),
    ],
)
def test_a_recording_without_pictures_or_times_is_none(inside, reason):
    with pytest.raises(AssetFaultError) as fault:
        recording_of(information(inside))
    assert fault.value.reason.startswith(reason)


def test_a_source_is_called_by_all_its_names_and_the_host_of_its_address():
    source = "<Source><SourceId>urn:1</SourceId><Name>Cam 1</Name><Location/><Address>http://10.1.1.1:80/x</Address></Source>"
    assert names_of(information(source)) == {"urn:1", "cam 1", "http://10.1.1.1:80/x", "10.1.1.1"}
    assert names_of(information("")) == frozenset()
    assert names_of(information("<Source><Address>http://[</Address></Source>")) == {"http://["}


def event(**given: str) -> str:
    told = {"recording": "R", "track": "V", "name": "IsDataPresent", "value": "true", "state": "false"} | given
    items = f'<SimpleItem Name="Track" Value="{told["track"]}"/><SimpleItem Name="{told["name"]}" Value="{told["value"]}"/>'
    return f"<Result><RecordingToken>{told['recording']}</RecordingToken><TrackToken>{given.get('element', told['track'])}</TrackToken><Time>{B}</Time><Event>{items}</Event><StartStateEvent>{told['state']}</StartStateEvent></Result>"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({}, TrackChange("V", MIN, False, True)),
        ({"value": "0", "state": "1"}, TrackChange("V", MIN, True, False)),
        ({"element": ""}, TrackChange("V", MIN, False, True)),  # the track only among the items
        ({"recording": ""}, TrackChange("V", MIN, False, True)),
        ({"recording": "S"}, None),
        ({"track": "A"}, None),
        ({"name": "IsRecording"}, None),
        ({"value": "maybe"}, None),
    ],
)
def test_only_data_that_comes_or_goes_on_the_tracks_asked_for_counts(told, found):
    assert change_of(tree(event(**told).encode()).children[0], recording()) == found
