"""What an RTSP server says of its streams."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.faults import AssetFaultError
from probes.rtsp.sdp import MOST_LINES, Track, tracks

BASE = "rtsp://192.0.2.1/live"


def described(*lines: str, base: str = BASE) -> list[Track]:
    return tracks("\r\n".join(("v=0", *lines)).encode(), base)


def test_the_streams_come_in_their_order_with_what_is_said_of_each():
    video, audio = described(
        "s=camera",
        "m=video 0 RTP/AVP 96",
        "a=rtpmap:96 h264/90000",
        "a=control:trackID=1",
        "a=framesize:96 2560-1440",
        "a=fmtp:96 packetization-mode=1; Sprop-Parameter-Sets=Z0I=,aM4= ;x",
        "m=audio 0 RTP/AVP 8",
        "a=control:trackID=2",
    )
    assert (video.media, video.payload_type, video.encoding, video.size) == ("video", 96, "H264", (2560, 1440))
    assert video.control == f"{BASE}/trackID=1"
    assert video.parameters == {"packetization-mode": "1", "sprop-parameter-sets": "Z0I=,aM4=", "x": ""}
    assert (audio.media, audio.encoding, audio.control) == ("audio", "", f"{BASE}/trackID=2")


@pytest.mark.parametrize(
    ("control", "url"),
    [
        ("trackID=1", f"{BASE}/trackID=1"),
        ("/other/1", "rtsp://192.0.2.1/other/1"),
        ("rtsp://192.0.2.9/x", "rtsp://192.0.2.9/x"),
        ("RTSPS://192.0.2.9/x", "RTSPS://192.0.2.9/x"),
        ("*", BASE),
        ("?ctype=video", f"{BASE}/?ctype=video"),
    ],
)
def test_a_control_is_joined_to_the_base_as_cameras_mean_it(control, url):
    (track,) = described("m=video 0 RTP/AVP 96", f"a=control:{control}")
    assert track.control == url


def test_a_base_that_ends_in_a_slash_is_not_given_another():
    (track,) = described("m=video 0 RTP/AVP 96", "a=control:1", base=f"{BASE}/")
    assert track.control == f"{BASE}/1"


def test_a_control_of_the_whole_session_is_the_base_of_what_follows_and_of_streams_without_one():
    first, second = described("a=control:/session", "m=video 0 RTP/AVP 96", "m=audio 0 RTP/AVP 0", "a=control:2")
    assert (first.control, second.control) == ("rtsp://192.0.2.1/session", "rtsp://192.0.2.1/session/2")


@pytest.mark.parametrize(("kind", "encoding"), [(26, "JPEG"), (33, "MP2T"), (0, ""), (96, "")])
def test_some_payload_types_need_no_name(kind, encoding):
    (track,) = described(f"m=video 0 RTP/AVP {kind}")
    assert track.encoding == encoding


def test_a_name_for_another_payload_type_is_not_this_stream_s():
    (track,) = described("m=video 0 RTP/AVP 96", "a=rtpmap:97 H265/90000")
    assert track.encoding == ""


@pytest.mark.parametrize("line", ["a=x-dimensions:704,576", "a=framesize:96 704-576", "a=framesize:704-576"])
def test_sizes_are_read_as_cameras_write_them(line):
    (track,) = described("m=video 0 RTP/AVP 96", line)
    assert track.size == (704, 576)


def test_parameter_sets_come_in_the_order_that_a_decoder_needs_and_nonsense_is_left_out():
    vps, sps, pps = (base64.b64encode(each).decode() for each in (b"v", b"s", b"p"))
    (track,) = described(
        "m=video 0 RTP/AVP 96", f"a=fmtp:96 sprop-pps={pps};sprop-vps={vps};sprop-sps={sps},no base64!,"
    )
    assert track.parameter_sets() == [b"v", b"s", b"p"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "answer not understood: no SDP"),
        (b"<html>", "answer not understood: no SDP"),
        (b"v=1\r\n", "answer not understood: no SDP"),
        (b"v=0\r\n" * (MOST_LINES + 1), "answer too large: lines of SDP"),
    ],
)
def test_what_is_no_sdp_is_the_server_s_fault(body, reason):
    with pytest.raises(AssetFaultError) as fault:
        tracks(body, BASE)
    assert fault.value.reason == reason


def test_a_description_without_streams_has_none():
    assert described("s=nothing", "a=rtpmap:96 H264/90000", "m=video", "m= 0 RTP/AVP 96") == []


@given(st.lists(st.text(max_size=60), max_size=30))
def test_whatever_lines_follow_streams_are_read_or_left_out(lines):
    for track in described("m=video 0 RTP/AVP 96", *lines):
        assert all(track.parameter_sets())
